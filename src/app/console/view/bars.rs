//! Draws the three lines around the panes: who we are, what is going on, what can be pressed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::dialog::Dialog;
use crate::app::keys::{self, Command, Context, Motion};
use crate::app::outbox::Tone;
use crate::app::room::hints::Purpose;
use crate::app::room::link::{Link, Renewal};
use crate::app::room::merged::Merged;
use crate::app::room::reading::Reading;
use crate::app::room::shown::Missed;
use crate::app::room::{Room, glance};
use crate::app::text::{clean, fit, width};

use super::super::{App, Mode, Tab};

/// What is going on in a chat.
struct Going {
    /// Whether rules act by themselves there.
    is_armed: bool,
    /// Why it stands still, if it does.
    paused: Option<String>,
    /// What came meanwhile.
    missed: Missed,
    /// Messages among it of users who are watched.
    watched: usize,
    /// How its connection stands.
    link: Vec<Span<'static>>,
    /// Rows that are not here any more.
    let_go: u64,
}

impl App {
    /// The identity strip: always there, always true. What is not known is not claimed.
    pub(super) fn draw_strip(&self, frame: &mut Frame, area: Rect) {
        let look = self.settings.look;
        let account = self.account().unwrap_or_default();
        let facts = [
            self.settings.place.as_str(),
            &account,
            &self.settings.region,
            if self.replay.is_some() { "RO" } else { "RW" },
        ];
        let mut spans = vec![Span::styled(" ivschat", look.strong())];
        for fact in facts.into_iter().filter(|fact| !fact.is_empty()) {
            spans.push(Span::raw("  "));
            spans.push(Span::raw(clean(fact).as_str().to_owned()));
        }
        let left = Line::from(spans);
        let clock = Span::raw(format!("{} ", self.clock()));
        let sending = match self.sending {
            0 => Span::raw(""),
            sending => Span::styled(format!("{sending} sending  "), look.busy()),
        };
        let waiting = match self.queue.waiting() {
            0 => Span::raw(""),
            waiting => Span::styled(format!("{waiting} to send  "), look.busy()),
        };
        let live = match self.live_count() {
            0 => Span::raw(""),
            live => Span::styled(format!("{live} live  "), look.good()),
        };
        let armed = self.armed_words();
        let full = Line::from(vec![armed.clone(), waiting, sending, live, clock.clone()]);
        // Who we are comes before how late it is, and what may delete by itself comes before everything.
        let room = usize::from(area.width).saturating_sub(left.width() + 2);
        let right = [full, Line::from(vec![armed.clone(), clock]), Line::from(armed)]
            .into_iter()
            .find(|line| line.width() <= room)
            .unwrap_or_default();
        two_ends(frame, area, left, right);
    }

