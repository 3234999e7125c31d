//! The longest chain as a picture: a bar for each contestant, a panel for each database.

use std::fmt::Write as _;

use crate::contestant::Contestant;
use crate::measure::Samples;
use crate::tables::{median, milliseconds, upgrade_of};

const WIDTH: usize = 720;
const LEFT: usize = 170;
const BAR: usize = 16;
const STEP: usize = 22;
const HEAD: usize = 34;
/// For the longest bar; what is left of it is for the figures.
const LONGEST: f64 = 400.0;

/// Draws it.
pub(crate) fn plot(all: &[Samples]) -> String {
    let longest = all.iter().map(|samples| samples.length).max().unwrap_or_default();
    let panels: Vec<&Samples> = all.iter().filter(|samples| samples.length == longest).collect();
    let height: usize = panels.iter().map(|samples| HEAD + STEP * samples.rows.len()).sum::<usize>() + 14;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    let mut top = 0;
    for samples in panels {
        let batch = upgrade_of(samples, "floor: batch");
        let medians: Vec<_> = samples.rows.iter().map(|row| median(row.upgrade.iter().copied())).collect();
        let most = medians.iter().flatten().max().map_or(1.0, |most| most.as_secs_f64());
        let title = format!("{}: {longest} revisions, ms (× batch)", samples.kind.name());
        let _ = writeln!(svg, "<text x=\"12\" y=\"{}\" font-weight=\"bold\">{title}</text>", top + 22);
        top += HEAD;
        for (row, time) in samples.rows.iter().zip(medians) {
            let Some(time) = time else { continue };
            let colour = match row.entry.contestant {
                Contestant::Floor => "#b8b8b8",
                Contestant::Revchain => "#1f77b4",
                _ => "#e0a458",
            };
            let length = (time.as_secs_f64() / most * LONGEST).max(1.0);
            let ratio = batch.map_or(0.0, |batch| time.as_secs_f64() / batch.as_secs_f64());
            let base = top + 12;
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}</text>\
                 <rect x=\"{LEFT}\" y=\"{top}\" width=\"{length:.1}\" height=\"{BAR}\" fill=\"{colour}\"/>\
                 <text x=\"{:.1}\" y=\"{base}\">{} ({ratio:.2})</text>",
                LEFT - 8,
                row.entry.label,
                LEFT as f64 + length + 6.0,
                milliseconds(time),
            );
            top += STEP;
        }
    }
    svg.push_str("</svg>\n");
    svg
}
