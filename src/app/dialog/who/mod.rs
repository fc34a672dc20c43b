//! Dialogs about who the console is: to pick a profile or a region, to sign in, to type an MFA code, to let changes pass.

mod code;
mod pick;
mod sign_in;
mod spoken;
mod unlock;

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Position;
use secrecy::SecretString;

use crate::app::key::Key;
use crate::app::keys::{Command, Context};
use crate::app::look::Look;

use super::Next;

pub use code::CodePrompt;
pub use pick::Pick;
pub use sign_in::SignIn;
pub use unlock::{Locked, Unlock};

/// A dialog about who the console is.
#[derive(Debug)]
pub enum WhoDialog {
    /// A profile or a region is picked.
    Pick(Pick),
    /// Somebody signs in through a browser.
    SignIn(SignIn),
    /// An MFA code is typed.
    Code(CodePrompt),
    /// Changes are to be let through.
    Unlock(Unlock),
}

/// What such a dialog wants.
#[derive(Debug)]
pub enum Wish {
    /// This profile.
    Profile(String),
    /// This region.
    Region(String),
    /// To sign in anew.
    SignIn,
    /// To wait no longer for the browser.
    GiveUp,
    /// To wait out of sight.
    Leave,
    /// This code taken.
    Code(SecretString),
    /// Changes let through.
    Unlock,
}

impl WhoDialog {
    pub(super) fn context(&self) -> Context {
        match self {
            Self::Pick(_) => Context::Pick,
            Self::SignIn(_) => Context::SignIn,
            Self::Code(_) => Context::Code,
            Self::Unlock(_) => Context::Confirm,
        }
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Next {
        match self {
            Self::Pick(pick) => pick.press(key, command),
            Self::SignIn(sheet) => sheet.press(command),
            Self::Code(prompt) => prompt.press(key, command),
            Self::Unlock(unlock) => unlock.press(key, command),
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        match self {
            Self::Pick(pick) => pick.paste(text),
            Self::Code(prompt) => prompt.paste(text),
            Self::Unlock(unlock) => unlock.paste(),
            Self::SignIn(_) => {}
        }
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look, now: Timestamp) -> Position {
        match self {
            Self::Pick(pick) => pick.draw(frame, size, look),
            Self::SignIn(sheet) => sheet.draw(frame, size, look, now),
            Self::Code(prompt) => prompt.draw(frame, size, look),
            Self::Unlock(unlock) => unlock.draw(frame, size, look),
        }
    }
}
