//! `ivschat simulate`: the pretend service as a program of its own, for people without AWS at hand.

mod ready;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use super::script::{Script, ScriptError};
use super::server::fault::{self, Plan, Target};
use super::server::{Options, Server};
use super::world::{Quotas, Setup, Troubles};
use jiff::SignedDuration;
use ready::Ready;

/// Serve a pretend Amazon IVS Chat on this machine: all 17 operations, the WebSocket, and people who chat. It takes no
/// AWS account; any AWS tool can be pointed at it.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where to listen, for HTTP and WebSocket alike; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4870")]
    pub listen: SocketAddr,
    /// Let other machines connect too. Whoever can may do everything: the keys are published.
    #[arg(long)]
    pub allow_remote: bool,
    /// Write the line that goes to standard output to this file too, once connections are accepted. The file appears
    /// whole, only its owner may read it, and it is removed in the end.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// Rooms in the account, up to 50,000 [default: those of the world]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=50_000))]
    pub rooms: Option<u32>,
    /// Where the random numbers start: the same seed gives the same rooms, people and talk.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Messages a second in the busiest room, up to 10,000; 0 for silence [default: as the world says]
    #[arg(long, value_name = "PER_SECOND", value_parser = rate)]
    pub rate: Option<f64>,
    /// Who is there and what they say, as a TOML file [default: a world that is built in]
    #[arg(long, value_name = "FILE")]
    pub world: Option<PathBuf>,
    /// How much of the service's rate limits to allow: 1 as on AWS, 10 for ten times as much, `off` for no limits.
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = quotas)]
    pub quotas: Quotas,
    /// The region to pretend to be in, which requests must be signed for.
    #[arg(long, value_name = "REGION", env = "AWS_REGION", default_value = "us-west-2", value_parser = region)]
    pub region: String,
    /// No raids, floods or moderators by themselves, only those that are asked for.
    #[arg(long)]
    pub calm: bool,
    /// End every session after at most so many seconds, so that its renewal can be tried [default: as its token says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_800))]
    pub session_seconds: Option<u32>,
    /// Let an operation fail, such as `ListRooms=deny`, `GetRoom=hang` or `*=status:503,times=2`; may be repeated.
    ///
    /// OPERATION is one of the 17 of the API, `Connect` for the WebSocket, or `*` for every operation.
    ///
    /// FAULT is `deny`, `pending`, `status:CODE`, `status:CODE:RETRY_AFTER_MS`, `hang`, `hang:SECONDS`, `slow:SECONDS`, `garbage`,
    /// `garbage:html|truncated|empty|shape|huge`, `reset`, `reset:before|middle|after` or `lost` (the event of
    /// `DeleteMessage`, `DisconnectUser` or `SendEvent` is never published); `,times=N` behind it lets it
    /// strike N times only.
    #[arg(long, value_name = "OPERATION=FAULT", value_parser = fault::parse)]
    pub fault: Vec<(Target, Plan)>,
}

/// Why the simulator could not start, or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Someone else has the port.
    #[error("{0} is in use; choose another port with --listen, or --listen {ip}:0 for any free one", ip = .0.ip())]
    InUse(SocketAddr),
    /// Other machines could connect.
    #[error(
        "{0} can be reached from other machines, and the simulator lets everybody do everything; say --allow-remote \
         if that is meant, or listen on 127.0.0.1"
    )]
    Remote(SocketAddr),
    /// The address can't be listened on for another reason.
    #[error("can't listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The world file can't be read.
    #[error("can't read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The world file makes no sense.
    #[error("{}: {source}", path.display())]
    World {
        /// Which.
        path: PathBuf,
        /// What is wrong, and where.
        source: ScriptError,
    },
    /// The ready file can't be written.
    #[error("can't write {}: {source}", path.display())]
    Ready {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Standard output can't be written.
    #[error("can't write to standard output: {0}")]
    Output(io::Error),
    /// The operating system gives no notice of signals.
    #[error("can't wait for signals: {0}")]
    Signals(io::Error),
}

/// Serves until SIGINT or SIGTERM, having told where on standard output: one line of JSON with `endpoint`,
/// `messaging_endpoint`, `region`, `access_key_id` and `secret_access_key`.
///
/// # Errors
/// If it can't start.
pub async fn run(args: Args) -> Result<(), CommandError> {
    // Before anybody is told that the simulator is ready, as they may stop it at once.
    let stop = signals().map_err(CommandError::Signals)?;
    serve(args, io::stdout(), stop).await
}

async fn serve(args: Args, mut out: impl Write, stop: impl Future<Output = ()>) -> Result<(), CommandError> {
    let setup = setup(&args)?;
    let options =
        Options { listen: args.listen, allow_remote: args.allow_remote, faults: args.fault, ..Options::default() };
    let running = Server::start(setup, options).await.map_err(|source| explain(args.listen, source))?;
    let ready = Ready::from(&running);
    if let Some(path) = &args.ready_file {
        ready.write(path).map_err(|source| CommandError::Ready { path: path.clone(), source })?;
    }
    writeln!(out, "{}", ready.line()).and_then(|()| out.flush()).map_err(CommandError::Output)?;
    stop.await;
    running.stop().await;
    if let Some(path) = &args.ready_file {
        // It may have been taken away already.
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

fn setup(args: &Args) -> Result<Setup, CommandError> {
    let script = match &args.world {
        None => Script::built_in(),
        Some(path) => {
            let text =
                std::fs::read_to_string(path).map_err(|source| CommandError::Read { path: path.clone(), source })?;
            Script::parse(&text).map_err(|source| CommandError::World { path: path.clone(), source })?
        }
    };
    Ok(Setup {
        seed: args.seed,
        rooms: args.rooms.and_then(|rooms| usize::try_from(rooms).ok()),
        rate: args.rate,
        script,
        region: args.region.clone(),
        quotas: args.quotas,
        troubles: if args.calm { Troubles::OnDemand } else { Troubles::AsScripted },
        session: args.session_seconds.map(|seconds| SignedDuration::from_secs(seconds.into())),
        ..Setup::default()
    })
}

fn explain(address: SocketAddr, source: io::Error) -> CommandError {
    match source.kind() {
        io::ErrorKind::AddrInUse => CommandError::InUse(address),
        io::ErrorKind::PermissionDenied if !address.ip().is_loopback() => CommandError::Remote(address),
        _ => CommandError::Listen { address, source },
    }
}

fn region(text: &str) -> Result<String, String> {
    let is_one = !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if is_one { Ok(text.to_owned()) } else { Err("not a region, such as us-west-2".to_owned()) }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=10_000.0).contains(&rate) { Ok(rate) } else { Err("must be 0 to 10000".to_owned()) }
}

fn quotas(text: &str) -> Result<Quotas, String> {
    if text == "off" {
        return Ok(Quotas::Off);
    }
    let factor = text.parse().ok().filter(|factor: &f64| factor.is_finite() && *factor > 0.0);
    factor.map(Quotas::Times).ok_or_else(|| "must be a number above 0, or off".to_owned())
}

/// Ends with the first SIGINT or SIGTERM.
#[cfg(unix)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends with the first Ctrl-C.
#[cfg(not(unix))]
fn signals() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without notice of Ctrl-C the process is ended by it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

#[cfg(test)]
mod tests;
