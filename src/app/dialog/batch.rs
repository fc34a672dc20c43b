//! Many changes at once: looked through before they start, a few on their way at a time, and a result for each.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use crate::app::change::{Change, Failed};
use crate::app::keys::{Command, Context};
use crate::app::look::Look;
use crate::app::outbox::Tone;
use crate::app::screen::inside;
use crate::app::text::{Clean, clean, fit, width};
use crate::app::trouble::Trouble;
use crate::app::widget::frame::boxed;
use crate::app::widget::page::Scroll;

use super::heard::Heard;
use super::{Dialog, Next, area};

/// Changes that are on their way at a time: few enough that cancelling means something.
const AT_ONCE: usize = 4;

/// One change of many.
pub struct Item {
    /// What is changed, and how.
    label: Clean,
    make: Box<dyn Fn() -> Change + Send>,
    state: State,
    /// It is sent when the one before it is done, and not if that was not.
    follows: bool,
}

/// What has become of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Waiting,
    Sent,
    Done,
    Failed(String),
    Cancelled,
}

/// How far all of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    Running,
    Over,
}

/// Many changes.
pub struct Batch {
    title: Clean,
    items: Vec<Item>,
    stage: Stage,
    scroll: Scroll,
    /// The form that it came from.
    before: Option<Box<Dialog>>,
}

impl Item {
    /// What `make` makes, called `label`.
    pub fn new(label: &str, make: impl Fn() -> Change + Send + 'static) -> Self {
        Self { label: clean(label), make: Box::new(make), state: State::Waiting, follows: false }
    }
}

impl Item {
    /// It waits for the one before it, and is not sent if that is not carried out.
    #[must_use]
    pub fn after_the_one_before(self) -> Self {
        Self { follows: true, ..self }
    }
}

impl Batch {
    /// Asks whether all this is to be done.
    pub fn new(title: &str, items: Vec<Item>) -> Self {
        Self { title: clean(title), items, stage: Stage::Asking, scroll: Scroll::default(), before: None }
    }

    /// If it is not wanted after all, the form that it came from is there again, with what was typed.
    #[must_use]
    pub fn over(self, before: Box<Dialog>) -> Self {
        Self { before: Some(before), ..self }
    }

    pub(super) fn context(&self) -> Context {
        match self.stage {
            Stage::Asking => Context::Review,
            Stage::Running => Context::Batch,
            Stage::Over => Context::BatchOver,
        }
    }

    pub(super) fn press(&mut self, command: Option<Command>, size: (u16, u16)) -> Next {
        match (self.stage, command) {
            (Stage::Asking, Some(Command::Accept)) => self.run(),
            (Stage::Asking, Some(Command::Cancel)) => self.before.take().map_or(Next::Close, Next::Return),
            (Stage::Over, Some(Command::Cancel)) => Next::Close,
            (Stage::Running, Some(Command::Cancel)) if self.count(|state| *state == State::Waiting) == 0 => Next::Leave,
            (Stage::Running, Some(Command::Cancel)) => {
                for item in self.items.iter_mut().filter(|item| item.state == State::Waiting) {
                    item.state = State::Cancelled;
                }
                self.settle();
                Next::Stay
            }
            (Stage::Over, Some(Command::Accept)) if self.count(|state| *state != State::Done) > 0 => {
                for item in self.items.iter_mut().filter(|item| item.state != State::Done) {
                    item.state = State::Waiting;
                }
                self.run()
            }
            (_, Some(Command::Move(motion))) => {
                let height = inside(area(size, self.items.len() + 2)).1.saturating_sub(2);
                self.scroll.go(motion, self.items.len(), height);
                Next::Stay
            }
            _ => Next::Stay,
        }
    }

    fn run(&mut self) -> Next {
        self.stage = Stage::Running;
        self.send_more()
    }

    /// As many as may be on their way.
    fn send_more(&mut self) -> Next {
        let mut room = AT_ONCE.saturating_sub(self.count(|state| *state == State::Sent));
        let mut changes = Vec::new();
        let mut before = State::Done;
        for (step, item) in self.items.iter_mut().enumerate() {
            let ready = !item.follows || before == State::Done;
            match item.state {
                State::Waiting if ready && room > 0 => {
                    room -= 1;
                    item.state = State::Sent;
                    changes.push((step, (item.make)()));
                }
                State::Waiting if item.follows && matches!(before, State::Failed(_) | State::Cancelled) => {
                    item.state = State::Cancelled;
                }
                State::Waiting | State::Sent | State::Done | State::Failed(_) | State::Cancelled => {}
            }
            before = item.state.clone();
        }
        self.settle();
        if changes.is_empty() { Next::Stay } else { Next::SendAll(changes) }
    }

