//! Where everything is drawn. Tables stand in layers, from left to right, each right of those it refers to; a foreign key
//! that skips a layer keeps a lane free in it, so that no line runs through a table. Tables without any stand below, in rows.
//!
//! The same graph has the same layout, always: every choice is by position or name.

use super::graph::{Edge, Graph};

/// The height of a column's row, and of a table's name.
pub(super) const ROW: f64 = 20.0;
pub(super) const HEAD: f64 = 28.0;
/// The width of a character, in the font of names and types.
pub(super) const CHARACTER: f64 = 7.25;
/// What marks take, left of a name.
pub(super) const MARKS: f64 = 56.0;
/// Around everything, and the room for the title.
const MARGIN: f64 = 28.0;
const TITLE: f64 = 34.0;
/// Between two tables of a layer, and beside a lane.
const GAP: f64 = 26.0;
const LANE: f64 = 14.0;
/// Between two layers, at least.
const CHANNEL: f64 = 70.0;
/// How often layers are put in order.
const ROUNDS: usize = 12;

/// All places.
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Of each table of the graph.
    pub(super) tables: Vec<Rect>,
    /// Of each edge of the graph.
    pub(super) edges: Vec<Path>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A line: points to go through, each pair of them a curve or, across a layer, straight.
pub(super) struct Path {
    pub(super) points: Vec<(f64, f64)>,
    /// Whether the table that is referred to lies to the right.
    pub(super) ends_right: bool,
    /// Whether it comes back to its own table.
    pub(super) is_loop: bool,
}

/// What stands in a layer: a table, or the lane of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Table(usize),
    Lane(usize),
}

pub(super) fn layout(graph: &Graph) -> Layout {
    let sizes: Vec<Rect> = graph.tables.iter().map(size).collect();
    let connected = |at: usize| graph.edges.iter().any(|edge| edge.from.0 == at || edge.to.0 == at);
    let (in_layers, alone): (Vec<usize>, Vec<usize>) = (0..sizes.len()).partition(|at| connected(*at));
    let layer_of = layers(graph, &in_layers, &sizes);
    let mut plan = Plan::new(graph, &sizes, &in_layers, layer_of);
    plan.order();
    plan.align();
    plan.finish(&alone)
}

fn size(table: &super::graph::Box) -> Rect {
    let count = |text: &str| text.chars().map(|c| if c.is_ascii() { 1.0 } else { 1.4 }).sum::<f64>();
    let widest = table.rows.iter().map(|row| count(&row.name) + count(&row.data_type) + 3.0).fold(0.0, f64::max);
    let width = (MARKS + widest * CHARACTER + 12.0).max(count(&table.name) * CHARACTER * 1.09 + 40.0).max(120.0);
    Rect { x: 0.0, y: 0.0, width: width.ceil(), height: HEAD + ROW * table.rows.len() as f64 + 6.0 }
}

/// The layer of each table: behind all that it refers to, but for what would close a circle; and no layer much higher than the
/// drawing is wide.
fn layers(graph: &Graph, tables: &[usize], sizes: &[Rect]) -> Vec<usize> {
    let count = graph.tables.len();
    let mut parents: Vec<Vec<usize>> = vec![Vec::new(); count];
    for Edge { from, to, .. } in graph.edges.iter().filter(|edge| edge.from.0 != edge.to.0) {
        if let Some(parents) = parents.get_mut(from.0).filter(|parents| !parents.contains(&to.0)) {
            parents.push(to.0);
        }
    }
    // Those with nothing left to wait for, by name; in a circle, the one that most others refer to.
    let mut children = vec![0usize; count];
    parents.iter().flatten().for_each(|parent| bump(&mut children, *parent));
    let area: f64 = tables.iter().filter_map(|at| sizes.get(*at)).map(|r| (r.width + CHANNEL) * (r.height + GAP)).sum();
    let tallest = tables.iter().filter_map(|at| sizes.get(*at)).map(|rect| rect.height).fold(0.0, f64::max);
    let limit = (area / 1.7).sqrt().max(tallest);
    let mut layer_of: Vec<Option<usize>> = vec![None; count];
    let mut heights: Vec<f64> = Vec::new();
    let mut left: Vec<usize> = tables.to_vec();
    while !left.is_empty() {
        let is_done = |at: &usize| layer_of.get(*at).copied().flatten().is_some();
        let waits = |at: &usize| parents.get(*at).is_some_and(|parents| !parents.iter().all(is_done));
        let most = |at: &&usize| (children.get(**at).copied(), std::cmp::Reverse(**at));
        let ready = left.iter().find(|at| !waits(at)).or_else(|| left.iter().max_by_key(most)).copied();
        let Some(next) = ready else { break };
        left.retain(|at| *at != next);
        let behind =
            parents.get(next).into_iter().flatten().filter_map(|parent| layer_of.get(*parent).copied().flatten());
        let mut layer = behind.map(|layer| layer + 1).max().unwrap_or(0);
        let height = sizes.get(next).map_or(0.0, |rect| rect.height + GAP);
        while heights.get(layer).is_some_and(|used| *used > 0.0 && used + height > limit) {
            layer += 1;
        }
        while heights.len() <= layer {
            heights.push(0.0);
        }
        if let Some(used) = heights.get_mut(layer) {
            *used += height;
        }
        if let Some(place) = layer_of.get_mut(next) {
            *place = Some(layer);
        }
    }
    layer_of.into_iter().map(Option::unwrap_or_default).collect()
}

