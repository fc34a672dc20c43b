//! An MFA code is typed: never shown, never kept, gone as soon as it is handed on.

use std::fmt;

use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::text::{Line, Span};
use secrecy::SecretString;
use secrecy::zeroize::Zeroize as _;

use crate::app::key::{Code as KeyCode, Key};
use crate::app::keys::Command;
use crate::app::look::Look;
use crate::app::text::{clean, width};
use crate::app::widget::page::Page;
use crate::identity::facts::{Code, Trouble};

use super::super::{Next, Sheet, Wish as Any, area};
use super::Wish;

/// Digits of a code (RFC 6238 as AWS uses it).
const DIGITS: usize = 6;

/// The open dialog.
pub struct CodePrompt {
    code: Code,
    typed: String,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Typing,
    /// Something else than digits, or too few of them.
    Short,
    Sent,
    Refused(Box<Trouble>),
}

/// Without the digits.
impl fmt::Debug for CodePrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodePrompt").field("code", &self.code).field("stage", &self.stage).finish_non_exhaustive()
    }
}

impl Drop for CodePrompt {
    fn drop(&mut self) {
        self.typed.zeroize();
    }
}

impl CodePrompt {
    /// Asks for this code.
    pub fn new(code: Code) -> Self {
        Self { code, typed: String::new(), stage: Stage::Typing }
    }

    /// STS did not take it.
    pub fn refused(&mut self, trouble: &Trouble) {
        self.stage = Stage::Refused(Box::new(trouble.clone()));
    }

    pub(super) fn press(&mut self, key: Key, command: Option<Command>) -> Next {
        match (command, &self.stage) {
            (Some(Command::Cancel), _) => return Next::Close,
            (_, Stage::Sent) | (Some(_), _) if command != Some(Command::Accept) => {}
            (Some(Command::Accept), Stage::Sent) => {}
            (Some(Command::Accept), _) if self.typed.len() == DIGITS => {
                self.stage = Stage::Sent;
                let code = SecretString::from(self.typed.as_str());
                self.typed.zeroize();
                return Next::Ask(Any::Who(Wish::Code(code)));
            }
            (Some(Command::Accept), _) => self.stage = Stage::Short,
            _ => self.type_key(key),
        }
        Next::Stay
    }

    fn type_key(&mut self, key: Key) {
        match (key.code, key.ctrl) {
            (KeyCode::Char('u'), true) => self.typed.zeroize(),
            (KeyCode::Backspace, _) => drop(self.typed.pop()),
            (KeyCode::Char(digit), false) if digit.is_ascii_digit() => self.add(digit),
            _ => return,
        }
        self.stage = Stage::Typing;
    }

    fn add(&mut self, digit: char) {
        if self.typed.is_empty() {
            // Never to grow: what a string leaves behind when it moves is not wiped.
            self.typed.reserve_exact(DIGITS);
        }
        if self.typed.len() < DIGITS {
            self.typed.push(digit);
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if !matches!(self.stage, Stage::Sent) {
            self.typed.zeroize();
            text.chars().filter(char::is_ascii_digit).for_each(|digit| self.add(digit));
            self.stage = Stage::Typing;
        }
    }

    /// For whom the code is, and why another was not taken.
    pub(super) fn about(&self, cells: usize, look: Look) -> Vec<Line<'static>> {
        let mut page = Page::new(look, cells);
        if let Stage::Refused(trouble) = &self.stage {
            page.styled(clean(&trouble.headline()).as_str(), look.bad());
            for why in trouble.why() {
                page.item(clean(&why).as_str());
            }
            page.text(clean(&format!("{}.", trouble.remedy())).as_str());
            page.blank();
        }
        page.fact("Profile", clean(&self.code.profile).as_str());
        page.fact("Role", clean(&self.code.role).as_str());
        page.blank();
        page.finish()
    }

    pub(super) fn draw(&self, frame: &mut Frame, size: (u16, u16), look: Look) -> Position {
        let cells = usize::from(area(size, 0).width.saturating_sub(4));
        let mut lines = self.about(cells, look);
        let label = format!("Code for {}: ", clean(&self.code.serial).as_str());
        // On a narrow screen the digits have a line of their own.
        let label = if width(&label) + DIGITS + 1 > cells { "Code: ".to_owned() } else { label };
        let hidden = "*".repeat(self.typed.len());
        let column = width(&label) + hidden.len();
        lines.push(Line::from(vec![Span::raw(label), Span::styled(hidden, look.typed())]));
        let caret = Some((column, lines.len() - 1));
        lines.push(match self.stage {
            Stage::Typing | Stage::Refused(_) => {
                Line::styled("Enter sends the six digits; they are not shown.", look.quiet())
            }
            Stage::Short => Line::styled("A code has six digits.", look.bad()),
            Stage::Sent => Line::styled("asking STS ...", look.busy()),
        });
        Sheet { lines, top: 0, caret }.draw(frame, size, look, "An MFA code is wanted")
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::app::keys::{Context, command};

    fn prompt() -> CodePrompt {
        let role = "arn:aws:iam::123456789012:role/Moderator".to_owned();
        CodePrompt::new(Code { serial: "arn:aws:iam::123456789012:mfa/me".into(), profile: "prod".into(), role })
    }

    fn press(prompt: &mut CodePrompt, keys: &str) -> Option<String> {
        let keys = Key::sequence(keys).unwrap();
        keys.into_iter().fold(None, |_, key| match prompt.press(key, command(Context::Code, key)) {
            Next::Ask(Any::Who(Wish::Code(code))) => Some(code.expose_secret().to_owned()),
            _ => None,
        })
    }

    #[test]
    fn six_digits_are_sent_and_nothing_else_is_typed() {
        let mut prompt = prompt();
        assert_eq!(press(&mut prompt, "12x3<enter>"), None);
        assert!(matches!(prompt.stage, Stage::Short));
        assert_eq!(press(&mut prompt, "4567<backspace>6<enter>"), Some("123456".into()));
        assert_eq!(prompt.typed, "", "it is gone");
        assert_eq!(press(&mut prompt, "1<enter>"), None, "one is on its way");
        prompt.paste("654 321\n");
        assert_eq!(prompt.typed, "");
        prompt.refused(&Trouble::Other("no".into()));
        prompt.paste("654 321\n");
        assert_eq!(press(&mut prompt, "<enter>"), Some("654321".into()));
    }

    #[test]
    fn the_digits_are_in_no_log_and_not_on_the_screen() {
        let mut prompt = prompt();
        press(&mut prompt, "987654");
        assert!(!format!("{prompt:?}").contains("987"));
        let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| assert!(prompt.draw(frame, (80, 24), Look::plain()).x < 80)).unwrap();
        let screen = terminal.backend().to_string();
        assert!(!screen.contains("987") && screen.contains("******"), "{screen}");
    }
}
