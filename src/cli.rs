//! The command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::api::network::Flags;
use crate::app::look::Theme;
use crate::app::replay::Speed;
use crate::exit;
use crate::journal::command as journal;
use crate::runtime::drawing;
use crate::runtime::log::Level;
use crate::simulator::command;

/// What stands below the flags in `--help`, before the exit codes.
const AFTER_HELP: &str = "\
Credentials come from where the AWS CLI finds them: AWS_ACCESS_KEY_ID and its companions, profiles (SSO, aws login, \
roles, programs), containers, the instance. Without any, --demo shows everything on a simulator of the service. \
Colours are left out if NO_COLOR is set. Press ? in the console for its keys.";

fn after_help() -> String {
    let codes = exit::TABLE.map(|(code, meaning)| format!("  {code:>3}  {meaning}"));
    format!("{AFTER_HELP}\n\nExit codes:\n{}", codes.join("\n"))
}

/// The terminal console for Amazon IVS Chat: watch rooms live, moderate them, and run them.
#[derive(Debug, Parser)]
#[command(name = "ivschat", version, max_term_width = 80, after_help = after_help())]
pub struct Cli {
    /// What to do; without one the console opens
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Where and how the console opens
    #[command(flatten)]
    pub open: Open,
}

/// Where and how the console opens.
///
/// The environment is not read here: a variable must not win over a flag that stands on the other side of a subcommand.
#[expect(clippy::doc_markdown, reason = "what clap shows in the terminal is plain text")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, and they are independent")]
#[derive(Debug, Args)]
pub struct Open {
    /// Open on a simulator of the service that runs inside: no AWS account is needed or touched
    #[arg(long, help_heading = "Demo")]
    pub demo: bool,

    /// With --demo: how many rooms the simulated account has
    #[arg(long, help_heading = "Demo", value_name = "N", requires = "demo")]
    pub demo_rooms: Option<usize>,

    /// With --demo: messages a second in its busiest room
    #[arg(long, help_heading = "Demo", value_name = "MSGS_PER_SEC", requires = "demo")]
    pub demo_rate: Option<f64>,

    /// Use this profile of ~/.aws/config and ~/.aws/credentials, and nothing else [env: AWS_PROFILE]
    #[arg(long, help_heading = "Account", value_name = "NAME")]
    pub profile: Option<String>,

    /// The region, such as us-west-2 [env: AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long, help_heading = "Account")]
    pub region: Option<String>,

    /// Change nothing: the client refuses whatever would, until :unlock in the console
    #[arg(long, conflicts_with = "write")]
    pub read_only: bool,

    /// Let changes pass although the configuration says that the profile is read-only or protected
    #[arg(long)]
    pub write: bool,

    /// Call this endpoint of the control plane instead of AWS's own [env: AWS_ENDPOINT_URL_IVSCHAT, AWS_ENDPOINT_URL]
    #[arg(long, help_heading = "Account", value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// Connect to this endpoint of the messaging API instead of AWS's own [env: IVSCHAT_MESSAGING_ENDPOINT_URL]
    #[arg(long, help_heading = "Account", value_name = "URL")]
    pub messaging_endpoint_url: Option<String>,

    /// Read this configuration instead of ~/.config/ivschat/config.toml [env: IVSCHAT_CONFIG]
    #[arg(long, help_heading = "Files", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Keep the journal of changes there instead of in ~/.local/state/ivschat/journal; with --demo it is kept nowhere else
    #[arg(long, help_heading = "Files", value_name = "DIR")]
    pub journal_dir: Option<PathBuf>,

    /// How much is written to ~/.local/state/ivschat/log: off, error, warn, info, debug or trace; left out: info, and off with
    /// --demo [env: IVSCHAT_LOG]
    #[arg(long, help_heading = "Files", value_name = "LEVEL", value_parser = Level::named)]
    pub log_level: Option<Level>,

    /// Without a screen: a command a line, and a line for each thing that happens; for screen readers, simple terminals and
    /// scripts
    #[arg(long, help_heading = "Terminal")]
    pub plain: bool,

    /// What the terminal is sent
    #[command(flatten)]
    pub terminal: Terminal,

    /// The way out
    #[command(flatten)]
    pub network: Network,
}

