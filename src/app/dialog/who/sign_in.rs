//! Somebody signs in through a browser, on whatever machine that is: where, with which code, and how long it is good.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::text::Line;

use crate::app::identity::who::{Urgency, time_left};
use crate::app::keys::Command;
use crate::app::look::Look;
use crate::app::outbox::Copied;
use crate::app::text::{clean, wrap};
use crate::app::widget::page::Page;
use crate::identity::facts::{Device, Trouble};

use super::super::{Next, Sheet, Wish as Any, area};
use super::Wish;

/// How far it is.
#[derive(Debug)]
enum Stage {
    /// Where to sign in is being asked.
    Asking,
    /// Somebody is to open a page.
    Waiting(Device),
    /// It came to nothing.
    Failed(Box<Trouble>),
}

/// The open dialog.
#[derive(Debug)]
pub struct SignIn {
    profile: String,
    stage: Stage,
}

impl SignIn {
    /// Signing in with this profile, which is about to begin.
    pub fn new(profile: &str) -> Self {
        Self { profile: clean(profile).as_str().to_owned(), stage: Stage::Asking }
    }

    /// It is known where.
    pub fn at(&mut self, device: Device) {
        self.stage = Stage::Waiting(device);
    }

    /// It came to nothing.
    pub fn failed(&mut self, trouble: &Trouble) {
        self.stage = Stage::Failed(Box::new(trouble.clone()));
    }

    pub(super) fn press(&mut self, command: Option<Command>) -> Next {
        let who = |wish| Next::Ask(Any::Who(wish));
        match (&self.stage, command) {
            (Stage::Failed(_), Some(Command::Cancel | Command::LeaveRunning)) => Next::Close,
            (Stage::Failed(_), Some(Command::Accept)) => who(Wish::SignIn),
            (_, Some(Command::Cancel)) => who(Wish::GiveUp),
            (_, Some(Command::LeaveRunning)) => who(Wish::Leave),
            (Stage::Waiting(device), Some(Command::Copy)) => {
                Next::Ask(Any::Copy(Copied { what: "the address".to_owned(), text: device.url.clone() }))
            }
            _ => Next::Stay,
        }
    }

    /// Whether it came to nothing.
    pub(super) fn has_failed(&self) -> bool {
        matches!(self.stage, Stage::Failed(_))
    }

    pub(super) fn lines(&self, cells: usize, look: Look, now: Timestamp) -> Vec<Line<'static>> {
        let mut page = Page::new(look, cells);
        match &self.stage {
            Stage::Asking => page.styled("asking IAM Identity Center where to sign in ...", look.busy()),
            Stage::Waiting(device) => {
                page.text("Open this page in any browser, on any machine, and confirm the code:");
                page.blank();
                // Whole, as it is to be selected with a mouse where no clipboard works.
                let url = clean(&device.url);
                for range in wrap(url.as_str(), cells) {
                    page.line(Line::styled(url.as_str()[range].to_owned(), look.key()));
                }
                page.blank();
                page.fact_styled("Code", clean(&device.code).as_str(), look.strong());
                let (left, urgency) = time_left(device.until, now);
                let style = match urgency {
                    Urgency::Calm => look.text(),
                    Urgency::Soon => look.busy(),
                    Urgency::Now => look.bad(),
                };
                page.fact_styled("Time", &left, style);
                page.blank();
                page.styled("The console goes on behind this, and its chats stay connected.", look.quiet());
            }
            Stage::Failed(trouble) => {
                page.styled(clean(&trouble.headline()).as_str(), look.bad());
                for why in trouble.why() {
                    page.item(clean(&why).as_str());
                }
                page.text(clean(&format!("{}.", trouble.remedy())).as_str());
                if let Some(command) = trouble.command() {
                    page.code(clean(&command).as_str());
                }
                page.blank();
                page.styled("Enter tries again.", look.quiet());
            }
        }
        page.finish()
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look, now: Timestamp) -> Position {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        let title = format!("Sign in: {}", self.profile);
        Sheet { lines: self.lines(cells, look, now), top: 0, caret: None }.draw(frame, size, look, &title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_shown_whole_and_copied_with_the_code_in_it() {
        let until: Timestamp = "2026-11-21T12:10:00Z".parse().unwrap();
        let url = "https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH".to_owned();
        let mut sheet = SignIn::new("prod");
        assert!(matches!(sheet.press(Some(Command::Copy)), Next::Stay), "there is nothing to copy yet");
        sheet.at(Device { url: url.clone(), code: "ABCD-EFGH".into(), until });
        let Next::Ask(Any::Copy(copied)) = sheet.press(Some(Command::Copy)) else { panic!("not copied") };
        assert_eq!(copied.text, url);
        let now: Timestamp = "2026-11-21T12:01:00Z".parse().unwrap();
        let shown: Vec<String> = sheet.lines(78, Look::plain(), now).iter().map(ToString::to_string).collect();
        assert!(shown.contains(&url) && shown.iter().any(|line| line.contains("9 min left")), "{shown:#?}");
        let narrow: String = sheet.lines(30, Look::plain(), now).iter().map(ToString::to_string).collect();
        assert!(narrow.contains("ABCD-EFGH"), "{narrow}");
    }

    #[test]
    fn it_is_left_and_goes_on_or_given_up() {
        let mut sheet = SignIn::new("prod");
        assert!(matches!(sheet.press(Some(Command::LeaveRunning)), Next::Ask(Any::Who(Wish::Leave))));
        assert!(matches!(sheet.press(Some(Command::Cancel)), Next::Ask(Any::Who(Wish::GiveUp))));
        sheet.failed(&Trouble::Other("no".into()));
        assert!(matches!(sheet.press(Some(Command::Cancel)), Next::Close), "nothing goes on any more");
        assert!(matches!(sheet.press(Some(Command::Accept)), Next::Ask(Any::Who(Wish::SignIn))));
    }
}
