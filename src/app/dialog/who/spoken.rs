//! What the dialogs about who the console is say without a screen, and how a line answers them.

use jiff::Timestamp;

use crate::app::dialog::heard::{self, Heard};
use crate::app::look::Look;
use crate::app::widget::page::TOLD;

use super::WhoDialog;

impl WhoDialog {
    /// What it says at `now`.
    pub(in crate::app::dialog) fn spoken(&self, now: Timestamp) -> Heard {
        match self {
            Self::Pick(pick) if pick.is_waiting() => Heard::waiting(pick.title(), Vec::new()),
            Self::Pick(pick) => Heard::new(pick.title(), pick.told(), "a name of these, whole; cancel"),
            Self::SignIn(sheet) => {
                let lines = heard::told(&sheet.lines(TOLD, Look::plain(), now));
                Heard::new("sign in", lines, if sheet.has_failed() { "try again; close" } else { "leave; cancel" })
            }
            Self::Code(prompt) => Heard::new(
                "an MFA code is wanted",
                heard::told(&prompt.about(TOLD, Look::plain())),
                "the six digits; cancel",
            ),
            Self::Unlock(unlock) => {
                let asks = "type the profile's name or the account; cancel";
                Heard::new("let changes pass", heard::told(&unlock.about(TOLD, Look::plain())), asks)
            }
        }
    }

    /// Takes a whole line; what was typed before is gone.
    pub(in crate::app::dialog) fn type_line(&mut self, line: &str) {
        match self {
            Self::Pick(pick) => pick.type_line(line),
            Self::Code(prompt) => prompt.paste(line),
            Self::Unlock(unlock) => unlock.type_line(line),
            Self::SignIn(_) => {}
        }
    }
}
