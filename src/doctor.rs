//! `ivschat doctor`: looks at everything between the keyboard and the rooms, and says what is wrong and what helps.
//!
//! It changes nothing: of the service it asks for one room, of STS who we are, and it writes no file.

mod place;
mod reach;
mod report;

use std::fmt;

use crate::api::Service;
use crate::api::client::Client;
use crate::api::error::Problem;
use crate::api::network::Network;
use crate::api::ops::ListRooms;
use crate::app::trouble;
use crate::cli::Open;
use crate::config::{Config, Loaded};
use crate::identity::facts::{self, Kind, REGIONS, Trouble};
use crate::identity::{Identity, Surroundings, profiles};
use crate::open::{self, OpenError, Target};
use crate::runtime::identity::Reached;

pub use report::{Blame, Check, Mark, Report};

/// Looks at everything; `tell` gets each finding when it is there.
pub async fn run(args: &Open, variable: impl Fn(&str) -> Option<String>, tell: impl FnMut(&Check)) -> Report {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let mut report = Telling { report: Report::default(), tell };
    let config = configuration(args, variable, &mut report);
    let network = network(args, variable, &mut report);
    examine(args, &config, &network, variable, &mut report).await;
    place::clipboard(&config.config, variable, &mut report);
    place::terminal(variable, &mut report);
    place::journal(args, variable, &mut report);
    report.report
}

/// The report, and whom each finding is told.
struct Telling<F> {
    report: Report,
    tell: F,
}

/// What findings are written into.
trait Findings {
    fn add(&mut self, check: Check);

