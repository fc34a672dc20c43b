//! The command line: what is typed after `:`, how it may go on, and what was typed before.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use tui_input::Input;

use crate::app::commands::{Candidate, Completion, Entry, Known, complete};
use crate::app::key::{Code, Key};
use crate::app::keys::{Command, Motion};
use crate::app::look::Look;
use crate::app::text::{clean, fit, fit_end, width, wrap};
use crate::app::widget::edit;
use crate::app::widget::frame::boxed;

/// Lines that are kept to come back to.
const HISTORY: usize = 100;

/// Candidates that are shown at once.
const SHOWN: usize = 8;

/// Columns beyond which the list of candidates does not grow.
const WIDEST: u16 = 100;

/// Lines that were typed in this session, each once, the last one last.
#[derive(Debug, Clone, Default)]
pub struct History(Vec<String>);

impl History {
    /// Keeps a line, unless there is nothing in it.
    pub fn keep(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        self.0.retain(|other| other != line);
        self.0.push(line.to_owned());
        let over = self.0.len().saturating_sub(HISTORY);
        self.0.drain(..over);
    }
}

/// What a key press came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// The line stays.
    Stay,
    /// It closes.
    Close,
    /// This is to be run.
    Run(String),
}

/// The candidate that stands in the line for now.
#[derive(Debug)]
struct Choice {
    /// What is around it.
    before: String,
    after: String,
    at: usize,
}

/// The open line.
#[derive(Debug)]
pub struct CommandLine {
    input: Input,
    history: History,
    /// Where in the history the line is; behind its end stands what is being typed.
    place: usize,
    draft: String,
    completion: Completion,
    choice: Option<Choice>,
    /// What is wrong with it; safe to show.
    problem: Option<String>,
}

impl CommandLine {
    /// An empty line.
    pub fn new(history: History, known: &Known) -> Self {
        let place = history.0.len();
        let completion = complete("", known);
        let (input, draft) = (Input::default(), String::new());
        Self { input, history, place, draft, completion, choice: None, problem: None }
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key, command: Option<Command>, known: &Known) -> Pressed {
        self.problem = None;
        match command {
            Some(Command::Accept) if self.text().trim().is_empty() => return Pressed::Close,
            Some(Command::Accept) => return Pressed::Run(self.text().to_owned()),
            Some(Command::Cancel) => return Pressed::Close,
            Some(Command::NextCandidate) => self.choose(true, known),
            Some(Command::PreviousCandidate) => self.choose(false, known),
            Some(Command::Move(Motion::Up)) => self.go(self.place.saturating_sub(1), known),
            Some(Command::Move(Motion::Down)) => self.go(self.place + 1, known),
            // The table has no more rows for the line.
            Some(_) => {}
            None if key.code == Code::Backspace && self.text().is_empty() => return Pressed::Close,
            None => {
                edit::press(&mut self.input, key);
                self.typed(known);
            }
        }
        Pressed::Stay
    }

    /// Takes pasted text, as one line.
    pub fn paste(&mut self, text: &str, known: &Known) {
        self.problem = None;
        edit::paste(&mut self.input, text.trim_end_matches(['\r', '\n']));
        self.typed(known);
    }

    /// Says what is wrong with the line.
    pub fn refuse(&mut self, why: &str) {
        self.problem = Some(clean(why).as_str().to_owned());
    }

    /// The bytes before the caret.
    fn before(&self) -> &str {
        let text = self.input.value();
        let end = text.char_indices().nth(self.input.cursor()).map_or(text.len(), |(at, _)| at);
        &text[..end]
    }

    fn typed(&mut self, known: &Known) {
        self.choice = None;
        self.place = self.history.0.len();
        self.look(known);
    }

    fn look(&mut self, known: &Known) {
        self.choice = None;
        self.completion = complete(self.before(), known);
    }

    /// To another line of the history, or back to what was being typed.
    fn go(&mut self, place: usize, known: &Known) {
        let newest = self.history.0.len();
        if self.place == newest {
            self.draft = self.text().to_owned();
        }
        self.place = place.min(newest);
        let line = self.history.0.get(self.place).unwrap_or(&self.draft);
        self.input = Input::new(line.clone());
        self.look(known);
    }

