//! The session log over the panes: a line for each entry, the newest last, and below it all of the selected one.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use tui_input::Input;

use crate::app::key::Key;
use crate::app::keys::{Command, Context, Motion};
use crate::app::log::{Entry, Log, Request, What};
use crate::app::look::Look;
use crate::app::outbox::Copied;
use crate::app::screen::inside;
use crate::app::text::{fit, fit_end, width};
use crate::app::widget::edit;
use crate::app::widget::frame::boxed;
use crate::app::widget::page::Page;

/// Columns of an operation: the longest is `ListLoggingConfigurations`.
const OPERATION: usize = 25;

/// What is open of the log.
#[derive(Debug, Default)]
pub struct LogView {
    /// The entry under the cursor; none follows the newest.
    at: Option<u64>,
    filter: Input,
    typing: bool,
    errors_alone: bool,
}

/// What a key press came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Pressed {
    /// It stays.
    Stay,
    /// It closes.
    Close,
    /// This is copied.
    Copy(Copied),
}

impl LogView {
    /// Where keys mean what they mean now.
    pub fn context(&self) -> Context {
        if self.typing { Context::LogFilter } else { Context::Log }
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key, command: Option<Command>, log: &Log, size: (u16, u16)) -> Pressed {
        match command {
            Some(Command::Move(motion)) => self.go(motion, log, size),
            Some(Command::Filter) => self.typing = true,
            Some(Command::Accept) => self.typing = false,
            Some(Command::Cancel) => (self.typing, self.filter) = (false, Input::default()),
            Some(Command::Open) => self.errors_alone = !self.errors_alone,
            Some(Command::Back) if !self.filter.value().is_empty() => self.filter = Input::default(),
            Some(Command::Back) => return Pressed::Close,
            Some(Command::Copy) => {
                let (entries, at) = self.shown(log);
                return entries.get(at).map_or(Pressed::Stay, |entry| Pressed::Copy(copied(entry)));
            }
            None if self.typing => drop(edit::press(&mut self.filter, key)),
            // The table has no more rows for it.
            Some(_) | None => {}
        }
        Pressed::Stay
    }

    /// Pasted text is searched for, if a filter is being typed.
    pub fn paste(&mut self, text: &str) {
        if self.typing {
            edit::paste(&mut self.filter, text);
        }
    }

    /// The entries that are shown, and which of them is selected.
    fn shown<'a>(&self, log: &'a Log) -> (Vec<&'a Entry>, usize) {
        let entries = log.found(self.filter.value(), self.errors_alone);
        let last = entries.len().saturating_sub(1);
        // What was let go, or is filtered out, leaves the cursor on what came next.
        let at = self.at.and_then(|serial| entries.iter().position(|entry| entry.serial >= serial)).unwrap_or(last);
        (entries, at)
    }

    fn go(&mut self, motion: Motion, log: &Log, size: (u16, u16)) {
        let (entries, at) = self.shown(log);
        let to = motion.target(at, entries.len(), rows(inside(area(size)).1));
        let follows = to + 1 >= entries.len();
        self.at = entries.get(to).filter(|_| !follows).map(|entry| entry.serial);
    }

    /// Draws it over the panes; returns where the cursor is.
    pub fn draw(&self, frame: &mut Frame, log: &Log, size: (u16, u16), look: Look) -> Option<Position> {
        let (entries, at) = self.shown(log);
        let area = area(size);
        frame.render_widget(Clear, area);
        let title = Line::styled(self.title(log, entries.len()), look.title());
        let searching = self.typing || !self.filter.value().is_empty();
        let right = if searching { format!(" /{} ", self.filter.value()) } else { String::new() };
        let right_columns = u16::try_from(width(&right)).unwrap_or_default();
        let inner = boxed(frame, area, look, true, title, Line::raw(right));
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let list = rows(height);
        if entries.is_empty() {
            let words = if log.is_empty() { "Nothing was asked yet." } else { "No entry has all these words." };
            frame.buffer_mut().set_line(inner.x, inner.y, &Line::styled(words, look.quiet()), inner.width);
        }
        let top = (at + 1).saturating_sub(list).max(self.top(at, entries.len(), list));
        for ((index, entry), y) in entries.iter().enumerate().skip(top).take(list).zip(inner.y..) {
            frame.buffer_mut().set_line(inner.x, y, &line(entry, columns, look), inner.width);
            if index == at {
                frame.buffer_mut().set_style(Rect { y, height: 1, ..inner }, look.cursor(true));
            }
        }
        if let Some(entry) = entries.get(at) {
            let below = Rect { y: inner.y + u16::try_from(list).unwrap_or(inner.height), ..inner };
            detail(frame, entry, Rect { height: inner.bottom().saturating_sub(below.y), ..below }, look);
        }
        if self.typing {
            let caret = u16::try_from(self.filter.visual_cursor()).unwrap_or_default();
            let x = area.right().saturating_sub(1 + right_columns) + 2 + caret;
            return Some(Position::new(x.min(area.right().saturating_sub(2)), area.y));
        }
        let y = inner.y + u16::try_from(at.saturating_sub(top)).unwrap_or_default();
        Some(Position::new(inner.x, y.min(inner.bottom().saturating_sub(1))))
    }

    /// The first entry in view: as near to the end as the cursor lets it.
    fn top(&self, at: usize, count: usize, height: usize) -> usize {
        let lowest = count.saturating_sub(height);
        if self.at.is_none() { lowest } else { lowest.min(at) }
    }

    fn title(&self, log: &Log, shown: usize) -> String {
        let narrowed = shown < log.len();
        let count = if narrowed { format!("{shown}/{}", log.len()) } else { log.len().to_string() };
        let errors = if self.errors_alone { "  errors alone" } else { "" };
        let gone = if log.let_go() > 0 { format!("  {} older ones let go", log.let_go()) } else { String::new() };
        format!(" Session log {count}{errors}{gone} ")
    }
}