    fn ok(&mut self, what: &'static str, words: impl fmt::Display)
    where
        Self: Sized,
    {
        self.add(Check::new(what, Mark::Ok, words));
    }

    fn warn(&mut self, what: &'static str, words: impl fmt::Display, remedy: impl fmt::Display)
    where
        Self: Sized,
    {
        self.add(Check::new(what, Mark::Warn, words).with_remedy(remedy));
    }

    fn fail(&mut self, what: &'static str, words: impl fmt::Display, remedy: impl fmt::Display)
    where
        Self: Sized,
    {
        self.add(Check::new(what, Mark::Fail(Blame::Ours), words).with_remedy(remedy));
    }

    /// What the identity says of itself.
    fn trouble(&mut self, what: &'static str, trouble: &Trouble)
    where
        Self: Sized,
    {
        let words = std::iter::once(trouble.headline()).chain(trouble.why()).collect::<Vec<_>>().join("; ");
        let command = trouble.command().map(|command| format!(": {command}")).unwrap_or_default();
        let blame = match trouble {
            Trouble::Denied { .. } => Blame::Service,
            _ => Blame::Ours,
        };
        let check = Check::new(what, Mark::Fail(blame), words);
        self.add(check.with_remedy(format!("{}{command}", trouble.remedy())));
    }
}

impl<F: FnMut(&Check)> Findings for Telling<F> {
    fn add(&mut self, check: Check) {
        (self.tell)(&check);
        self.report.checks.push(check);
    }
}

fn configuration(args: &Open, variable: impl Fn(&str) -> Option<String>, report: &mut impl Findings) -> Loaded {
    match Config::load(args.config.clone(), variable) {
        Ok(loaded) => {
            let which = loaded.place.as_ref().map_or("no home".to_owned(), |(path, _)| path.display().to_string());
            for problem in &loaded.problems {
                report.fail(
                    "configuration",
                    format!("{which}: {problem}"),
                    "correct it: ivschat config --print-default",
                );
            }
            if loaded.problems.is_empty() {
                report.ok("configuration", if loaded.is_there { which } else { format!("{which}: there is none") });
            }
            loaded
        }
        Err(error) => {
            report.fail("configuration", error, "correct it: ivschat config --print-default");
            Loaded::default()
        }
    }
}

fn network(args: &Open, variable: impl Fn(&str) -> Option<String>, report: &mut impl Findings) -> Network {
    if args.demo {
        return Network::default();
    }
    let network = match Network::read(&args.network.flags(), variable) {
        Ok(network) => network,
        Err(problems) => {
            for Problem { member, message } in problems {
                report.fail(
                    "network",
                    format!("{member} {message}"),
                    "correct it: docs/network.md tells what it may be",
                );
            }
            return Network::default();
        }
    };
    match &network.ca_bundle {
        _ if !network.verify => {
            report.warn(
                "certificates",
                "nobody has to prove who they are (--no-verify-ssl)",
                "name a CA: AWS_CA_BUNDLE",
            );
        }
        Some(path) => {
            let count = network.extra_roots.len();
            report.ok("certificates", format!("this machine's, and {count} from {}", path.display()));
        }
        None => report.ok("certificates", "this machine's"),
    }
    network
}

async fn examine(
    args: &Open,
    loaded: &Loaded,
    network: &Network,
    variable: impl Fn(&str) -> Option<String> + Copy,
    report: &mut impl Findings,
) {
    if args.demo {
        return match open::demo(args).await {
            Ok(running) => {
                let target = open::simulated(&running, args);
                if let Some(reached) = opened(Ok(target), network, variable, report).await {
                    report.ok("credentials", "of the simulator that runs inside");
                    service(&reached, network, report).await;
                }
                running.stop().await;
            }
            Err(error) => report.fail("simulator", error, "is there a free port on 127.0.0.1?"),
        };
    }
    files(&open::around(network), report).await;
    let target = open::real(args, loaded, network, variable);
    let Some(reached) = opened(target, network, variable, report).await else { return };
    who(&reached, report).await;
    region(&reached, report);
    service(&reached, network, report).await;
}

/// What the console would reach the service through, and as whom.
async fn opened(
    target: Result<Target, OpenError>,
    network: &Network,
    variable: impl Fn(&str) -> Option<String>,
    report: &mut impl Findings,
) -> Option<Reached> {
    let doors = target.and_then(|target| {
        let wanted = target.wanted.clone();
        Ok((open::doors(target, network.clone(), variable)?, wanted))
    });
    let (doors, wanted) = match doors {
        Ok(doors) => doors,
        Err(error) => {
            report.fail("settings", error, "correct it: docs/network.md tells what it may be");
            return None;
        }
    };
    doors.open(wanted).await.map_err(|trouble| report.trouble("identity", &trouble)).ok()
}

/// The files of the AWS CLI, and profiles in them that can't be used.
async fn files(around: &Surroundings, report: &mut impl Findings) {
    let found = match profiles(around).await {
        Ok(found) => found,
        Err(trouble) => return report.trouble("AWS files", &trouble),
    };
    report.ok("AWS files", format!("{} profile{}", found.len(), if found.len() == 1 { "" } else { "s" }));
    for profile in &found {
        if let Kind::Broken(why) = &profile.kind {
            let words = format!("profile {:?} can't be used: {why}", profile.name);
            report.warn("AWS files", words, "correct it, or leave it if nobody uses it");
        }
    }
}

/// Which credentials, until when, and whose.
async fn who(target: &Reached, report: &mut impl Findings) {
    let identity: &Identity = &target.identity;
    let source = identity.source().name().to_owned();
    let profile = identity.profile().map(|profile| format!(", profile {profile}")).unwrap_or_default();
    if let Err(trouble) = identity.credentials().await {
        return report.trouble("credentials", &trouble);
    }
    let until = match identity.expires() {
        Some(until) => format!("until {}", until.strftime("%FT%TZ")),
        None => "they don't expire".to_owned(),
    };
    report.ok("credentials", format!("from {source}{profile}; {until}"));
    match identity.caller().await {
        Ok(caller) => report.ok("identity", format!("account {}, {}", caller.account, caller.arn)),
        // An endpoint of one's own, such as an emulator, need have no STS.
        Err(trouble @ Trouble::Unreachable { .. }) if target.endpoint.is_some() => {
            report.warn("identity", trouble.headline(), "STS is not asked there: the rooms may be there all the same");
        }
        Err(trouble) => report.trouble("identity", &trouble),
    }
}

fn region(target: &Reached, report: &mut impl Findings) {
    let region = target.identity.region();
    let said = match target.identity.region_from() {
        facts::From::Asked => "asked for".to_owned(),
        facts::From::Variable(name) => format!("from {name}"),
        facts::From::Profile => "from the profile".to_owned(),
        facts::From::Configuration => "from the configuration".to_owned(),
        facts::From::Instance => "from the instance metadata service".to_owned(),
        facts::From::Fixed => "fixed".to_owned(),
    };
    if REGIONS.contains(&region) {
        report.ok("region", format!("{region}, {said}"));
    } else if target.endpoint.is_some() {
        report.warn("region", format!("{region}, {said}: AWS has no IVS Chat there"), "it is only signed for");
    } else {
        let all = REGIONS.join(", ");
        report.fail("region", format!("{region}, {said}: there is no IVS Chat"), format!("it is in {all}"));
    }
}

/// Whether both hosts can be reached, and whether the service answers.
async fn service(reached: &Reached, network: &Network, report: &mut impl Findings) {
    let api = reached.client.settings().endpoint.to_string();
    let dated = reach::host("control plane", &api, network, report).await;
    if let Some(date) = &dated {
        reach::clock(date, report);
    }
    reach::host("chat", &reached.messaging, network, report).await;
    // What can't be reached need not be asked, to fail once more.
    if dated.is_some() {
        rooms(&reached.client, report).await;
    }
}

async fn rooms(client: &Client, report: &mut impl Findings) {
    let region = &client.settings().region;
    let one = ListRooms { max_results: Some(1), ..ListRooms::default() };
    match client.call(&one).await {
        Ok(page) if page.rooms.is_empty() => report.ok("ListRooms", format!("answered: no rooms in {region}")),
        Ok(_) => report.ok("ListRooms", format!("answered: there are rooms in {region}")),
        Err(error) => {
            let told = trouble::Trouble::with(Service::IvsChat, &error);
            let facts = told.facts.iter().map(|(label, text)| format!("{label}: {text}"));
            let words = std::iter::once(told.headline.clone()).chain(facts).collect::<Vec<_>>().join("; ");
            let help = told.help.as_ref().filter(|_| told.denied).map(|help| format!(" {}", help.text));
            let help = help.unwrap_or_default();
            let blame = if error.refusal().is_some() { Blame::Service } else { Blame::Ours };
            let check = Check::new("ListRooms", Mark::Fail(blame), words);
            report.add(check.with_remedy(format!("{}{help}", told.remedy)));
        }
    }
}
