//! The form that closes the connections of a user who is named by id: whom, and what everyone is told.

use crate::api::error::Problem;
use crate::api::limit::{self, Chars};
use crate::api::ops::DisconnectUser;
use crate::api::{Arn, Operation};
use crate::app::queue::Why;
use crate::app::widget::form::{Field, Form, Text};

use super::form::{Difference, FormDialog, Plan, Purpose};
use super::order::Order;

const USER: &str = "userId";
const REASON: &str = "reason";
const NOTE: &str = "note";

/// The form for the room that is called `name`. `ourselves` is the user as whom the console watches, `usual` the reason
/// that is in the form at first.
pub fn disconnect(room: Arn, name: String, ourselves: String, usual: &str) -> FormDialog {
    let id = "The id in the user's token, exactly as it is there. Nobody tells whether such a user is connected.";
    let reason =
        "Everyone in the room sees it. Empty gives none. Enter shows what will happen; nothing is sent before y.";
    let note = "Nobody is told: it stays in the journal.";
    let any = limit::Text { min: 1, max: 1000, chars: Chars::Any };
    let form = Form::new(vec![
        Field::new(USER, "User id", id, Text::new(limit::USER_ID, "")),
        Field::new(REASON, "Public reason", reason, Text::new(limit::REASON, usual).placeholder("none")),
        Field::new(NOTE, "Private note", note, Text::new(any, "").placeholder("none")),
    ]);
    FormDialog::new(Disconnect { room, name, ourselves }, form)
}

#[derive(Debug)]
struct Disconnect {
    room: Arn,
    name: String,
    ourselves: String,
}

impl Purpose for Disconnect {
    fn title(&self) -> String {
        format!("Disconnect a user from {}", self.name)
    }

    fn verb(&self) -> &'static str {
        "disconnect"
    }

    fn foretell(&self) -> &'static str {
        "This will be done, and nothing else is sent:"
    }

    fn assent(&self) -> &'static str {
        "disconnects the user"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let (user_id, why) = (form.text(USER).to_owned(), why(form));
        let operation =
            DisconnectUser { room_identifier: self.room.clone(), user_id: user_id.clone(), reason: why.reason.clone() };
        let problems = operation.problems();
        if problems.is_empty() {
            Ok(Plan { differences: self.differences(&user_id, why), ..Plan::default() })
        } else {
            Err(problems)
        }
    }

    fn order(&self, form: &Form) -> Option<Order> {
        Some(Order::Disconnect {
            room: self.room.clone(),
            user: form.text(USER).to_owned(),
            why: why(form),
            form: true,
        })
    }
}

fn why(form: &Form) -> Why {
    let note = Some(form.text(NOTE).trim().to_owned()).filter(|note| !note.is_empty());
    Why { note, ..Why::of(form.text(REASON)) }
}

impl Disconnect {
    fn differences(&self, user_id: &str, why: Why) -> Vec<Difference> {
        let told = if why.reason.is_some() { "Everyone in the room sees it." } else { "" };
        let ourselves = user_id == self.ourselves;
        let line =
            |label: &str, new: String, note| Difference { label: label.to_owned(), old: String::new(), new, note };
        let mut differences = vec![
            line(
                "Whom",
                format!("user id {user_id}"),
                "All their connections to the room are closed. Not a ban: a new token lets them back in.",
            ),
            line(
                "Public reason",
                why.reason.unwrap_or_else(|| "none".to_owned()),
                if ourselves { "This is you: the console itself is thrown out." } else { told },
            ),
        ];
        differences.extend(why.note.map(|note| line("Private note", note, "It stays in the journal.")));
        differences
    }
}