    /// The rooms in which rules may delete: this is never out of sight.
    fn armed_words(&self) -> Span<'static> {
        let armed: Vec<&str> = self.armed().collect();
        let words = match armed.as_slice() {
            [] => return Span::raw(""),
            [one] => format!("ARMED {}  ", fit(one, 16)),
            many => format!("ARMED {} rooms  ", many.len()),
        };
        Span::styled(words, self.settings.look.bad())
    }

    /// The account, as the ARNs in it name it.
    fn account(&self) -> Option<String> {
        let room = self.rooms.rows().first().map(|row| row.summary.arn.account());
        let logging = self.logging.rows().first().map(|row| row.configuration.arn.account());
        room.or(logging).or(self.pinned.as_ref().map(crate::api::Arn::account)).map(ToOwned::to_owned)
    }

    /// What is going on: where the reader is in a chat, and the last word on what was done.
    pub(super) fn draw_status(&self, frame: &mut Frame, area: Rect) {
        let look = self.settings.look;
        if let Mode::Leaving(pending) = &self.mode {
            let line = self.leaving_words(*pending);
            frame.render_widget(Line::styled(line, look.bad()), area);
            return;
        }
        let mut left = match (self.merged(), self.shown_room().filter(|_| self.shown_tab() == Tab::Chat)) {
            (Some(merged), _) => self.merged_status(merged),
            (None, Some(room)) => self.room_status(room),
            (None, None) => Line::default(),
        };
        // It acts by itself: that is said wherever the reader is.
        if let Some(words) = self.purge_words() {
            left.spans.insert(0, Span::styled(format!(" {words} "), look.bad()));
        }
        let space = usize::from(area.width).saturating_sub(left.width() + 3);
        let right = match &self.word {
            Some(word) => {
                let style = match word.tone {
                    Tone::Good => look.good(),
                    Tone::Bad => look.bad(),
                    Tone::Hint => look.quiet(),
                };
                Line::styled(format!("{} ", fit(&word.text, space)), style)
            }
            None => Line::default(),
        };
        if left.width() == 0 {
            frame.render_widget(Line::from([vec![Span::raw(" ")], right.spans].concat()).style(right.style), area);
        } else {
            two_ends(frame, area, left, right);
        }
    }

    fn leaving_words(&self, pending: usize) -> String {
        let waiting = self.queue.waiting();
        if self.parting {
            return format!(" {} left; the console ends when they are answered.  n stay", self.under_way().0);
        }
        if waiting > 0 {
            let on_their_way = pending.saturating_sub(waiting);
            return format!(
                " {waiting} not sent yet, {on_their_way} on the way.  s send, then leave  y drop and leave  n stay"
            );
        }
        let what = if pending == 1 { "1 change is".to_owned() } else { format!("{pending} changes are") };
        format!(" {what} still on the way, and the outcome would be lost. Leave all the same?  y leave  n stay")
    }

    fn room_status(&self, room: &Room) -> Line<'static> {
        let paused = room.reading() != Reading::Live;
        let link = match &self.replay {
            Some(player) => self.replay_status(player),
            None if !paused || !is_well(room.link()) => words(glance::words(room.link(), self.now, self.settings.look)),
            None => Vec::new(),
        };
        self.chat_status(Going {
            is_armed: room.is_armed(),
            paused: paused.then(|| pause_words(room, self.size.0 < 100)),
            missed: room.sight().missed(),
            watched: room.watched_missed(),
            link,
            let_go: room.feed().let_go(),
        })
    }

    fn merged_status(&self, merged: &Merged) -> Line<'static> {
        let look = self.settings.look;
        let (watched, live) = (self.live.values().filter(|room| room.is_watched()).count(), self.live_count());
        let paused = (merged.reading() != Reading::Live).then(|| {
            let (marked, rooms, hidden) = merged.marked(&self.live);
            let of = if rooms > 1 { format!(" in {rooms} rooms") } else { String::new() };
            let hidden = if hidden > 0 { format!(", {hidden} hidden") } else { String::new() };
            match (marked, merged.reading().selected()) {
                (0, Some(_)) if self.size.0 >= 100 => "|| paused: message selected".to_owned(),
                (0, _) => "|| paused".to_owned(),
                (marked, _) => format!("|| paused: {marked} marked{of}{hidden}"),
            }
        });
        let link = match (live == watched, live) {
            (true, _) if paused.is_some() => Vec::new(),
            (true, 1) => vec![("1 room live".to_owned(), look.good())],
            (true, _) => vec![(format!("{live} rooms live"), look.good())],
            (false, _) => vec![(format!("{live} of {watched} rooms live"), look.busy())],
        };
        self.chat_status(Going {
            is_armed: self.live.values().any(Room::is_armed),
            paused,
            missed: merged.sight().missed(),
            watched: merged.watched_missed(),
            link: words(link),
            let_go: merged.let_go(),
        })
    }

    fn chat_status(&self, chat: Going) -> Line<'static> {
        let look = self.settings.look;
        let mut spans = vec![Span::raw(" ")];
        if chat.is_armed {
            spans.push(Span::styled("ARMED  ", look.bad()));
        }
        let is_paused = chat.paused.is_some();
        if let Some(paused) = chat.paused {
            let words = match self.labels().map(|labels| labels.purpose) {
                Some(Purpose::Delete) => "|| a label deletes its message".to_owned(),
                Some(Purpose::Select) => "|| a label selects its message".to_owned(),
                None => paused,
            };
            spans.push(Span::styled(words, look.busy()));
            if chat.missed.messages > 0 {
                spans.push(Span::styled(format!("   +{} new", chat.missed.messages), look.strong()));
            }
            match (chat.missed.flagged, chat.watched) {
                (0, 0) => {}
                (flagged, 0) => spans.push(Span::styled(format!(" ({flagged} flagged)"), look.bad())),
                (0, watched) => spans.push(Span::styled(format!(" ({watched} watched)"), look.mark())),
                (flagged, watched) => {
                    spans.push(Span::styled(format!(" ({flagged} flagged, {watched} watched)"), look.bad()));
                }
            }
            // Where a dialog is open, G means something else.
            if matches!(self.mode, Mode::Panes) && !self.card_has_keys() {
                spans.push(Span::styled("   G live", look.quiet()));
            }
        }
        if !chat.link.is_empty() {
            spans.push(Span::raw(if is_paused { "   " } else { "" }));
            spans.extend(chat.link);
        }
        if chat.let_go > 0 {
            spans.push(Span::styled(format!("  {} older let go", chat.let_go), look.quiet()));
        }
        Line::from(spans)
    }

    /// Whether a key is worth a hint now: in a chat, other keys are while a message is selected.
    fn is_of_use(&self, context: Context, command: Command) -> bool {
        let selected = match context {
            Context::Chat => self.selected_message().is_some() || self.shown_room().is_some_and(has_marks),
            // Only deletions go on by themselves.
            Context::Batch => return command != Command::LeaveRunning || self.is_bulk(),
            Context::BatchOver => return command != Command::Accept || !self.is_all_done(),
            _ => return command != Command::Help,
        };
        match command {
            Command::Move(Motion::Up) | Command::LabelToDelete | Command::Filter | Command::Write => !selected,
            Command::Delete
            | Command::DeleteBecause
            | Command::Disconnect
            | Command::Purge
            | Command::Card
            | Command::Mark
            | Command::Inspect
            | Command::Move(Motion::Bottom) => selected,
            Command::Merged | Command::Tiles => !selected && self.live_count() > 1,
            Command::Help => false,
            _ => true,
        }
    }

    fn is_bulk(&self) -> bool {
        matches!(&self.mode, Mode::Dialog(_, dialog) if matches!(dialog.as_ref(), Dialog::Bulk(_)))
    }

    /// Whether nothing of many changes is left that could be tried again.
    fn is_all_done(&self) -> bool {
        match &self.mode {
            Mode::Dialog(_, dialog) => dialog.is_all_done(),
            _ => true,
        }
    }

    /// What can be pressed here; the way to the help is always among it.
    pub(super) fn draw_hints(&self, frame: &mut Frame, area: Rect) {
        let look = self.settings.look;
        let context = self.context();
        let help = if context.is_pane() { "? help " } else { "" };
        let room = usize::from(area.width).saturating_sub(width(help) + 2);
        let mut spans = vec![Span::raw(" ")];
        let mut used = 1;
        for row in keys::hints(context).filter(|row| self.is_of_use(context, row.command)) {
            let (Some(key), Some(hint)) = (row.keys.first(), row.hint) else { continue };
            let key = key.to_string();
            used += width(&key) + width(hint) + 3;
            if used > room {
                break;
            }
            spans.extend([Span::styled(key, look.key()), Span::raw(format!(" {hint}  "))]);
        }
        let help = if help.is_empty() {
            Line::default()
        } else {
            Line::from(vec![Span::styled("?", look.key()), Span::raw(" help ")])
        };
        two_ends(frame, area, Line::from(spans), help);
    }
}