    /// It is over when nothing waits and nothing is on its way.
    fn settle(&mut self) {
        if self.count(|state| matches!(state, State::Waiting | State::Sent)) == 0 {
            self.stage = Stage::Over;
        }
    }

    fn count(&self, which: impl Fn(&State) -> bool) -> usize {
        self.items.iter().filter(|item| which(&item.state)).count()
    }

    pub(super) fn answered(&mut self, step: usize, failed: Option<&Failed>) -> Next {
        if let Some(item) = self.items.get_mut(step) {
            item.state = match failed {
                None => State::Done,
                Some(failed) => State::Failed(Trouble::new(&failed.error).brief()),
            };
        }
        self.send_more()
    }

    /// What came of it, if it is over.
    pub(super) fn is_all_done(&self) -> bool {
        self.items.iter().all(|item| item.state == State::Done)
    }

    pub(super) fn verdict(&self) -> Option<(Tone, String)> {
        let done = self.count(|state| *state == State::Done);
        let tone = if done == self.items.len() { Tone::Good } else { Tone::Bad };
        let words = format!("{}: {done} of {} done", self.title.as_str(), self.items.len());
        (self.stage == Stage::Over).then_some((tone, words))
    }

    /// How it stands, in a few words.
    fn summary(&self) -> String {
        let done = self.count(|state| *state == State::Done);
        let failed = self.count(|state| matches!(state, State::Failed(_)));
        let cancelled = self.count(|state| *state == State::Cancelled);
        match self.stage {
            Stage::Asking if self.items.len() == 1 => "This will be done, 1 call in all:".to_owned(),
            Stage::Asking => format!("This will be done, {} calls in all:", self.items.len()),
            Stage::Running => format!("{done} of {} done, {failed} failed; Esc cancels the rest", self.items.len()),
            Stage::Over if failed + cancelled == 0 => format!("All {done} done."),
            Stage::Over => {
                format!("{done} done, {failed} failed, {cancelled} cancelled; r tries again what is not done")
            }
        }
    }

    /// What it says without a screen.
    pub(super) fn spoken(&self) -> Heard {
        let summary = self.summary();
        let summary = summary.split(';').next().unwrap_or_default().to_owned();
        let told = |item: &Item| {
            let word = match &item.state {
                State::Waiting | State::Sent => String::new(),
                State::Done => ": done".to_owned(),
                State::Failed(why) => format!(": failed: {why}"),
                State::Cancelled => ": cancelled".to_owned(),
            };
            clean(&format!("{}{word}", item.label.as_str())).as_str().to_owned()
        };
        let lines = std::iter::once(summary).chain(self.items.iter().map(told)).collect();
        match self.stage {
            Stage::Asking => Heard::new(self.title.as_str(), lines, "yes does it, no goes back"),
            Stage::Running => Heard::waiting(self.title.as_str(), Vec::new()),
            Stage::Over if self.count(|state| *state != State::Done) == 0 => Heard::new(self.title.as_str(), lines, ""),
            Stage::Over => Heard::new(self.title.as_str(), lines, "retry tries again what is not done; or close"),
        }
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let area = area(size, self.items.len() + 2);
        frame.render_widget(Clear, area);
        let title = fit(self.title.as_str(), usize::from(area.width.saturating_sub(4)));
        let inner = boxed(frame, area, look, true, Line::styled(format!(" {title} "), look.title()), Line::default());
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let cells = usize::from(inner.width);
        let buffer = frame.buffer_mut();
        buffer.set_line(inner.x, inner.y, &Line::styled(fit(&self.summary(), cells), look.strong()), inner.width);
        let height = usize::from(inner.height).saturating_sub(2);
        let top = self.scroll.top(self.items.len(), height);
        for (item, y) in self.items.iter().skip(top).take(height).zip(inner.y + 2..) {
            buffer.set_line(inner.x, y, &item.line(cells, look), inner.width);
        }
        Position::new(inner.x, inner.y)
    }
}

impl Item {
    fn line(&self, cells: usize, look: Look) -> Line<'static> {
        let (word, style) = match &self.state {
            State::Waiting => (String::new(), look.quiet()),
            State::Sent => ("sending".to_owned(), look.busy()),
            State::Done => ("done".to_owned(), look.good()),
            State::Failed(why) => (format!("failed: {why}"), look.bad()),
            State::Cancelled => ("cancelled".to_owned(), look.quiet()),
        };
        let label = fit(self.label.as_str(), cells);
        let room = cells.saturating_sub(width(&label) + 2);
        Line::from(vec![Span::raw(label), Span::raw("  "), Span::styled(fit(&word, room), style)])
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("title", &self.title).field("stage", &self.stage).finish_non_exhaustive()
    }
}
