//! The form for a purge by pattern: what, where, how far back and for how long; what it would hit is shown while it is typed.

use crate::api::error::Problem;
use crate::api::limit::{self, Chars};
use crate::app::sweep::{MOST, Typed};
use crate::app::widget::form::{Choice, Field, Form, Text};

use super::form::{FormDialog, Plan, Purpose};
use super::order::Order;

const TEXT: &str = "text";
const ROOMS: &str = "rooms";
const PAST: &str = "past";
const NEXT: &str = "next";
const REASON: &str = "reason";

/// The form, filled with what was typed on the command line; `this` is what the shown room is called.
pub fn purge(typed: &Typed, this: &str, live: usize) -> FormDialog {
    let any = limit::Text { min: 1, max: 500, chars: Chars::Any };
    let all = if live == 1 { "all live rooms: this one".to_owned() } else { format!("all {live} live rooms") };
    let form = Form::new(vec![
        Field::new(
            TEXT,
            "Messages",
            "Words, \"a phrase\", /an expression/, from:name, is:flagged, -not: as in the filter. Enter shows each of them.",
            Text::new(any, &typed.text),
        ),
        Field::new(
            ROOMS,
            "Rooms",
            "Space changes it. Only rooms that are live are looked at.",
            Choice::new([("this", this), ("all", all.as_str())], &typed.rooms),
        ),
        Field::new(
            PAST,
            "Said in the last",
            "Such as 60s, 10m or 1h; at most 24h, and what is held here.",
            short(&typed.past),
        ),
        Field::new(
            NEXT,
            "And in the next",
            "Such as 60s, at most 10m: what comes is deleted by itself, until :purge stop. Empty for none.",
            short(&typed.next).placeholder("not what comes later"),
        ),
        Field::new(
            REASON,
            "Reason",
            "The digit of the public reason. If it is empty, you are asked.",
            short(&typed.reason).placeholder("asked for later"),
        ),
    ]);
    FormDialog::new(Purge, form)
}

fn short(text: &str) -> Text {
    Text::new(limit::Text { min: 0, max: 12, chars: Chars::Any }, text)
}

#[derive(Debug)]
struct Purge;

fn typed(form: &Form) -> Typed {
    Typed {
        text: form.text(TEXT).to_owned(),
        rooms: form.choice(ROOMS).to_owned(),
        past: form.text(PAST).to_owned(),
        next: form.text(NEXT).to_owned(),
        reason: form.text(REASON).to_owned(),
    }
}

impl Purpose for Purge {
    fn title(&self) -> String {
        format!("Purge by pattern (at most {MOST} that come later)")
    }

    fn verb(&self) -> &'static str {
        "purge"
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let problems = typed(form).read().err().unwrap_or_default();
        let problems: Vec<Problem> = problems.into_iter().map(|(name, why)| Problem::new(name, why)).collect();
        if problems.is_empty() { Ok(Plan::default()) } else { Err(problems) }
    }

    fn order(&self, form: &Form) -> Option<Order> {
        typed(form).read().ok().map(Order::Purge)
    }
}