/// Whether there is nothing to be said of the connection while there is something else to say.
pub(super) fn is_well(link: &Link) -> bool {
    matches!(link, Link::Live { renewal: Renewal::NotDue | Renewal::UnderWay { trouble: None, .. }, .. })
}

/// Why a room stands still.
pub(super) fn pause_words(room: &Room, short: bool) -> String {
    let mut why = Vec::new();
    let marked = room.marks().len();
    if marked > 0 {
        let hidden = room.hidden_marks();
        why.push(if hidden > 0 { format!("{marked} marked, {hidden} hidden") } else { format!("{marked} marked") });
    }
    if room.reading().selected().is_some() && !(short && marked > 0) {
        why.push("message selected".to_owned());
    }
    match (why.is_empty(), short && marked == 0) {
        (true, _) | (_, true) => "|| paused".to_owned(),
        (false, false) => format!("|| paused: {}", why.join(", ")),
    }
}

/// Words in their styles.
fn words(words: Vec<(String, Style)>) -> Vec<Span<'static>> {
    words.into_iter().map(|(words, style)| Span::styled(words, style)).collect()
}

/// One line with something at both ends; the right end gives way.
fn two_ends(frame: &mut Frame, area: Rect, left: Line, right: Line) {
    let used = u16::try_from(left.width()).unwrap_or(area.width).min(area.width);
    let width = u16::try_from(right.width()).unwrap_or(area.width).min(area.width - used);
    frame.render_widget(right, Rect { x: area.right() - width, width, ..area });
    frame.render_widget(left, Rect { width: used, ..area });
}

fn has_marks(room: &Room) -> bool {
    !room.marks().is_empty()
}
