//! The form that deletes a message with a reason of its own.

use crate::api::error::Problem;
use crate::api::limit;
use crate::api::ops::DeleteMessage;
use crate::api::{Arn, Operation};
use crate::app::text::fit;
use crate::app::widget::form::{Field, Form, Text};

use super::form::{Difference, FormDialog, Plan, Purpose};
use super::order::Order;

const REASON: &str = "reason";

/// Cells of the message that are quoted, so that the longest one leaves room for the reason on 80x24.
const QUOTED: usize = 120;

/// The message that is to go.
#[derive(Debug)]
pub struct Doomed {
    /// The room.
    pub room: Arn,
    /// The message's id.
    pub id: Box<str>,
    /// Name and short id of who wrote it.
    pub by: String,
    /// What it says, safe to show.
    pub text: String,
}

/// The form, with the usual reason in it.
pub fn delete(message: Doomed, usual: &str) -> FormDialog {
    let help =
        "Everyone in the room sees it. Empty gives none. Enter shows what will happen; nothing is sent before y.";
    let reason = Text::new(limit::REASON, usual).placeholder("none");
    FormDialog::new(message, Form::new(vec![Field::new(REASON, "Public reason", help, reason)]))
}

impl Doomed {
    fn reason(form: &Form) -> Option<String> {
        Some(form.text(REASON).to_owned()).filter(|reason| !reason.is_empty())
    }
}

impl Purpose for Doomed {
    fn title(&self) -> String {
        format!("Delete a message of {}", self.by)
    }

    fn verb(&self) -> &'static str {
        "delete"
    }

    fn foretell(&self) -> &'static str {
        "This will be done, and nothing else is sent:"
    }

    fn assent(&self) -> &'static str {
        "deletes it"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let reason = Self::reason(form);
        let operation =
            DeleteMessage { room_identifier: self.room.clone(), id: self.id.to_string(), reason: reason.clone() };
        // An id that the service would refuse is refused by it, and its row says so: here only the reason is typed.
        let problems: Vec<Problem> =
            operation.problems().into_iter().filter(|problem| problem.member == REASON).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let told = if reason.is_some() { "Everyone in the room sees it." } else { "" };
        let differences = vec![
            Difference {
                label: "Message".to_owned(),
                old: String::new(),
                new: format!("{}: {}", self.by, fit(&self.text, QUOTED)),
                note: "It is taken from view for everyone: there is no way back. Chat logs keep it.",
            },
            Difference {
                label: "Public reason".to_owned(),
                old: String::new(),
                new: reason.unwrap_or_else(|| "none".to_owned()),
                note: told,
            },
        ];
        Ok(Plan { changes: Vec::new(), differences, batch: None })
    }

    fn order(&self, form: &Form) -> Option<Order> {
        Some(Order::Delete { room: self.room.clone(), message: self.id.clone(), reason: Self::reason(form) })
    }
}