fn bump(counts: &mut [usize], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

struct Plan<'a> {
    graph: &'a Graph,
    sizes: &'a [Rect],
    layer_of: Vec<usize>,
    layers: Vec<Vec<Slot>>,
    /// Where each slot begins, from the top, as `layers`.
    tops: Vec<Vec<f64>>,
}

impl<'a> Plan<'a> {
    fn new(graph: &'a Graph, sizes: &'a [Rect], tables: &[usize], layer_of: Vec<usize>) -> Plan<'a> {
        let layer = |at: usize| layer_of.get(at).copied().unwrap_or_default();
        let count = tables.iter().map(|at| layer(*at) + 1).max().unwrap_or(0);
        let mut layers: Vec<Vec<Slot>> = vec![Vec::new(); count];
        for at in tables {
            if let Some(slots) = layers.get_mut(layer(*at)) {
                slots.push(Slot::Table(*at));
            }
        }
        for (at, edge) in graph.edges.iter().enumerate() {
            let (one, other) = (layer(edge.from.0), layer(edge.to.0));
            for between in one.min(other) + 1..one.max(other) {
                if let Some(slots) = layers.get_mut(between) {
                    slots.push(Slot::Lane(at));
                }
            }
        }
        let tops = layers.iter().map(|slots| vec![0.0; slots.len()]).collect();
        let mut plan = Plan { graph, sizes, layer_of, layers, tops };
        plan.stack();
        plan
    }

    fn layer(&self, table: usize) -> usize {
        self.layer_of.get(table).copied().unwrap_or_default()
    }

    fn height(&self, slot: Slot) -> f64 {
        match slot {
            Slot::Table(at) => self.sizes.get(at).map_or(0.0, |rect| rect.height),
            Slot::Lane(_) => LANE,
        }
    }

    /// The room between two neighbours of a layer.
    fn gap(one: Slot, other: Slot) -> f64 {
        match (one, other) {
            (Slot::Lane(_), Slot::Lane(_)) => 0.0,
            (Slot::Table(_), Slot::Table(_)) => GAP,
            _ => GAP / 2.0,
        }
    }

    /// Puts the slots of each layer below each other, from the top.
    fn stack(&mut self) {
        for layer in 0..self.layers.len() {
            let slots = self.layers.get(layer).cloned().unwrap_or_default();
            let mut tops = Vec::with_capacity(slots.len());
            let mut y = 0.0;
            for (at, slot) in slots.iter().enumerate() {
                y += at.checked_sub(1).and_then(|last| slots.get(last)).map_or(0.0, |last| Plan::gap(*last, *slot));
                tops.push(y);
                y += self.height(*slot);
            }
            if let Some(place) = self.tops.get_mut(layer) {
                *place = tops;
            }
        }
    }

    /// Where a slot is in a layer.
    fn position(&self, layer: usize, slot: Slot) -> Option<usize> {
        self.layers.get(layer)?.iter().position(|known| *known == slot)
    }

    fn top(&self, layer: usize, slot: Slot) -> f64 {
        let at = self.position(layer, slot);
        at.and_then(|at| self.tops.get(layer)?.get(at)).copied().unwrap_or_default()
    }

    /// The height at which an edge passes a layer, in which it ends or has a lane.
    fn passes(&self, edge: usize, layer: usize) -> Option<f64> {
        let of = self.graph.edges.get(edge)?;
        let row = |(table, row): (usize, usize)| {
            (self.layer(table) == layer).then(|| self.top(layer, Slot::Table(table)) + HEAD + ROW * (row as f64 + 0.5))
        };
        let lane = || self.position(layer, Slot::Lane(edge)).map(|_| self.top(layer, Slot::Lane(edge)) + LANE / 2.0);
        row(of.from).or_else(|| row(of.to)).or_else(lane)
    }

    /// Where the neighbours of a slot in another layer would have its top.
    fn wanted(&self, layer: usize, slot: Slot, other: usize) -> Option<f64> {
        let top = self.top(layer, slot);
        let mut wishes: Vec<f64> = Vec::new();
        for (at, edge) in self.graph.edges.iter().enumerate() {
            let is_its = match slot {
                Slot::Lane(lane) => lane == at,
                Slot::Table(table) => (edge.from.0 == table) != (edge.to.0 == table),
            };
            if !is_its {
                continue;
            }
            if let Some((here, there)) = self.passes(at, layer).zip(self.passes(at, other)) {
                wishes.push(there - (here - top));
            }
        }
        wishes.sort_by(f64::total_cmp);
        let middle = wishes.len().checked_sub(1)? / 2;
        // Of an even number, between the two in the middle.
        let (one, other) = (wishes.get(middle)?, wishes.get(wishes.len() / 2)?);
        Some(f64::midpoint(*one, *other))
    }

    /// Orders each layer by where its neighbours are, forwards and back, some times; keeps what has the least crossings.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..ROUNDS {
            let count = self.layers.len();
            for step in 1..count {
                let (layer, other) = match round % 2 {
                    0 => (step, step - 1),
                    _ => (count - 1 - step, count - step),
                };
                let Some(slots) = self.layers.get(layer) else { continue };
                let mut wishes: Vec<(f64, usize, Slot)> = slots
                    .iter()
                    .enumerate()
                    .map(|(at, slot)| {
                        let top = self.wanted(layer, *slot, other).unwrap_or_else(|| self.top(layer, *slot));
                        (top + self.height(*slot) / 2.0, at, *slot)
                    })
                    .collect();
                wishes.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
                if let Some(slots) = self.layers.get_mut(layer) {
                    *slots = wishes.into_iter().map(|(_, _, slot)| slot).collect();
                }
                self.stack();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
        self.stack();
    }

    /// How many pairs of lines cross.
    fn crossings(&self) -> usize {
        let mut count = 0;
        for layer in 1..self.layers.len() {
            let lines: Vec<(f64, f64)> = (0..self.graph.edges.len())
                .filter_map(|edge| self.passes(edge, layer - 1).zip(self.passes(edge, layer)))
                .collect();
            for (at, one) in lines.iter().enumerate() {
                count += lines.iter().skip(at + 1).filter(|two| (one.0 - two.0) * (one.1 - two.1) < 0.0).count();
            }
        }
        count
    }

    /// Moves slots towards their neighbours, as far as the order lets them.
    fn align(&mut self) {
        for round in 0..ROUNDS {
            let count = self.layers.len();
            for step in 1..count {
                let (layer, other) = match round % 2 {
                    0 => (step, step - 1),
                    _ => (count - 1 - step, count - step),
                };
                self.move_towards(layer, other);
            }
        }
        let top = self.tops.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        self.tops.iter_mut().flatten().for_each(|place| *place -= if top.is_finite() { top } else { 0.0 });
    }

    fn move_towards(&mut self, layer: usize, other: usize) {
        let Some(slots) = self.layers.get(layer).cloned() else { return };
        let wishes: Vec<f64> = slots
            .iter()
            .map(|slot| self.wanted(layer, *slot, other).unwrap_or_else(|| self.top(layer, *slot)))
            .collect();
        // From above nobody may come too near, from below likewise: the middle of both keeps the distances.
        let distance = |at: usize| {
            let (one, other) = (slots.get(at).copied(), slots.get(at + 1).copied());
            one.zip(other).map_or(0.0, |(one, other)| self.height(one) + Plan::gap(one, other))
        };
        let mut down = wishes.clone();
        for at in 1..down.len() {
            let least = down.get(at - 1).copied().unwrap_or_default() + distance(at - 1);
            if let Some(place) = down.get_mut(at) {
                *place = place.max(least);
            }
        }
        let mut up = wishes;
        for at in (1..up.len()).rev() {
            let most = up.get(at).copied().unwrap_or_default() - distance(at - 1);
            if let Some(place) = up.get_mut(at - 1) {
                *place = place.min(most);
            }
        }
        let tops = down.iter().zip(&up).map(|(one, other)| f64::midpoint(*one, *other).round()).collect();
        if let Some(place) = self.tops.get_mut(layer) {
            *place = tops;
        }
    }

    /// Places in the drawing.
    fn finish(&self, alone: &[usize]) -> Layout {
        let mut tables = self.sizes.to_vec();
        let (mut x, mut bottom) = (MARGIN, MARGIN + TITLE);
        let mut bounds: Vec<(f64, f64)> = Vec::new();
        for (layer, slots) in self.layers.iter().enumerate() {
            let widths = slots.iter().filter_map(|slot| match slot {
                Slot::Table(at) => self.sizes.get(*at).map(|rect| rect.width),
                Slot::Lane(_) => None,
            });
            let width = widths.fold(0.0, f64::max);
            for slot in slots {
                let y = MARGIN + TITLE + self.top(layer, *slot);
                bottom = f64::max(bottom, y + self.height(*slot));
                if let Slot::Table(at) = slot
                    && let Some(rect) = tables.get_mut(*at)
                {
                    rect.x = x;
                    rect.y = y;
                    // One width in a layer looks calmer, and lines end at one edge.
                    rect.width = width;
                }
            }
            bounds.push((x, x + width));
            let busy = (0..self.graph.edges.len()).filter(|edge| self.passes(*edge, layer).is_some()).count();
            x += width + CHANNEL + f64::min(busy as f64 * 3.0, 60.0);
        }
        let edges = (0..self.graph.edges.len()).map(|edge| self.path(edge, &tables, &bounds)).collect();
        let mut right = bounds.last().map_or(MARGIN, |(_, right)| *right);
        let has_loops = self.graph.edges.iter().any(|edge| edge.from.0 == edge.to.0);
        right += if has_loops { 40.0 } else { 0.0 };
        let full = right.max(760.0);
        let (mut x, mut y, mut high) = (MARGIN, if bounds.is_empty() { bottom } else { bottom + GAP * 1.6 }, 0.0);
        for at in alone {
            let Some(rect) = tables.get_mut(*at) else { continue };
            if x > MARGIN && x + rect.width > full {
                (x, y, high) = (MARGIN, y + high + GAP, 0.0);
            }
            (rect.x, rect.y) = (x, y);
            x += rect.width + GAP;
            high = f64::max(high, rect.height);
            right = right.max(rect.x + rect.width);
            bottom = bottom.max(y + rect.height);
        }
        Layout { width: right + MARGIN, height: bottom + MARGIN, tables, edges }
    }

    fn path(&self, at: usize, tables: &[Rect], bounds: &[(f64, f64)]) -> Path {
        let empty = Path { points: Vec::new(), ends_right: false, is_loop: false };
        let Some(edge) = self.graph.edges.get(at) else { return empty };
        let (Some(child), Some(parent)) = (tables.get(edge.from.0), tables.get(edge.to.0)) else { return empty };
        let (from, to) = (self.layer(edge.from.0), self.layer(edge.to.0));
        let row = |rect: &Rect, row: usize| rect.y + HEAD + ROW * (row as f64 + 0.5);
        let (y_from, y_to) = (row(child, edge.from.1), row(parent, edge.to.1));
        if from == to {
            let right = child.x + child.width;
            return Path { points: vec![(right, y_from), (right, y_to)], ends_right: false, is_loop: true };
        }
        let leftwards = from > to;
        let (start, end) = match leftwards {
            true => (child.x, parent.x + parent.width),
            false => (child.x + child.width, parent.x),
        };
        let mut points = vec![(start, y_from)];
        let lanes: Vec<usize> = if leftwards { (to + 1..from).rev().collect() } else { (from + 1..to).collect() };
        for layer in lanes {
            let y = MARGIN + TITLE + self.top(layer, Slot::Lane(at)) + LANE / 2.0;
            let (left, right) = bounds.get(layer).copied().unwrap_or_default();
            points.extend(if leftwards { [(right, y), (left, y)] } else { [(left, y), (right, y)] });
        }
        points.push((end, y_to));
        Path { points, ends_right: !leftwards, is_loop: false }
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Box, Row};
    use super::*;

    /// A graph of so many tables, each with foreign keys to some others, wherever they are. The same number gives the same.
    fn graph(seed: u64, count: usize) -> Graph {
        let mut state = seed;
        let mut below = |most: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % most.max(1)
        };
        let row = |number: usize| Row {
            name: format!("column_{number}"),
            data_type: "integer".to_owned(),
            is_primary: number == 0,
            is_foreign: false,
            is_column: true,
            sign: None,
        };
        let tables: Vec<Box> = (0..count)
            .map(|at| {
                let rows = (0..1 + below(9)).map(row).collect();
                Box { name: format!("table_{at:02}"), rows, sign: None, in_doubt: false }
            })
            .collect();
        let mut edges = Vec::new();
        for _ in 0..count + below(count) {
            let (from, to) = (below(count), below(count));
            let of = (from, below(tables[from].rows.len()));
            let label = String::new();
            edges.push(Edge { from: of, to: (to, 0), sign: None, label, is_optional: true, is_unique: false });
        }
        edges.sort();
        Graph { title: String::new(), tables, edges, is_diff: false }
    }

    /// Points of a line, as it is drawn.
    fn points(path: &Path) -> Vec<(f64, f64)> {
        let mut found = Vec::new();
        for (at, pair) in path.points.windows(2).enumerate() {
            let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
            for step in 0..=32 {
                let t = f64::from(step) / 32.0;
                let ease = if at % 2 == 0 { t * t * (3.0 - 2.0 * t) } else { t };
                let out = if path.is_loop { 28.5 * 4.0 * t * (1.0 - t) } else { 0.0 };
                // The middle of a curve in x is that of its two ends; in y it is an S.
                let x = (1.0 - t).powi(3) * x1 + 3.0 * t * (1.0 - t) * f64::midpoint(x1, x2) + t.powi(3) * x2 + out;
                found.push((if at % 2 == 0 { x } else { x1 + (x2 - x1) * t }, y1 + (y2 - y1) * ease));
            }
        }
        found
    }

    #[test]
    fn nothing_lies_on_a_table() {
        for seed in 0..60 {
            let graph = graph(seed, 2 + usize::try_from(seed).unwrap() % 30);
            let layout = layout(&graph);
            for (at, one) in layout.tables.iter().enumerate() {
                assert!(one.x > 0.0 && one.x + one.width < layout.width, "{seed}");
                assert!(one.y > 0.0 && one.y + one.height < layout.height, "{seed}");
                for other in &layout.tables[at + 1..] {
                    let apart = one.x + one.width < other.x
                        || other.x + other.width < one.x
                        || one.y + one.height < other.y
                        || other.y + other.height < one.y;
                    assert!(apart, "{seed}: two tables");
                }
                for (number, path) in layout.edges.iter().enumerate() {
                    for (x, y) in points(path) {
                        let inside = x > one.x + 1.0
                            && x < one.x + one.width - 1.0
                            && y > one.y + 1.0
                            && y < one.y + one.height - 1.0;
                        assert!(!inside, "{seed}: edge {number} runs through table {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_empty_graph_has_a_layout() {
        let graph = Graph { title: String::new(), tables: Vec::new(), edges: Vec::new(), is_diff: false };
        assert!(layout(&graph).height > 0.0);
    }
}
