//! A message under the lens: its JSON, what is hidden in it, where its links lead, and its code points.

use crate::app::outbox::Copied;
use crate::app::room::row::{Row, Said};
use crate::app::room::view::clock;
use crate::app::text::{Point, Run, clean, code_points, escape_all_hidden, fit, links, skeleton};

use super::report::{Part, Report};

/// Rows of the table of code points: the service takes 500 characters a message, of up to a few code points each.
const ROWS: usize = 2000;
/// Cells of a name in the title: whoever issues tokens may make it as long as a page.
const NAME: usize = 30;
/// Kinds of hidden characters that are named in front.
const KINDS: usize = 8;

/// The page of a message; none of what is no message.
pub fn inspect(row: &Row) -> Option<Report> {
    let said = row.message()?;
    let raw = said.as_written();
    let json = serde_json::to_string_pretty(&said.json(row.time)).unwrap_or_default();
    let json = escape_all_hidden(&json);
    let mut parts = summary(row, said);
    parts.push(Part::Heading("JSON".to_owned()));
    parts.extend(json.lines().map(|line| Part::Code(line.to_owned())));
    parts.push(Part::Quiet("As far as it is kept: without the id of the sender's request. y copies it.".to_owned()));
    parts.extend(table(raw));
    let title = format!("Message of {}#{}", fit(said.by.name.as_str(), NAME), said.by.short());
    let copied = Copied { what: "JSON".to_owned(), text: json + "\n" };
    Some(Report::new(&title, parts).with_copy(copied))
}

/// What matters most, first.
fn summary(row: &Row, said: &Said) -> Vec<Part> {
    let raw = said.as_written();
    let points = raw.chars().count();
    let mut parts = vec![
        Part::Fact("Shown as", said.text.as_str().to_owned()),
        Part::Fact("Id", said.id.to_string()),
        Part::Fact("By", format!("{}, user id {}", said.by.label(), said.by.user_id)),
        Part::Fact("At", format!("{}Z", clock(row.time))),
        Part::Fact("Length", format!("{points} code point{}, {} bytes", plural(points), raw.len())),
        Part::Fact("Skeleton", Some(skeleton(raw)).filter(|text| !text.is_empty()).unwrap_or("(none)".to_owned())),
    ];
    let hidden = hidden(raw);
    if hidden.is_empty() {
        parts.push(Part::Fact("Hidden", "nothing".to_owned()));
    }
    parts.extend(hidden.into_iter().map(|words| Part::BadFact("Hidden", words)));
    let links = links(raw);
    if links.is_empty() {
        parts.push(Part::Fact("Links", "none".to_owned()));
    }
    for link in links {
        let ascii = link.ascii.map(|ascii| format!(", to the network {ascii}")).unwrap_or_default();
        let lead = format!("leads to {}{ascii}", link.host);
        match link.before {
            None => parts.push(Part::Fact("Link", lead)),
            Some(before) => {
                parts.push(Part::BadFact("Link", format!("{lead}; \"{before}\" before the @ is no part of the host")));
            }
        }
    }
    parts
}

/// What nobody sees in it, by kind and number.
fn hidden(raw: &str) -> Vec<String> {
    let mut kinds: Vec<(Point, usize)> = Vec::new();
    for point in raw.chars().map(Point).filter(|point| point.is_hidden()) {
        match kinds.iter_mut().find(|(kind, _)| *kind == point) {
            Some((_, count)) => *count += 1,
            None => kinds.push((point, 1)),
        }
    }
    let named = kinds.iter().take(KINDS);
    let mut words: Vec<String> =
        named.map(|(point, count)| format!("{count} x {} {}", point.code(), point.name())).collect();
    words.extend((kinds.len() > KINDS).then(|| format!("and {} other kinds, see below", kinds.len() - KINDS)));
    words
}

/// All that it is made of, in order.
fn table(raw: &str) -> Vec<Part> {
    let runs = code_points::runs(raw);
    let mut parts = vec![Part::Heading("Code points".to_owned())];
    for run in runs.iter().take(ROWS) {
        parts.push(match run {
            Run::Plain(text) => Part::Point("ASCII".to_owned(), format!("\"{text}\"")),
            Run::Points(point, count) => {
                let times = if *count > 1 { format!(" x {count}") } else { String::new() };
                Part::Point(point.code(), format!("{}{}{times}", shown(*point), point.name()))
            }
        });
    }
    if runs.is_empty() {
        parts.push(Part::Quiet("none: the text is empty".to_owned()));
    }
    parts.extend((runs.len() > ROWS).then(|| Part::Bad(format!("and {} more", runs.len() - ROWS))));
    parts
}

/// The character itself where there is one to see, and what it may be taken for.
fn shown(point: Point) -> String {
    if point.is_hidden() {
        return String::new();
    }
    let like = point.looks_like().map(|letter| format!(", like {letter}")).unwrap_or_default();
    format!("{}{like}  ", clean(&point.0.to_string()).as_str())
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