/// Rows of the list, of so many inside the frame: the rest shows the selected entry.
fn rows(height: usize) -> usize {
    (height * 3 / 5).max(height.saturating_sub(14)).max(1)
}

/// Where it is: over the panes, and over nothing else.
fn area((columns, rows): (u16, u16)) -> Rect {
    Rect { x: 0, y: 1, width: columns, height: rows.saturating_sub(3) }
}

/// What `y` copies: of a denial, the statement that would help.
fn copied(entry: &Entry) -> Copied {
    let help = match &entry.what {
        What::Request(request) => {
            request.trouble.as_ref().filter(|trouble| trouble.denied).and_then(|trouble| trouble.help.clone())
        }
        What::Error(_) => None,
    };
    match help {
        Some(help) => Copied { what: format!("the {} to ask for", help.what), text: help.text + "\n" },
        None => Copied { what: "the entry".to_owned(), text: entry.text() },
    }
}

fn line(entry: &Entry, columns: usize, look: Look) -> Line<'static> {
    let time = entry.at.to_zoned(TimeZone::UTC).strftime("%H:%M:%S").to_string();
    let mut spans = vec![Span::styled(format!("{time} "), look.quiet())];
    let rest = columns.saturating_sub(9);
    match &entry.what {
        What::Error(words) => spans.push(Span::styled(fit(&format!("! {words}"), rest), look.bad())),
        What::Request(request) => spans.extend(request_spans(request, rest, look)),
    }
    Line::from(spans)
}

fn request_spans(request: &Request, columns: usize, look: Look) -> Vec<Span<'static>> {
    let style = if request.trouble.is_some() { look.bad() } else { look.text() };
    let status = match (request.status, request.attempts) {
        (Some(status), _) => status.to_string(),
        (None, 0) => "-".to_owned(),
        (None, _) => "!".to_owned(),
    };
    let attempts = if request.attempts > 1 { format!("x{}", request.attempts) } else { String::new() };
    let end = format!(" {status:>3} {attempts:<3} {:>7}", lasted(request.took));
    let operation = fit(request.operation, OPERATION);
    let id = request.request_id.as_deref().unwrap_or_default();
    // The request id is what AWS's support asks for: it stands on the line where there is room.
    let id_columns = if columns >= 110 { 38 } else { 0 };
    let middle = columns.saturating_sub(OPERATION + 1 + width(&end) + id_columns);
    let resource = fit_end(&request.resource, middle);
    let pad = " ".repeat(middle.saturating_sub(width(&resource)));
    let mut spans = vec![
        Span::styled(format!("{operation:<OPERATION$} "), style),
        Span::raw(resource + &pad),
        Span::styled(end, style),
    ];
    if id_columns > 0 {
        spans.push(Span::styled(format!("  {}", fit(id, id_columns - 2)), look.quiet()));
    }
    spans
}

/// How long it took, in a few cells.
fn lasted(took: SignedDuration) -> String {
    match took.as_millis() {
        short @ ..1_000 => format!("{} ms", short.max(0)),
        long => format!("{}.{} s", long / 1_000, long % 1_000 / 100),
    }
}

/// All of an entry, under a line.
fn detail(frame: &mut Frame, entry: &Entry, area: Rect, look: Look) {
    let mut page = Page::new(look, usize::from(area.width));
    page.styled(&"─".repeat(usize::from(area.width)), look.quiet());
    match &entry.what {
        What::Error(words) => page.styled(words, look.bad()),
        What::Request(request) => request_page(request, &mut page, look),
    }
    for (line, y) in page.finish().iter().zip(area.y..area.bottom()) {
        frame.buffer_mut().set_line(area.x, y, line, area.width);
    }
}

fn request_page(request: &Request, page: &mut Page, look: Look) {
    let Request { operation, resource, request_id, trouble, said, .. } = request;
    let id = request_id.as_deref().unwrap_or("none came");
    let Some(trouble) = trouble else {
        page.fact("Call", &format!("{operation} {resource}"));
        page.fact("Request", id);
        return;
    };
    page.styled(&trouble.headline, look.bad());
    page.styled(&trouble.remedy, look.busy());
    if let Some(help) = &trouble.help {
        page.code(&help.text);
    }
    for (label, text) in &trouble.facts {
        page.fact(label, text);
    }
    if let Some(said) = said {
        page.fact("Shown as", said);
    }
}