    /// Puts the next candidate into the line, or the one before. One that must be meant
    /// stays, and the line goes on.
    fn choose(&mut self, forward: bool, known: &Known) {
        let count = self.completion.candidates.len();
        if count == 0 {
            return;
        }
        let certain = self.completion.is_certain && self.choice.is_none();
        let choice = if let Some(Choice { before, after, at }) = self.choice.take() {
            Choice { at: (at + if forward { 1 } else { count - 1 }) % count, before, after }
        } else {
            self.first_choice(if forward || certain { 0 } else { count - 1 })
        };
        let Candidate { insert, is_whole, .. } = &self.completion.candidates[choice.at];
        let blank = if certain && *is_whole && !choice.after.starts_with(' ') { " " } else { "" };
        let before = format!("{}{insert}{blank}", choice.before);
        let caret = before.chars().count();
        self.input = Input::new(format!("{before}{}", choice.after)).with_cursor(caret);
        self.place = self.history.0.len();
        if certain {
            self.look(known);
        } else {
            self.choice = Some(choice);
        }
    }

    /// The candidate number `at` in the place of the word before the caret.
    fn first_choice(&self, at: usize) -> Choice {
        let before = self.before();
        Choice { before: before[..self.completion.start].to_owned(), after: self.text()[before.len()..].to_owned(), at }
    }

    /// Draws the line, and above it how it may go on or what is wrong; returns where the cursor is.
    pub fn draw(&self, frame: &mut Frame, line: Rect, look: Look) -> Position {
        self.draw_candidates(frame, line, look);
        frame.render_widget(Clear, line);
        let columns = usize::from(line.width).saturating_sub(3);
        let (before, after) = self.text().split_at(self.before().len());
        let before = fit_end(clean(before).as_str(), columns);
        let caret = width(&before);
        let after = fit(clean(after).as_str(), columns - caret);
        let spans = vec![Span::styled(" :", look.key()), Span::raw(before), Span::raw(after)];
        frame.render_widget(Line::from(spans), line);
        Position::new(line.x + 2 + u16::try_from(caret).unwrap_or_default(), line.y)
    }

    fn draw_candidates(&self, frame: &mut Frame, line: Rect, look: Look) {
        let columns = line.width.min(WIDEST);
        let inside = usize::from(columns).saturating_sub(3);
        let most = usize::from(line.y).saturating_sub(3);
        let problem = self.problem_lines(inside, look);
        let rows = self.candidate_lines(most.saturating_sub(problem.len()).min(SHOWN), inside, look);
        let lines: Vec<Line> = rows.into_iter().chain(problem).take(most).collect();
        let Ok(height @ 1..) = u16::try_from(lines.len()) else { return };
        let area = Rect { x: line.x, y: line.y - height - 2, width: columns, height: height + 2 };
        frame.render_widget(Clear, area);
        let count = self.completion.candidates.len();
        let place = match &self.choice {
            Some(choice) => format!(" {}/{count} ", choice.at + 1),
            None if count > 0 => format!(" {count} "),
            None => String::new(),
        };
        let title = self.completion.of.map_or_else(|| "Commands".to_owned(), Entry::usage);
        let title = Line::styled(format!(" {} ", fit(&title, inside.saturating_sub(place.len() + 2))), look.title());
        let inner = boxed(frame, area, look, true, title, Line::styled(place, look.quiet()));
        for (line, y) in lines.iter().zip(inner.y..inner.bottom()) {
            frame.buffer_mut().set_line(inner.x + 1, y, line, inner.width - 1);
        }
        if let Some(row) = self.chosen_row(usize::from(inner.height)) {
            let row = Rect { y: inner.y + row, height: 1, ..inner };
            frame.buffer_mut().set_style(row, look.cursor(true));
        }
    }

