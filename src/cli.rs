//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::simulator::command;

/// What stands below the flags in `--help`.
const AFTER_HELP: &str = "\
Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Without any, --demo shows \
everything on a simulator of the service. Colours are left out if NO_COLOR is set. Press ? in the console for its keys.";

/// The terminal console for Amazon IVS Chat: watch rooms live, moderate them, and run them.
#[derive(Debug, Parser)]
#[command(name = "ivschat", version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do; without one the console opens
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Where and how the console opens
    #[command(flatten)]
    pub open: Open,
}

/// Where and how the console opens.
#[derive(Debug, Args)]
pub struct Open {
    /// Open on a simulator of the service that runs inside: no AWS account is needed or touched
    #[arg(long, global = true)]
    pub demo: bool,

    /// With --demo: how many rooms the simulated account has
    #[arg(long, global = true, value_name = "N", requires = "demo")]
    pub demo_rooms: Option<usize>,

    /// With --demo: messages a second in its busiest room
    #[arg(long, global = true, value_name = "MSGS_PER_SEC", requires = "demo")]
    pub demo_rate: Option<f64>,

    /// The region, such as us-west-2
    #[arg(long, global = true, env = "AWS_REGION")]
    pub region: Option<String>,

    /// Call this endpoint of the control plane instead of AWS's own
    #[arg(long, global = true, value_name = "URL", env = "AWS_ENDPOINT_URL_IVSCHAT")]
    pub endpoint_url: Option<String>,

    /// Connect to this endpoint of the messaging API instead of AWS's own
    #[arg(long, global = true, value_name = "URL", env = "IVSCHAT_MESSAGING_ENDPOINT_URL")]
    pub messaging_endpoint_url: Option<String>,

    /// Read this configuration instead of ~/.config/ivschat/config.toml
    #[arg(long, global = true, value_name = "FILE", env = "IVSCHAT_CONFIG")]
    pub config: Option<PathBuf>,
}

/// What `ivschat` can do besides opening the console.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a room at once
    Chat {
        /// Its ARN, id or name
        room: String,
    },
    /// Run the simulator of the service alone, for other programs to call
    Simulate(command::Args),
}
