//! The forms for a logging configuration: a new one, the settings of one that is there, and its end.

use crate::api::Operation;
use crate::api::error::Problem;
use crate::api::limit;
use crate::api::model::{Destination, LoggingConfiguration, Tags};
use crate::api::ops::{CreateLoggingConfiguration, DeleteLoggingConfiguration, UpdateLoggingConfiguration};
use crate::app::change::{Change, Done, News, Topic};
use crate::app::deed::Deed;
use crate::app::pane::rows::destination;
use crate::app::widget::form::{Choice, Field, Form, Pairs, Text};

use super::confirm::{Confirm, Subject};
use super::form::{Difference, FormDialog, Plan, Purpose};

const NAME: &str = "name";
/// Not a member: which of the three that follow is sent.
const KIND: &str = "destinationConfiguration";
const BUCKET: &str = "destinationConfiguration.s3.bucketName";
const GROUP: &str = "destinationConfiguration.cloudWatchLogs.logGroupName";
const STREAM: &str = "destinationConfiguration.firehose.deliveryStreamName";
const TAGS: &str = "tags";

const S3: &str = "s3";
const CLOUDWATCH: &str = "cloudWatchLogs";
const FIREHOSE: &str = "firehose";

/// The form for a new logging configuration.
pub fn create() -> FormDialog {
    let mut fields = settings(None);
    let help = "Labels as key = value. Pasted lines of key=value become rows; C-x takes a row away.";
    fields.push(Field::new(TAGS, "Tags", help, Pairs::tags(&Tags::new())));
    FormDialog::new(Create, Form::new(fields))
}

/// The form for the settings of a logging configuration.
pub fn edit(configuration: LoggingConfiguration) -> FormDialog {
    let identifier = configuration.arn.clone();
    edit_with(configuration, &UpdateLoggingConfiguration { identifier, name: None, destination_configuration: None })
}

/// The same, with what `update` would change already typed.
pub fn edit_with(configuration: LoggingConfiguration, update: &UpdateLoggingConfiguration) -> FormDialog {
    let mut typed = configuration.clone();
    typed.name = update.name.clone().unwrap_or(typed.name);
    typed.destination_configuration = update.destination_configuration.clone().or(typed.destination_configuration);
    let mut form = Form::new(settings(Some(&typed)));
    form.set_touched(typed != configuration);
    FormDialog::new(Edit { configuration }, form)
}

/// Asks for the name of a logging configuration that is to be deleted, once it is known which rooms use it.
pub fn delete(configuration: &LoggingConfiguration) -> Confirm {
    let arn = configuration.arn.clone();
    let name = configuration.title().to_owned();
    let facts = vec![
        ("Logging", name.clone()),
        ("ARN", arn.to_string()),
        ("Logs to", destination(configuration.destination_configuration.as_ref())),
    ];
    let warnings = vec!["What was logged stays where it is; nothing more is logged through this.".to_owned()];
    let subject =
        Subject { title: format!("Delete logging configuration {name}"), name: name.clone(), facts, warnings };
    let confirm = Confirm::new(subject, move || {
        let (gone, name) = (arn.clone(), name.clone());
        let deed = Deed { target: Some(arn.clone()), ..Deed::default() };
        Change::new(&DeleteLoggingConfiguration { identifier: arn.clone() }, deed, Topic::Logging, move |_| Done {
            word: format!("deleting logging configuration {name}"),
            news: News::LoggingGoing(gone),
        })
    });
    confirm.looking_for_users()
}

fn settings(configuration: Option<&LoggingConfiguration>) -> Vec<Field> {
    let name = configuration.map_or("", |configuration| configuration.name.as_str());
    let destination = configuration.and_then(|configuration| configuration.destination_configuration.as_ref());
    let (kind, bucket, group, stream) = match destination {
        Some(Destination::S3 { bucket_name }) => (S3, bucket_name.as_str(), "", ""),
        Some(Destination::CloudWatchLogs { log_group_name }) => (CLOUDWATCH, "", log_group_name.as_str(), ""),
        Some(Destination::Firehose { delivery_stream_name }) => (FIREHOSE, "", "", delivery_stream_name.as_str()),
        Some(Destination::Unknown(_)) | None => (CLOUDWATCH, "", "", ""),
    };
    let kinds = [(S3, "S3 bucket"), (CLOUDWATCH, "CloudWatch log group"), (FIREHOSE, "Firehose stream")];
    vec![
        Field::new(
            NAME,
            "Name",
            "Letters, digits, - and _. It need not be unique, and may be empty.",
            Text::new(limit::NAME, name),
        ),
        Field::new(
            KIND,
            "Logs to",
            "Messages are in S3 after about five minutes, in the others after about ten seconds. Space changes it.",
            Choice::new(kinds, kind),
        ),
        Field::new(
            BUCKET,
            "Bucket",
            "In your own account and this region; it must be there already. 3 to 63 characters: a-z 0-9 - and dots.",
            Text::new(limit::BUCKET_NAME, bucket),
        ),
        Field::new(
            GROUP,
            "Log group",
            "In your own account and this region; it must be there already, for instance /ivs/chat.",
            Text::new(limit::LOG_GROUP_NAME, group),
        ),
        Field::new(
            STREAM,
            "Stream",
            "In your own account and this region; it must be there already, with Direct PUT as its source.",
            Text::new(limit::DELIVERY_STREAM_NAME, stream),
        ),
    ]
}

