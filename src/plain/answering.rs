//! Answers what a dialog asks: a line fills a field, is typed as a whole, or stands for a key.

use jiff::Timestamp;

use crate::app::dialog::heard::Heard;
use crate::app::key::{Code, Key};
use crate::app::keys::{Command, Context, Keymap, TABLE};
use crate::app::plain::Plain;
use crate::app::{App, Job, Msg};

use super::{Session, Turn};

impl Session {
    /// Takes an answer.
    pub(super) fn answer(&mut self, app: &mut App, now: Timestamp, line: &str, heard: &Heard) -> Turn {
        let jobs = match app.context() {
            Context::Form | Context::Token => return self.answer_form(app, now, line, heard),
            Context::Confirm | Context::Count | Context::Path | Context::Pick | Context::Code => typed(app, now, line),
            Context::Reason => self.choose_reason(app, now, line),
            Context::Review | Context::Dropping | Context::Overwrite => match line.to_lowercase().as_str() {
                "yes" | "y" => press(app, now, Command::Accept),
                "no" | "n" | "cancel" | "back" => press(app, now, Command::Cancel),
                _ => return self.ask_again(heard),
            },
            context => match said_key(context, line) {
                Some(key) => app.update(now, Msg::Key(key)),
                None => return self.ask_again(heard),
            },
        };
        jobs.into()
    }

    /// What can be answered is told again.
    fn ask_again(&mut self, heard: &Heard) -> Turn {
        self.refuse(&format!("that is no answer here. Say: {}", heard.asks));
        Turn::default()
    }

    fn answer_form(&mut self, app: &mut App, now: Timestamp, line: &str, heard: &Heard) -> Turn {
        if let Some((name, value)) = line.split_once('=').filter(|(name, _)| is_a_name(name)) {
            return app.plainly(now, Plain::Fill(name.trim().to_owned(), value.trim().to_owned())).into();
        }
        match line.to_lowercase().as_str() {
            "" | "fields" => {
                for told in &heard.lines {
                    self.say(told);
                }
                Turn::default()
            }
            "cancel" | "close" => press(app, now, Command::Cancel).into(),
            word if word == "send" || heard.asks.contains(&format!("send or {word},")) => accept(app, now).into(),
            _ => match (said_key(app.context(), line), app.explain(line)) {
                (Some(key), _) => app.update(now, Msg::Key(key)).into(),
                (None, Ok(help)) => {
                    self.say(&help);
                    Turn::default()
                }
                (None, Err(why)) => {
                    self.refuse(&why);
                    Turn::default()
                }
            },
        }
    }

    fn choose_reason(&mut self, app: &mut App, now: Timestamp, line: &str) -> Vec<Job> {
        match (line, line.chars().next()) {
            ("cancel" | "no", _) => press(app, now, Command::Cancel),
            ("usual" | "yes", _) => press(app, now, Command::Accept),
            ("", _) => {
                self.refuse("say the number of a reason, usual, a reason in words, or cancel");
                Vec::new()
            }
            (_, Some(digit)) if digit.is_ascii_digit() && line.len() == 1 => {
                app.update(now, Msg::Key(Key::char(digit)))
            }
            (reason, _) => {
                let mut jobs = app.plainly(now, Plain::Type(reason.to_owned()));
                jobs.extend(press(app, now, Command::Accept));
                jobs
            }
        }
    }

    /// Takes the answer to whether the console is to end.
    pub(super) fn answer_leaving(&mut self, app: &mut App, now: Timestamp, line: &str) -> Turn {
        let jobs = match line.to_lowercase().as_str() {
            "yes" | "y" | "quit" => press(app, now, Command::Accept),
            "send" => press(app, now, Command::SendAndLeave),
            "no" | "n" | "stay" | "cancel" => press(app, now, Command::Cancel),
            _ => {
                self.refuse("send, yes or no");
                Vec::new()
            }
        };
        self.over = jobs.iter().any(|job| matches!(job, Job::Quit));
        jobs.into()
    }
}

/// Whether what stands before a `=` can be the name of a field: a word or a few, and nothing of another kind.
fn is_a_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().all(|c| c.is_alphanumeric() || " -_'".contains(c))
}

/// A whole line, typed and accepted; or nothing is done.
fn typed(app: &mut App, now: Timestamp, line: &str) -> Vec<Job> {
    // A name like these is typed as `delete cancel`.
    if matches!(line, "cancel" | "no") {
        return press(app, now, Command::Cancel);
    }
    let mut jobs = app.plainly(now, Plain::Type(line.to_owned()));
    jobs.extend(press(app, now, Command::Accept));
    jobs
}

/// Sends a form.
pub(super) fn accept(app: &mut App, now: Timestamp) -> Vec<Job> {
    app.update(now, Msg::Key(Key::plain(Code::Enter)))
}

/// Presses the key that does this where the keys are now.
fn press(app: &mut App, now: Timestamp, command: Command) -> Vec<Job> {
    let context = app.context();
    let row = TABLE.iter().find(|row| row.context == context && row.command == command);
    let key = row.and_then(|row| row.keys.first().copied());
    app.update(now, Msg::Key(key.unwrap_or(Key::plain(Code::Esc))))
}

/// The key whose word on the hint line was said, such as `join`.
fn said_key(context: Context, line: &str) -> Option<Key> {
    let said = line.trim().to_lowercase();
    let known = |hint: &str| hint == said || hint.split(" or ").any(|word| word == said);
    // In dialogs, where it counts, keys are always as they are built in.
    let keymap = Keymap::default();
    let in_hints = keymap.hints(context).find(|bound| bound.row.hint.is_some_and(known));
    let in_hints = in_hints.and_then(|bound| bound.keys.first().copied());
    // Nobody without a screen knows what is on the hint line: these words close whatever is open.
    let closes = matches!(said.as_str(), "cancel" | "close" | "no" | "back");
    in_hints.or_else(|| closes.then(|| Key::plain(Code::Esc)))
}
