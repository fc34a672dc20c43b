//! The form that writes a message in a room, and what is said of one that did not get there.

use std::collections::BTreeMap;

use crate::api::Arn;
use crate::api::error::Problem;
use crate::api::limit::{self, Chars};
use crate::app::room::writing::{Draft, Fate};
use crate::app::text::clean;
use crate::app::widget::form::{Field, Form, Measure, Pairs, Prose};

use super::form::{FormDialog, Plan, Purpose, Told};
use super::order::Order;

const CONTENT: &str = "Content";
const ATTRIBUTES: &str = "Attributes";

/// Bytes of all keys and values that the meter counts up to. The limit is not documented: it is that of a token's, and
/// the service decides.
const ATTRIBUTE_BYTES: usize = limit::TOKEN_ATTRIBUTE_BYTES;

/// As whom a message is written, and what has to be done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The user's id.
    pub user_id: String,
    /// Whether the connection there is may write.
    pub may_write: bool,
}

/// The form for the room that is called `name`, which takes `max` code points in a message.
pub fn write(room: Arn, name: String, writer: Writer, max: u32) -> FormDialog {
    let help = if writer.may_write {
        "Everyone in the room sees it. Enter sends it, C-j breaks a line."
    } else {
        "Everyone in the room sees it. Enter sends it, C-j breaks a line. The first one joins the room anew, with \
         SEND_MESSAGE."
    };
    let limit = limit::Text { min: 1, max: usize::try_from(max).unwrap_or(usize::MAX), chars: Chars::Any };
    let form = Form::new(vec![
        Field::new(CONTENT, "Message", help, Prose::new(limit, "")),
        Field::new(
            ATTRIBUTES,
            "Attributes",
            "For clients that look for them; mostly there are none. key = value; Tab goes on, C-x takes a row away.",
            Pairs::new(Measure::Bytes(ATTRIBUTE_BYTES), &BTreeMap::new()),
        ),
    ]);
    FormDialog::new(Write { room, name, writer, limit }, form)
}

#[derive(Debug)]
struct Write {
    room: Arn,
    name: String,
    writer: Writer,
    limit: limit::Text,
}

impl Purpose for Write {
    fn title(&self) -> String {
        format!("Write to {} as {}", self.name, self.writer.user_id)
    }

    fn verb(&self) -> &'static str {
        "send"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let content = self.limit.problem(&form.prose(CONTENT)).map(|problem| Problem::new(CONTENT, problem));
        let problems: Vec<Problem> = content.into_iter().chain(form.pairs(ATTRIBUTES).err()).collect();
        if problems.is_empty() { Ok(Plan::default()) } else { Err(problems) }
    }

    fn order(&self, form: &Form) -> Option<Order> {
        let attributes = form.pairs(ATTRIBUTES).ok()?;
        let draft = Draft { content: form.prose(CONTENT), attributes };
        Some(Order::Write { room: self.room.clone(), draft })
    }
}

/// What is said of a message that was not seen in its room; nothing if it was.
pub fn told(fate: &Fate) -> Option<Told> {
    let safe = |text: &str| clean(text).as_str().to_owned();
    match fate {
        Fate::Seen(_) => None,
        Fate::Refused(refused) => {
            let why = Some(("Why", safe(&refused.message))).filter(|(_, message)| !message.is_empty());
            let code = ("Code", refused.code.to_string());
            Some(Told {
                headline: headline(refused.code).to_owned(),
                facts: why.into_iter().chain([code]).collect(),
                doubt: false,
                remark: "Nobody else has seen it, and what you typed is still here.",
            })
        }
        Fate::Unseen(why) => Some(Told {
            headline: "Sent, but not seen coming back".to_owned(),
            facts: vec![("Why", safe(why))],
            doubt: true,
            remark: "Look before you send it again. What you typed is still here.",
        }),
        Fate::Unsent(why) => Some(Told {
            headline: "Not sent".to_owned(),
            facts: vec![("Why", safe(why))],
            doubt: false,
            remark: "Nobody else has seen it, and what you typed is still here.",
        }),
    }
}

/// Source: Messaging API reference, error messages.
fn headline(code: u16) -> &'static str {
    match code {
        400 => "The service did not accept it",
        401 => "The connection has expired",
        403 => "It is not allowed",
        404 => "The room does not exist any more",
        406 => "The room's review refused it",
        413 => "It is too large",
        429 => "Too many messages: wait a moment",
        _ => "The service refused it",
    }
}