fn adapt(form: &mut Form) {
    let kind = form.choice(KIND).to_owned();
    for (member, of) in [(BUCKET, S3), (GROUP, CLOUDWATCH), (STREAM, FIREHOSE)] {
        form.show(member, kind == of);
    }
}

fn read(form: &Form) -> (String, Destination) {
    let destination = match form.choice(KIND) {
        S3 => Destination::S3 { bucket_name: form.text(BUCKET).to_owned() },
        FIREHOSE => Destination::Firehose { delivery_stream_name: form.text(STREAM).to_owned() },
        _ => Destination::CloudWatchLogs { log_group_name: form.text(GROUP).to_owned() },
    };
    (form.text(NAME).to_owned(), destination)
}

#[derive(Debug)]
struct Create;

impl Purpose for Create {
    fn title(&self) -> String {
        "Create a logging configuration".to_owned()
    }

    fn verb(&self) -> &'static str {
        "create"
    }

    fn adapt(&self, form: &mut Form) {
        adapt(form);
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let (name, destination) = read(form);
        let (tags, problem) = match form.pairs(TAGS) {
            Ok(tags) => (tags, None),
            Err(problem) => (Tags::new(), Some(problem)),
        };
        let name = Some(name).filter(|name| !name.is_empty());
        let operation = CreateLoggingConfiguration { name, destination_configuration: destination, tags };
        let problems: Vec<Problem> = problem.into_iter().chain(operation.problems()).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let change = Change::new(&operation, Deed::default(), Topic::Logging, |made| Done {
            word: format!("created logging configuration {}", made.title()),
            news: News::Logging(Box::new(made)),
        });
        Ok(Plan { changes: vec![change], ..Plan::default() })
    }
}

#[derive(Debug)]
struct Edit {
    configuration: LoggingConfiguration,
}

impl Purpose for Edit {
    fn title(&self) -> String {
        format!("Change logging configuration {}", self.configuration.title())
    }

    fn verb(&self) -> &'static str {
        "save"
    }

    fn adapt(&self, form: &mut Form) {
        adapt(form);
    }

    fn plan(&self, form: &Form) -> Result<Plan, Vec<Problem>> {
        let old = &self.configuration;
        let (name, destination) = read(form);
        let update = UpdateLoggingConfiguration {
            identifier: old.arn.clone(),
            name: (old.name != name).then_some(name),
            destination_configuration: (old.destination_configuration.as_ref() != Some(&destination))
                .then_some(destination),
        };
        let problems = update.problems();
        if problems.is_empty() { Ok(plan(old, &update)) } else { Err(problems) }
    }
}

/// The plan of an update: the call, unless it would change nothing, and each member as it is and as it will be.
fn plan(old: &LoggingConfiguration, update: &UpdateLoggingConfiguration) -> Plan {
    let named = |name: &str| if name.is_empty() { "no name".to_owned() } else { name.to_owned() };
    let name = update.name.as_ref().map(|new| Difference {
        label: "Name".to_owned(),
        old: named(&old.name),
        new: named(new),
        note: "",
    });
    let moved = update.destination_configuration.as_ref().map(|new| Difference {
        label: "Logs to".to_owned(),
        old: destination(old.destination_configuration.as_ref()),
        new: destination(Some(new)),
        note: "All rooms that use this log there from now on.",
    });
    let differences: Vec<Difference> = [name, moved].into_iter().flatten().collect();
    if differences.is_empty() {
        return Plan::default();
    }
    let arn = update.identifier.clone();
    let deed = Deed { target: Some(arn.clone()), ..Deed::default() };
    let change = Change::new(update, deed, Topic::Resource(arn), |saved| Done {
        word: format!("saved logging configuration {}", saved.title()),
        news: News::Logging(Box::new(saved)),
    });
    Plan { changes: vec![change], differences, batch: None }
}