/// What the terminal is sent, and what it is asked for.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Terminal")]
pub struct Terminal {
    /// Draw at most so many frames a second that no key asked for, 1 to 60; left out: 30, and 10 over SSH
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(drawing::MOST)))]
    pub max_fps: Option<u32>,

    /// Write rows anew that the terminal could move by itself, if it does that badly
    #[arg(long)]
    pub no_scroll_regions: bool,

    /// Let the mouse select rows and scroll; it does nothing else. Text is then marked with Shift held
    #[arg(long)]
    pub mouse: bool,

    /// Draw with ASCII signs alone; by itself where the locale is not UTF-8 and on the Linux console
    #[arg(long)]
    pub ascii: bool,

    /// How the screen looks
    #[command(flatten)]
    pub screen: Screen,
}

impl Terminal {
    fn or(self, before: Self) -> Self {
        Self {
            max_fps: self.max_fps.or(before.max_fps),
            no_scroll_regions: self.no_scroll_regions || before.no_scroll_regions,
            mouse: self.mouse || before.mouse,
            ascii: self.ascii || before.ascii,
            screen: self.screen.or(before.screen),
        }
    }
}

/// The way out to the network; the names are those of the AWS CLI.
#[expect(clippy::doc_markdown, reason = "what clap shows in the terminal is plain text")]
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Network")]
pub struct Network {
    /// Trust the certificates in this PEM file, too, for calls and chats [env: AWS_CA_BUNDLE]
    #[arg(long, value_name = "FILE")]
    pub ca_bundle: Option<PathBuf>,

    /// Trust everybody: whoever is in between reads and changes everything
    #[arg(long)]
    pub no_verify_ssl: bool,

    /// Seconds until a connection stands; 0 for no limit; left out: 3.1 for a call, 10 for a chat
    #[arg(long, value_name = "SECONDS")]
    pub cli_connect_timeout: Option<u64>,

    /// Seconds until an attempt of a call is answered; 0 for no limit; left out: 15
    #[arg(long, value_name = "SECONDS")]
    pub cli_read_timeout: Option<u64>,
}

impl Network {
    /// What these flags say.
    pub fn flags(&self) -> Flags {
        Flags {
            ca_bundle: self.ca_bundle.clone(),
            no_verify_ssl: self.no_verify_ssl,
            connect_timeout: self.cli_connect_timeout,
            read_timeout: self.cli_read_timeout,
        }
    }

    fn or(self, before: Self) -> Self {
        Self {
            ca_bundle: self.ca_bundle.or(before.ca_bundle),
            no_verify_ssl: self.no_verify_ssl || before.no_verify_ssl,
            cli_connect_timeout: self.cli_connect_timeout.or(before.cli_connect_timeout),
            cli_read_timeout: self.cli_read_timeout.or(before.cli_read_timeout),
        }
    }
}

impl Open {
    /// These flags, and where one was not given that of `before`: flags may stand on both sides of a subcommand.
    #[must_use]
    pub fn or(self, before: Self) -> Self {
        Self {
            demo: self.demo || before.demo,
            demo_rooms: self.demo_rooms.or(before.demo_rooms),
            demo_rate: self.demo_rate.or(before.demo_rate),
            profile: self.profile.or(before.profile),
            region: self.region.or(before.region),
            read_only: self.read_only || before.read_only,
            write: self.write || before.write,
            endpoint_url: self.endpoint_url.or(before.endpoint_url),
            messaging_endpoint_url: self.messaging_endpoint_url.or(before.messaging_endpoint_url),
            config: self.config.or(before.config),
            journal_dir: self.journal_dir.or(before.journal_dir),
            log_level: self.log_level.or(before.log_level),
            plain: self.plain || before.plain,
            terminal: self.terminal.or(before.terminal),
            network: self.network.or(before.network),
        }
    }
}

/// How the screen looks.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Screen {
    /// The look: the terminal's own colours, those for a light background, high contrast, or no colour
    #[arg(long, value_name = "NAME", value_parser = theme())]
    pub theme: Option<Theme>,

    /// Whether there are colours; auto leaves them out if `NO_COLOR` is set
    #[arg(long, value_name = "WHEN")]
    pub color: Option<Color>,
}

impl Screen {
    /// These flags, and where one was not given that of `before`.
    #[must_use]
    pub fn or(self, before: Self) -> Self {
        Self { theme: self.theme.or(before.theme), color: self.color.or(before.color) }
    }
}

