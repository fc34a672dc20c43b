//! `:config`: where the configuration is, and all that is wrong with it.

use crate::app::configuration::Configuration;
use crate::app::dialog::Dialog;
use crate::app::dialog::report::{Part, Report};
use crate::app::outbox::Outbox;

use super::App;

impl App {
    /// What is wrong is said at the start, and stays until something else is to be said.
    pub(super) fn tell_of_configuration(&self, outbox: &mut Outbox) {
        if let Some(words) = self.settings.configuration.words() {
            outbox.bad(words);
        }
    }

    pub(super) fn show_configuration(&mut self) {
        let parts = parts(&self.settings.configuration);
        self.ask(Dialog::Report(Box::new(Report::new("Configuration", parts))));
    }
}

fn parts(configuration: &Configuration) -> Vec<Part> {
    let mut parts = Vec::new();
    match &configuration.file {
        Some(file) if configuration.is_there => parts.push(Part::Fact("File", file.clone())),
        Some(file) => parts.push(Part::Fact("File", format!("{file} (not there: everything is as built in)"))),
        None => parts.push(Part::Text("There is no file: no home is known. --config FILE names one.".to_owned())),
    }
    match configuration.problems.len() {
        0 if configuration.is_there => parts.push(Part::Text("All of it is understood.".to_owned())),
        0 => {}
        1 => parts.push(Part::Heading("1 problem".to_owned())),
        count => parts.push(Part::Heading(format!("{count} problems"))),
    }
    for (words, excerpt) in &configuration.problems {
        parts.push(Part::Item(words.clone()));
        if let Some((line, caret)) = excerpt {
            parts.extend([Part::Code(format!("    {line}")), Part::Code(format!("    {caret}"))]);
        }
    }
    if configuration.is_lost {
        parts.push(Part::Quiet(
            "Nothing in it counts until this is mended: everything is as built in, and with a real account the console is \
             read-only unless --write was given, as the file may have said so. It is read when the console starts."
                .to_owned(),
        ));
    } else if !configuration.problems.is_empty() {
        parts.push(Part::Quiet(
            "Each is left out, and what is built in counts instead; an entry of a [[list]] is left out as a whole. All \
             else in the file counts. It is read when the console starts."
                .to_owned(),
        ));
    }
    parts.push(Part::Quiet(
        "ivschat config --print-default prints every key, ivschat config --check checks a file, ivschat info tells what \
         counts and where it comes from."
            .to_owned(),
    ));
    parts
}
