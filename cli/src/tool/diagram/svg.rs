//! A laid out graph as SVG: one file, without a script, readable on light and on dark. What changed has a sign beside its
//! colour, and in print the sign is enough.

use std::fmt::Write as _;

use super::graph::{Box, Edge, Graph, Row};
use super::layout::{CHARACTER, HEAD, Layout, MARKS, Path, ROW, Rect};
use crate::tool::changes::Sign;

/// Colours for light, and for dark. Not variables of CSS: not everything that draws SVG knows them.
const STYLE: &str = "\
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1f2328}\
.title{font-size:14px;font-weight:600}.note,.type{fill:#59636e}.name{font-size:13px;font-weight:600}\
.key{font-size:9px;font-weight:700;fill:#59636e}.sign{font-weight:700}\
.ground{fill:#ffffff}.table{fill:#ffffff;stroke:#8c959f}.head{fill:#eaeef2}.doubt{stroke-dasharray:5 4}\
.line{fill:none;stroke:#8c959f;stroke-width:1.3}.tip{fill:#8c959f}\
.added .table,.line.added{stroke:#1a7f37}.added .head,.row.added{fill:#dafbe1}.sign.added,.tip.added{fill:#1a7f37}\
.removed .table,.line.removed{stroke:#cf222e}.removed .head,.row.removed{fill:#ffebe9}.sign.removed,.tip.removed{fill:#cf222e}\
.changed .table,.line.changed{stroke:#9a6700}.changed .head,.row.changed{fill:#fff8c5}.sign.changed,.tip.changed{fill:#9a6700}\
.line.removed{stroke-dasharray:6 4}.line.added{stroke-width:1.8}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.note,.type,.key{fill:#9198a1}\
.ground{fill:#0d1117}.table{fill:#151b23;stroke:#656c76}.head{fill:#262c36}.line{stroke:#656c76}.tip{fill:#656c76}\
.added .table,.line.added{stroke:#3fb950}.added .head,.row.added{fill:#12361f}.sign.added,.tip.added{fill:#3fb950}\
.removed .table,.line.removed{stroke:#f85149}.removed .head,.row.removed{fill:#4a1b1c}.sign.removed,.tip.removed{fill:#f85149}\
.changed .table,.line.changed{stroke:#d29922}.changed .head,.row.changed{fill:#3f2f0b}.sign.changed,.tip.changed{fill:#d29922}}";

pub(super) fn svg(graph: &Graph, layout: &Layout, note: Option<&str>) -> String {
    let dashed = if graph.tables.iter().any(|table| table.in_doubt) { " (dashed)" } else { "" };
    let notes: Vec<String> = note
        .map(|note| note.replacen(" not known for certain", &format!(" not known for certain{dashed}"), 1))
        .into_iter()
        .collect();
    let least = notes.iter().map(|note| note.chars().count() as f64 * CHARACTER + 56.0).fold(0.0, f64::max);
    let legend = if graph.is_diff { 330.0 } else { 0.0 };
    let title = graph.title.chars().count() as f64 * 8.5 + 56.0 + legend;
    let (width, height) = (layout.width.max(least).max(title), layout.height + notes.len() as f64 * 24.0);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n\
         <text class=\"title\" x=\"28\" y=\"38\">{}</text>\n",
        escaped(&graph.title),
        escaped(&graph.title),
        w = width.ceil(),
        h = height.ceil(),
    );
    if graph.is_diff {
        let x = graph.title.chars().count() as f64 * 8.5 + 28.0 + 30.0;
        for (at, sign) in [Sign::Added, Sign::Removed, Sign::Changed].into_iter().enumerate() {
            let (mark, name) = (sign.mark(), sign.name());
            let x = number(x + at as f64 * 95.0);
            let _ = writeln!(text, "<text class=\"sign {name}\" x=\"{x}\" y=\"38\">{mark} {name}</text>");
        }
    }
    // Lines first: a table lies over what comes near it. Those that changed lie over the others.
    let mut lines: Vec<(&Edge, &Path)> = graph.edges.iter().zip(&layout.edges).collect();
    lines.sort_by_key(|(edge, _)| edge.sign.is_some());
    for (edge, path) in lines {
        line(&mut text, graph, edge, path);
    }
    for (table, rect) in graph.tables.iter().zip(&layout.tables) {
        draw(&mut text, table, *rect);
    }
    for (at, note) in notes.iter().enumerate() {
        let y = number(layout.height + at as f64 * 24.0);
        let _ = writeln!(text, "<text class=\"note\" x=\"28\" y=\"{y}\">{}</text>", escaped(note));
    }
    text.push_str("</svg>\n");
    text
}

