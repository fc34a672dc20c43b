//! Changes are to be let through: whoever wants that types whose console it is.

use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::text::{Line, Span};
use tui_input::Input;

use crate::app::key::Key;
use crate::app::keys::Command;
use crate::app::look::Look;
use crate::app::text::{clean, fit, width};
use crate::app::widget::edit;
use crate::app::widget::page::Page;

use super::super::{Next, Sheet, Wish as Any, area};
use super::Wish;

/// What can be typed to unlock the console, and why it is locked.
#[derive(Debug, Clone)]
pub struct Locked {
    /// The profile, if there is one.
    pub profile: Option<String>,
    /// The account, if it is known.
    pub account: Option<String>,
    /// Why changes are refused.
    pub why: &'static str,
}

/// The open dialog.
#[derive(Debug)]
pub struct Unlock {
    locked: Locked,
    input: Input,
    told: &'static str,
}

impl Unlock {
    /// Asks for the name of what is locked so.
    pub fn new(locked: Locked) -> Self {
        Self { locked, input: Input::default(), told: "" }
    }

    fn is_right(&self) -> bool {
        let typed = Some(self.input.value().trim()).filter(|typed| !typed.is_empty());
        typed.is_some() && (typed == self.locked.profile.as_deref() || typed == self.locked.account.as_deref())
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Next {
        match command {
            Some(Command::Cancel) => return Next::Close,
            Some(Command::Accept) if self.is_right() => return Next::Ask(Any::Who(Wish::Unlock)),
            Some(Command::Accept) => self.told = "That is neither.",
            Some(_) => {}
            None => {
                edit::press(&mut self.input, key);
                self.told = "";
            }
        }
        Next::Stay
    }

    pub(super) fn paste(&mut self) {
        self.told = "It has to be typed: pasting shows that somebody can copy, not that somebody has read.";
    }

    /// What it means, and what can be typed.
    pub(super) fn about(&self, cells: usize, look: Look) -> Vec<Line<'static>> {
        let mut page = Page::new(look, cells);
        page.text(
            "Deletions, disconnections, messages and all other changes will go through, until the console ends or you \
                   switch to another profile.",
        );
        page.blank();
        page.fact("Now", &format!("read-only: {}", self.locked.why));
        let safe = |text: &String| clean(text).as_str().to_owned();
        if let Some(profile) = &self.locked.profile {
            page.fact_styled("Profile", &safe(profile), look.strong());
        }
        if let Some(account) = &self.locked.account {
            page.fact_styled("Account", &safe(account), look.strong());
        }
        page.blank();
        page.finish()
    }

    /// Takes a whole line; what was typed before is gone.
    pub(super) fn type_line(&mut self, line: &str) {
        self.input = Input::from(line.to_owned());
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        let mut lines = self.about(cells, look);
        let label = match (&self.locked.profile, &self.locked.account) {
            (Some(_), Some(_)) => "Type the profile's name or the account: ",
            (Some(_), None) => "Type the profile's name: ",
            (None, _) => "Type the account: ",
        };
        let typed = fit(clean(self.input.value()).as_str(), cells.saturating_sub(width(label) + 1));
        let column = width(label) + self.input.visual_cursor().min(width(&typed));
        lines.push(Line::from(vec![Span::raw(label), Span::styled(typed, look.typed())]));
        let caret = Some((column, lines.len() - 1));
        lines.push(Line::styled(self.told, look.bad()));
        Sheet { lines, top: 0, caret }.draw(frame, size, look, "Let changes pass")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keys::{Context, command};

    fn press(unlock: &mut Unlock, keys: &str) -> bool {
        let keys = Key::sequence(keys).unwrap();
        keys.into_iter().fold(false, |_, key| {
            matches!(unlock.press(key, command(Context::Confirm, key)), Next::Ask(Any::Who(Wish::Unlock)))
        })
    }

    #[test]
    fn the_profile_or_the_account_is_typed_and_nothing_less() {
        let (profile, account) = (Some("prod".to_owned()), Some("123456789012".to_owned()));
        let locked = Locked { profile, account, why: "the profile is protected" };
        for (keys, opens) in
            [("prod<enter>", true), ("123456789012<enter>", true), ("pro<enter>", false), ("<enter>", false)]
        {
            assert_eq!(press(&mut Unlock::new(locked.clone()), keys), opens, "{keys}");
        }
        let nobody = Locked { profile: None, account: None, why: "" };
        assert!(!press(&mut Unlock::new(nobody), "<enter>"), "of nobody nothing is unlocked");
    }
}
