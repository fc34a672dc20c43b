//! Lays a form out as lines: label, entry, meter, and beneath them what is wrong.

use ratatui::text::{Line, Span};

use crate::api::error::Problem;
use crate::app::look::Look;
use crate::app::text::{self, clean, fit, width};

use super::{Field, Form};

/// Columns that the meter takes, with the blank before it.
const METER: usize = 11;
/// Cells of a key that has a problem.
const PART: usize = 32;
/// Cells of a remark, over all its lines.
const REMARK: usize = 400;

/// A form as lines.
#[derive(Debug, Default)]
pub struct Layout {
    /// The lines.
    pub lines: Vec<Line<'static>>,
    /// Where the caret is: column and line.
    pub caret: (usize, usize),
    /// The lines of the field that has the keys: the first, and the one behind the last.
    pub focused: (usize, usize),
    /// The sentence about that field.
    pub help: &'static str,
}

impl Form {
    /// The form as lines of `cells`, with these problems at their fields, as far as the reader has been there.
    pub fn layout(&self, cells: usize, problems: &[Problem], look: Look) -> Layout {
        let label_cells = self.label_cells(cells);
        let mut layout = Layout::default();
        for (index, field) in self.fields.iter().enumerate().filter(|(_, field)| !field.hidden) {
            let focused = index == self.focus;
            let top = layout.lines.len();
            let entry_cells = cells.saturating_sub(label_cells + METER);
            let shown = field.entry.shown(entry_cells, focused, look);
            for (row, line) in shown.lines.into_iter().enumerate() {
                layout.lines.push(row_line(field, row, line, (label_cells, cells), focused, look));
            }
            let own = problems.iter().filter(|problem| self.owner(&problem.member) == Some(index));
            layout.lines.extend(remarks(field, own, (label_cells, cells), look));
            if focused {
                layout.caret = (label_cells + shown.caret.0, top + shown.caret.1);
                layout.focused = (top, layout.lines.len());
                layout.help = field.help;
            }
        }
        layout
    }

    fn label_cells(&self, cells: usize) -> usize {
        let longest = self.fields.iter().filter(|field| !field.hidden).map(|field| width(field.label)).max();
        (longest.unwrap_or_default() + 4).min(cells / 3)
    }
}

/// A line of an entry: the first has the label before it and the meter behind it.
fn row_line(
    field: &Field,
    row: usize,
    line: Line<'static>,
    (label_cells, cells): (usize, usize),
    focused: bool,
    look: Look,
) -> Line<'static> {
    let label = if row == 0 { fit(field.label, label_cells.saturating_sub(3)) } else { String::new() };
    let mark = if row == 0 && focused { "> " } else { "  " };
    let label = format!("{mark}{label}");
    let pad = " ".repeat(label_cells.saturating_sub(width(&label)));
    let style = if focused { look.strong() } else { look.quiet() };
    let mut spans = vec![Span::styled(format!("{label}{pad}"), style)];
    let meter = if row == 0 { field.entry.meter() } else { String::new() };
    let gap = cells.saturating_sub(label_cells + line.width() + width(&meter));
    spans.extend(line.spans);
    if !meter.is_empty() {
        spans.extend([Span::raw(" ".repeat(gap)), Span::styled(meter, look.quiet())]);
    }
    Line::from(spans)
}

/// What is wrong with a field, and what became of a paste, under it.
fn remarks<'a>(
    field: &Field,
    own: impl Iterator<Item = &'a Problem>,
    (label_cells, cells): (usize, usize),
    look: Look,
) -> Vec<Line<'static>> {
    let told = field.touched || field.tried;
    let wrong = own.filter(|_| told).map(|problem| {
        let part = problem.member.strip_prefix(field.member).unwrap_or_default().trim_start_matches('.');
        let part = match part {
            "" => String::new(),
            whole if whole.len() == problem.member.len() => String::new(),
            part => format!("{} ", fit(clean(part).as_str(), PART)),
        };
        // A key, or a value that is quoted, may be as long as anything that can be pasted.
        (fit(&format!("! {part}{}", clean(&problem.message).as_str()), REMARK), look.bad())
    });
    let note = field.note.map(|note| (note.to_owned(), look.busy()));
    let indent = " ".repeat(label_cells);
    wrong
        .chain(note)
        .flat_map(|(words, style)| {
            let ranges = text::wrap(&words, cells.saturating_sub(label_cells));
            let lines = ranges
                .into_iter()
                .map(|range| Line::from(vec![Span::raw(indent.clone()), Span::styled(words[range].to_owned(), style)]));
            lines.collect::<Vec<_>>()
        })
        .collect()
}
