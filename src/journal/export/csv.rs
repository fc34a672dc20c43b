//! Rows as RFC 4180 has them, of which no spreadsheet calculates anything.

/// Appends a row.
pub(super) fn row(out: &mut String, cells: impl IntoIterator<Item = String>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&quoted(&harmless(cell)));
    }
    out.push('\n');
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it: what people write in a chat must not
/// run on the machine of whoever looks into it.
fn harmless(cell: String) -> String {
    let starts_formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    if cell.starts_with(starts_formula) { format!("'{cell}") } else { cell }
}

fn quoted(cell: &str) -> String {
    let is_plain = cell.chars().all(|c| !matches!(c, ',' | '"' | ';') && !c.is_control()) && cell.trim() == cell;
    if is_plain { cell.to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}