/// Whether there are colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Whatever is set
    Always,
    /// None
    Never,
}

/// Reads a theme's name.
fn theme() -> impl TypedValueParser<Value = Theme> {
    let named = |name: String| Theme::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default();
    PossibleValuesParser::new(Theme::ALL.map(Theme::name)).map(named)
}

/// What `ivschat` can do besides opening the console.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a room at once
    Chat {
        /// Its ARN, id or name
        room: String,

        /// Where and how the console opens
        #[command(flatten)]
        open: Open,
    },
    /// Play a recorded feed, or the service's own chat log records, through the same screen
    Replay {
        /// What `:record` has written, or JSON lines of the service's chat logging; may be compressed with gzip
        file: PathBuf,

        /// How many times as fast as it came; 0 or max plays all at once
        #[arg(long, value_name = "N", default_value = "1")]
        speed: Speed,

        /// Read this configuration instead of the usual one
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,

        /// How the screen looks
        #[command(flatten)]
        screen: Screen,
    },
    /// Look into the journal of changes: whether it is as it was written, and as a table for other programs
    Journal {
        /// What to do with it
        #[command(subcommand)]
        command: journal::Command,

        /// The journal's folder, instead of ~/.local/state/ivschat/journal
        #[arg(long, value_name = "DIR", global = true)]
        journal_dir: Option<PathBuf>,
    },
    /// Run the simulator of the service alone, for other programs to call
    Simulate(command::Args),
    /// Look at everything between here and the rooms, and say what is wrong and what helps
    ///
    /// Exits with 0 if all is well, with 253 if something here is to be put right, and with 254 if the service said no.
    Doctor {
        /// Tell it as JSON
        #[arg(long)]
        json: bool,

        /// Where and how the console would open
        #[command(flatten)]
        open: Box<Open>,
    },
    /// The configuration: print every key with what it is if left out, or check a file
    Config {
        /// Print the configuration that is built in, with all keys explained
        #[arg(long, conflicts_with = "check", required_unless_present = "check")]
        print_default: bool,

        /// Tell all that is wrong with this file, or with the usual one; exits with 0 if nothing is, and with 1 if something is
        #[arg(long, value_name = "FILE", num_args = 0..=1)]
        check: Option<Option<PathBuf>>,

        /// Read this configuration instead of the usual one
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Version, places, every setting with where it comes from, and what is known of the terminal; no secret
    Info {
        /// As JSON
        #[arg(long)]
        json: bool,

        /// Where and how the console would open
        #[command(flatten)]
        open: Box<Open>,
    },
    /// What flags messages
    Rules {
        /// What is done with them
        #[command(subcommand)]
        what: Rules,
    },
}

/// What can be done with rules without the console.
#[expect(clippy::doc_markdown, reason = "what clap shows in the terminal is plain text")]
#[derive(Debug, Subcommand)]
pub enum Rules {
    /// Try all rules of the configuration on a recorded feed, whatever rooms they are for
    ///
    /// Exits with 0 if anything is flagged, with 1 if nothing is, and with 252 if they can't be tried.
    Test {
        /// JSON lines: frames, a recording, or the service's own chat log; - reads the standard input
        file: String,

        /// Read this configuration instead of ~/.config/ivschat/config.toml [env: IVSCHAT_CONFIG]
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Cli {
        Cli::try_parse_from(line.split(' ')).unwrap()
    }

    #[test]
    fn flags_may_stand_on_both_sides_of_the_room() {
        let cli = parse("ivschat --demo chat lobby --demo-rate 5 --demo --region eu-west-1");
        let Some(Command::Chat { room, open }) = cli.command else { panic!("no room") };
        let open = open.or(cli.open);
        assert_eq!((room.as_str(), open.demo, open.demo_rate), ("lobby", true, Some(5.0)));
        assert_eq!(open.region.as_deref(), Some("eu-west-1"));
    }

    #[test]
    fn the_simulator_takes_none_of_the_console_s_flags() {
        assert!(Cli::try_parse_from(["ivschat", "simulate", "--demo"]).is_err());
        assert!(Cli::try_parse_from(["ivschat", "--demo-rooms", "3"]).is_err(), "it needs --demo");
    }
}