fn line(text: &mut String, graph: &Graph, edge: &Edge, path: &Path) {
    let (Some(first), Some(last)) = (path.points.first(), path.points.last()) else { return };
    let mut d = format!("M{} {}", number(first.0), number(first.1));
    // The tip takes the last of it.
    let inwards = if path.ends_right { -8.0 } else { 8.0 };
    let count = path.points.len();
    for (at, pair) in path.points.windows(2).enumerate() {
        let [one, two] = pair else { continue };
        let end = if at + 2 == count { two.0 + inwards } else { two.0 };
        let _ = if path.is_loop {
            let out = number(one.0.max(two.0) + 38.0);
            write!(d, "C{out} {} {out} {} {} {}", number(one.1), number(two.1), number(end), number(two.1))
        } else if at % 2 == 1 {
            // Across a layer.
            write!(d, "L{} {}", number(end), number(two.1))
        } else {
            let middle = number(f64::midpoint(one.0, end));
            write!(d, "C{middle} {} {middle} {} {} {}", number(one.1), number(two.1), number(end), number(two.1))
        };
    }
    let class = edge.sign.map_or_else(String::new, |sign| format!(" {}", sign.name()));
    let name = |at: usize| graph.tables.get(at).map_or("", |table| table.name.as_str());
    let said = format!("{} ({}) → {}", name(edge.from.0), edge.label, name(edge.to.0));
    let said = edge.sign.map_or_else(|| said.clone(), |sign| format!("{}: {said}", sign.name()));
    let (x, y) = *last;
    let tip = format!("M{} {}l{} -4.5v9z", number(x), number(y), number(inwards));
    let _ = writeln!(
        text,
        "<g><title>{}</title><path class=\"line{class}\" d=\"{d}\"/><path class=\"tip{class}\" d=\"{tip}\"/></g>",
        escaped(&said)
    );
    // Its sign, where it begins.
    if let Some(sign) = edge.sign {
        let x = first.0 + if path.ends_right || path.is_loop { 6.0 } else { -14.0 };
        let (x, y) = (number(x), number(first.1 - 5.0));
        let _ = writeln!(text, "<text class=\"sign {}\" x=\"{x}\" y=\"{y}\">{}</text>", sign.name(), sign.mark());
    }
}

fn draw(text: &mut String, table: &Box, rect: Rect) {
    let Rect { x, y, width, height } = rect;
    let class = table.sign.map_or("", Sign::name);
    let doubt = if table.in_doubt { " doubt" } else { "" };
    let (w, h) = (number(width), number(height));
    let _ = writeln!(text, "<g class=\"{class}\" transform=\"translate({} {})\">", number(x), number(y));
    let _ = writeln!(text, "<rect class=\"table{doubt}\" width=\"{w}\" height=\"{h}\" rx=\"5\"/>");
    let (bottom, corner) = (number(HEAD), number(width - 6.0));
    let _ = writeln!(text, "<path class=\"head\" d=\"M1 {bottom}V6q0 -5 5 -5H{corner}q5 0 5 5V{bottom}z\"/>");
    let sign = table.sign.map_or_else(String::new, |sign| {
        format!("<text class=\"sign {}\" x=\"10\" y=\"19\">{}</text>", sign.name(), sign.mark())
    });
    let left = if table.sign.is_some() { 24 } else { 10 };
    let mark = if table.in_doubt { " ?" } else { "" };
    let _ = writeln!(text, "{sign}<text class=\"name\" x=\"{left}\" y=\"19\">{}{mark}</text>", escaped(&table.name));
    for (at, row) in table.rows.iter().enumerate() {
        draw_row(text, row, at, width);
    }
    text.push_str("</g>\n");
}

fn draw_row(text: &mut String, row: &Row, at: usize, width: f64) {
    let top = HEAD + ROW * at as f64;
    let base = number(top + 14.0);
    if let Some(sign) = row.sign {
        let (name, y, w) = (sign.name(), number(top), number(width - 2.0));
        let _ = write!(text, "<rect class=\"row {name}\" x=\"1\" y=\"{y}\" width=\"{w}\" height=\"20\"/>");
        let _ = write!(text, "<text class=\"sign {name}\" x=\"6\" y=\"{base}\">{}</text>", sign.mark());
    }
    let key = match (row.is_primary, row.is_foreign) {
        (true, true) => "PK FK",
        (true, false) => "PK",
        (false, true) => "FK",
        (false, false) => "",
    };
    if !key.is_empty() {
        let _ = write!(text, "<text class=\"key\" x=\"18\" y=\"{base}\">{key}</text>");
    }
    let right = number(width - 9.0);
    let _ = writeln!(
        text,
        "<text x=\"{}\" y=\"{base}\">{}</text><text class=\"type\" x=\"{right}\" y=\"{base}\" text-anchor=\"end\">{}</text>",
        number(MARKS - 6.0),
        escaped(&row.name),
        escaped(&row.data_type)
    );
}

/// With a digit behind the point at the most.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// A text in a document. What XML can't hold is a blank.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