    /// What is wrong, next to the line.
    fn problem_lines(&self, columns: usize, look: Look) -> Vec<Line<'static>> {
        let Some(problem) = &self.problem else { return Vec::new() };
        let ranges = wrap(problem, columns);
        ranges.into_iter().map(|range| Line::styled(problem[range].to_owned(), look.bad())).collect()
    }

    /// The first candidate that is shown, so that the chosen one is.
    fn top(&self, height: usize) -> usize {
        self.choice.as_ref().map_or(0, |choice| (choice.at + 1).saturating_sub(height))
    }

    fn chosen_row(&self, height: usize) -> Option<u16> {
        let choice = self.choice.as_ref()?;
        u16::try_from(choice.at - self.top(height)).ok()
    }

    fn candidate_lines(&self, height: usize, columns: usize, look: Look) -> Vec<Line<'static>> {
        let candidates = &self.completion.candidates;
        if candidates.is_empty() {
            // The list has nothing to offer, but knows what is being typed.
            let help = self.completion.of.map(|entry| Line::styled(fit(entry.help, columns), look.quiet()));
            return help.into_iter().take(height).collect();
        }
        let shown = candidates.iter().skip(self.top(height)).take(height);
        // All candidates count, so that the columns stand still while one goes through them.
        let names = candidates.iter().map(|candidate| width(&candidate.shown)).max().unwrap_or_default();
        let names = names.min(columns / 2);
        let line = |candidate: &Candidate| {
            let name = fit(&candidate.shown, names);
            let pad = " ".repeat(names - width(&name) + 2);
            let note = fit(&candidate.note, columns.saturating_sub(names + 2));
            Line::from(vec![Span::styled(name, look.key()), Span::raw(pad), Span::styled(note, look.text())])
        };
        shown.map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::commands::Named;
    use crate::app::keys::{Context, command};

    fn known() -> Known {
        let room = |name: &str, id: &str| Named { name: name.into(), id: id.into() };
        Known { rooms: vec![room("lobby-main", "r1"), room("lobby-eu", "r2"), room("quiet", "r3")], ..Known::default() }
    }

    fn after(lines: &[&str], keys: &str) -> (CommandLine, Pressed) {
        let mut history = History::default();
        for line in lines {
            history.keep(line);
        }
        let (mut line, mut last) = (CommandLine::new(history, &known()), Pressed::Stay);
        for key in Key::sequence(keys).unwrap() {
            last = line.press(key, command(Context::Command, key), &known());
        }
        (line, last)
    }

    fn text(keys: &str) -> String {
        after(&[], keys).0.text().to_owned()
    }

    #[test]
    fn tab_goes_through_what_fits_and_s_tab_goes_back() {
        assert_eq!(text("open<space>lob<tab>"), "open lobby-main");
        assert_eq!(text("open<space>lob<tab><tab>"), "open lobby-eu");
        assert_eq!(text("open<space>lob<tab><tab><tab>"), "open lobby-main");
        assert_eq!(text("open<space>lob<backtab>"), "open lobby-eu");
        assert_eq!(text("zzz<tab>"), "zzz");
    }

    #[test]
    fn the_only_one_is_taken_and_the_line_goes_on() {
        assert_eq!(text("open<space>q<tab>"), "open quiet ");
        assert_eq!(text("whole<tab>"), "whole-journal", "it takes nothing");
        assert_eq!(text("ope<tab><tab>"), "open lobby-main", "no other command starts so");
    }

    #[test]
    fn what_stands_behind_the_caret_stays() {
        assert_eq!(text("open<space>q!<left><tab>"), "open quiet !");
    }

    #[test]
    fn up_goes_back_and_down_returns_to_what_was_typed() {
        let lines = ["zoom", "open quiet", "zoom"];
        assert_eq!(after(&lines, "ab<up>").0.text(), "zoom");
        assert_eq!(after(&lines, "ab<up><up>").0.text(), "open quiet");
        assert_eq!(after(&lines, "ab<up><up><up>").0.text(), "open quiet", "each line is kept once");
        assert_eq!(after(&lines, "ab<up><up><down><down>").0.text(), "ab");
    }

    #[test]
    fn enter_runs_esc_closes_and_so_do_enter_and_backspace_on_nothing() {
        assert_eq!(after(&[], "zoom<enter>").1, Pressed::Run("zoom".into()));
        for keys in ["<enter>", "x<esc>", "x<c-c>", "<backspace>", "<space><enter>"] {
            assert_eq!(after(&[], keys).1, Pressed::Close, "{keys}");
        }
        assert_eq!(after(&[], "x<backspace>").1, Pressed::Stay);
    }

    #[test]
    fn no_size_panics() {
        for size in [(40, 10), (41, 11), (80, 24), (300, 100)] {
            let (mut line, _) = after(&[], "open<space><backtab>");
            line.refuse(&"words ".repeat(80));
            let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(size.0, size.1)).unwrap();
            let status = Rect { x: 0, y: size.1 - 2, width: size.0, height: 1 };
            terminal.draw(|frame| assert_eq!(line.draw(frame, status, Look::plain()).y, status.y)).unwrap();
            line.paste(&"long ".repeat(100), &known());
            terminal.draw(|frame| assert!(line.draw(frame, status, Look::plain()).x < size.0)).unwrap();
        }
    }
}
