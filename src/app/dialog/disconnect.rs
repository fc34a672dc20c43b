//! The form that closes a user's connections to a room: whom, and what everyone is told.

use crate::api::error::Problem;
use crate::api::limit;
use crate::api::ops::DisconnectUser;
use crate::api::{Arn, Operation};
use crate::app::change::{Change, Done, News, Topic};
use crate::app::deed::Deed;
use crate::app::text::clean;
use crate::app::widget::form::{Choice, Field, Form, Text};

use super::form::{Difference, FormDialog, Plan, Purpose};

const USER: &str = "userId";
const REASON: &str = "reason";

/// A user who was seen in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whom {
    /// The id in the user's token.
    pub user_id: String,
    /// Name and short id, safe to show.
    pub label: String,
    /// How many of the user's messages are here.
    pub messages: usize,
}

impl Whom {
    /// Name and whole id, safe to show.
    fn words(&self) -> String {
        let id = clean(&self.user_id);
        format!("{}, user id {}", self.label, id.as_str())
    }

    /// The same with how much was heard of them, where there is room for it.
    fn story(&self) -> String {
        let s = if self.messages == 1 { "" } else { "s" };
        format!("{}, {} message{s} here", self.words(), self.messages)
    }
}

/// The form for the room that is called `name`. A user who is given is the one who is hit, whatever is typed; otherwise
/// the id is typed. `ourselves` is the user as whom the console watches, `usual` the reason that is in the form at first.
pub fn disconnect(room: Arn, name: String, whom: Option<Whom>, ourselves: String, usual: &str) -> FormDialog {
    let user = match &whom {
        Some(whom) => Field::new(
            USER,
            "Whom",
            "Whose message was selected. It is the id that counts: names are not unique.",
            Choice::new([(whom.user_id.as_str(), whom.words().as_str())], ""),
        ),
        None => Field::new(
            USER,
            "User id",
            "The id in the user's token, exactly as it is there. Nobody tells whether such a user is connected.",
            Text::new(limit::USER_ID, ""),
        ),
    };
    let help =
        "Everyone in the room sees it. Empty gives none. Enter shows what will happen; nothing is sent before y.";
    let reason = Field::new(REASON, "Public reason", help, Text::new(limit::REASON, usual).placeholder("none"));
    let mut form = Form::new(vec![user, reason]);
    if whom.is_some() {
        form.focus_on(REASON);
    }
    FormDialog::new(Disconnect { room, name, whom, ourselves }, form)
}

#[derive(Debug)]
struct Disconnect {
    room: Arn,
    name: String,
    whom: Option<Whom>,
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
        let user_id = match &self.whom {
            Some(whom) => whom.user_id.clone(),
            None => form.text(USER).to_owned(),
        };
        let reason = Some(form.text(REASON).to_owned()).filter(|reason| !reason.is_empty());
        let operation =
            DisconnectUser { room_identifier: self.room.clone(), user_id: user_id.clone(), reason: reason.clone() };
        let problems = operation.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let who = match &self.whom {
            Some(whom) => whom.label.clone(),
            None => clean(&user_id).as_str().to_owned(),
        };
        let deed = Deed {
            target: Some(self.room.clone()),
            user: Some(user_id.clone()),
            reason: reason.clone(),
            ..Deed::default()
        };
        let topic = Topic::User(self.room.clone(), user_id.clone());
        let (room, user, word) = (self.room.clone(), user_id.clone(), format!("disconnected {who} from {}", self.name));
        let change = Change::new(&operation, deed, topic, move |_| Done { word, news: News::Disconnected(room, user) });
        Ok(Plan { changes: vec![change], differences: self.differences(&user_id, reason), batch: None })
    }
}

impl Disconnect {
    fn differences(&self, user_id: &str, reason: Option<String>) -> Vec<Difference> {
        let who = match &self.whom {
            Some(whom) => whom.story(),
            None => format!("user id {user_id}"),
        };
        let ourselves = user_id == self.ourselves;
        let told = if reason.is_some() { "Everyone in the room sees it." } else { "" };
        vec![
            Difference {
                label: "Whom".to_owned(),
                old: String::new(),
                new: who,
                note: "All their connections to the room are closed. Not a ban: a new token lets them back in.",
            },
            Difference {
                label: "Public reason".to_owned(),
                old: String::new(),
                new: reason.unwrap_or_else(|| "none".to_owned()),
                note: if ourselves { "This is you: the console itself is thrown out." } else { told },
            },
        ]
    }
}
