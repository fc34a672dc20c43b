//! A room or a logging configuration in the reader's own editor.

use crate::app::editing::{changes, document, with_errors};
use crate::app::msg::Ticket;
use crate::app::outbox::{Draft, Job, Outbox};
use crate::app::pane::details::Resource;
use crate::app::text::clean;

use super::App;

/// What something is edited with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    /// A form.
    Form,
    /// The reader's own editor.
    Editor,
}

/// What is in the reader's editor.
#[derive(Debug)]
pub(super) struct Edited {
    ticket: Ticket,
    original: Resource,
    text: String,
}

impl App {
    /// Hands what can be changed of the resource at hand to the reader's editor.
    pub(super) fn edit_text(&mut self, original: Resource, outbox: &mut Outbox) {
        let text = self.unfinished.remove(original.arn()).unwrap_or_else(|| document(&original));
        self.hand_over(original, text, outbox);
    }

    fn hand_over(&mut self, original: Resource, text: String, outbox: &mut Outbox) {
        self.edits.0 += 1;
        let (ticket, name) = (self.edits, original.arn().id().to_owned());
        self.edited = Some(Edited { ticket, original, text: text.clone() });
        outbox.push(Job::Edit(Draft { ticket, name, text }));
    }

    /// The editor has ended.
    pub(super) fn edited(&mut self, ticket: Ticket, text: Result<String, String>, outbox: &mut Outbox) {
        let Some(Edited { original, text: before, .. }) = self.edited.take_if(|edited| edited.ticket == ticket) else {
            return;
        };
        let text = match text {
            Ok(text) => text,
            Err(why) => {
                // The text as it went out: what was typed before it is not lost with the editor.
                if before != document(&original) {
                    self.unfinished.insert(original.arn().clone(), before);
                }
                return outbox.bad(why);
            }
        };
        match changes(&text, &original) {
            Ok(None) => outbox.hint("nothing was changed"),
            Ok(Some(update)) => self.review_update(original, &update),
            // Left as it was: the reader has had enough, or the editor is none that waits.
            Err(flaws) if with_errors(&text, &[]) == with_errors(&before, &[]) => {
                let words = flaws.first().map(|flaw| format!("{} {}", flaw.problem.member, flaw.problem.message));
                let words = clean(&words.unwrap_or_default()).as_str().to_owned();
                outbox.bad(format!("nothing changed, E goes on with the text: {words}"));
                self.unfinished.insert(original.arn().clone(), text);
            }
            // What was typed comes back, with what is wrong with it on top.
            Err(flaws) => self.hand_over(original, with_errors(&text, &flaws), outbox),
        }
    }
}
