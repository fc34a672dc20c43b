//! Puts the console together from the command line, the environment and the configuration file.

mod tape;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;

use crate::api::client::Client;
use crate::api::credentials::Provider;
use crate::api::endpoint::Endpoint;
use crate::api::error::Problem;
use crate::api::model::Capability;
use crate::api::network::Network;
use crate::api::{self, ReadOnly, retry};
use crate::app;
use crate::app::clock::Clock;
use crate::app::dialog::event::Template;
use crate::app::dialog::token::Preset;
use crate::app::groups::Groups;
use crate::app::identity::access;
use crate::app::look::{Depth, Look};
use crate::app::queue;
use crate::app::reasons::{Reason, Reasons};
use crate::app::replay::{Replay, Speed};
use crate::app::room::book::Keeping;
use crate::app::room::guard::Brake;
use crate::app::room::live;
use crate::app::room::people::Naming;
use crate::app::room::protected::Protected;
use crate::app::room::rules::Rules;
use crate::cli::{self, Open};
use crate::config::{self, Config, ConfigError, EventTemplate, Loaded};
use crate::exit::Exit;
use crate::identity::facts::{Configured, REGIONS, Trouble, Wanted};
use crate::identity::{Identity, Reach, Surroundings};
use crate::journal::file;
use crate::messaging::way::Way;
use crate::runtime::clipboard::{Choice, Clipboard};
use crate::runtime::drawing::Drawing;
use crate::runtime::editor::Editor;
use crate::runtime::identity::{Doors, Reached, Whose};
use crate::runtime::log::{self, Level};
use crate::runtime::signs::Signs;
use crate::runtime::{Keep, Services};
use crate::simulator::server::{Options, Running, Server};
use crate::simulator::world::Setup;

/// A console that is ready to run.
#[derive(Debug)]
pub struct Opened {
    /// What the console is told.
    pub settings: app::Settings,
    /// What it reaches the world through.
    pub services: Services,
    /// How the screen is drawn.
    pub drawing: Drawing,
    /// The simulator that it runs on, if it does.
    pub simulator: Option<Running>,
    /// Where the log is kept, if that is known, and how much is written into it.
    pub log: (Option<PathBuf>, Level),
}

/// Why the console can't be opened, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The configuration file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Values that can't be used.
    #[error("{}", .0.iter().map(|problem| format!("{} {}", problem.member, problem.message)).collect::<Vec<_>>().join("\n"))]
    Unusable(Vec<Problem>),
    /// The recorded feed can't be played.
    #[error("{} can't be played: {why}", path.display())]
    Replay {
        /// Which file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// The simulator did not start.
    #[error("the simulator did not start: {0}")]
    Simulator(io::Error),
}

impl OpenError {
    /// What the shell is told.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_) | Self::Unusable(_) => Exit::Settings,
            Self::Replay { .. } => Exit::Usage,
            Self::Simulator(_) => Exit::Failed,
        }
    }
}

/// Where the console goes and as whom.
pub(crate) struct Target {
    whose: Whose,
    pub(crate) wanted: Wanted,
    access: access::Settings,
    /// The endpoint, if it is the same whoever the console is.
    endpoint: Option<String>,
    messaging: Option<String>,
}

/// Puts the console together; `variable` looks the environment up.
///
/// # Errors
/// If something is missing or can't be used.
pub async fn open(
    args: Open,
    room: Option<String>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Opened, OpenError> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let loaded = Config::load(args.config.clone(), variable)?;
    let mut loaded = if args.demo { loaded } else { loaded.leads_somewhere()? };
    if args.demo {
        rule_the_demo(&mut loaded.config)?;
    }
    let network = if args.demo { Ok(Network::default()) } else { Network::read(&args.network.flags(), variable) };
    let network = network.map_err(OpenError::Unusable)?;
    let simulator = if args.demo { Some(demo(&args).await.map_err(OpenError::Simulator)?) } else { None };
    let target = match &simulator {
        Some(running) => simulated(running, &args),
        None => real(&args, &loaded, &network, variable)?,
    };
    let keeps = keeps(&args, variable);
    let log = log(&args, &loaded.config, !args.demo, variable)?;
    let drawing = drawing(&args, &loaded.config, variable);
    let (settings, services) = assemble((loaded, args.terminal.screen), (target, network), keeps, room, variable)?;
    Ok(Opened { settings, services, drawing, simulator, log })
}

fn drawing(args: &Open, config: &Config, variable: impl Fn(&str) -> Option<String> + Copy) -> Drawing {
    let ascii = Some(true).filter(|_| args.terminal.ascii).or(config.ascii);
    Drawing {
        mouse: args.terminal.mouse || config.mouse,
        signs: Signs::new(ascii, variable),
        ..Drawing::new(args.terminal.max_fps, !args.terminal.no_scroll_regions, variable)
    }
}

/// Where the log is kept, and how much is written into it; `real` if this is no demo and no replay: those keep nothing
/// that nobody asked for.
fn log(
    args: &Open,
    config: &Config,
    real: bool,
    variable: impl Fn(&str) -> Option<String> + Copy,
) -> Result<(Option<PathBuf>, Level), OpenError> {
    let named = variable("IVSCHAT_LOG").map(|name| {
        let unusable = |must| Problem { member: "IVSCHAT_LOG".into(), message: format!("is {name:?}, {must}") };
        Level::named(&name).map_err(|must| OpenError::Unusable(vec![unusable(must)]))
    });
    let usual = || if real { config.log_level } else { Level::Off };
    Ok((log::usual_place(variable), args.log_level.or(named.transpose()?).unwrap_or_else(usual)))
}

/// Puts a console together that plays what `file` holds, with no service behind it.
///
/// # Errors
/// If the file can't be played, or the configuration can't be used.
pub fn replay(
    file: &Path,
    speed: Speed,
    args: &Open,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Opened, OpenError> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let loaded = Config::load(args.config.clone(), variable)?;
    let replay = tape::load(file, speed).map_err(|why| OpenError::Replay { path: file.to_owned(), why })?;
    let keeps = (Keep::Memory, Keep::Memory);
    let (drawing, log) = (drawing(args, &loaded.config, variable), log(args, &loaded.config, false, variable)?);
    let target = (nowhere(&replay), Network::default());
    let (mut settings, mut services) = assemble((loaded, args.terminal.screen), target, keeps, None, variable)?;
    services.stand_in = Some(replay.stand_in());
    settings.replay = Some(replay);
    Ok(Opened { settings, services, drawing, simulator: None, log })
}

/// Where no service is: the stand-in answers all calls, and what passed it by would find a port where nobody listens.
fn nowhere(replay: &Replay) -> Target {
    let credentials = Credentials::from_keys("replay", "replay", None);
    Target {
        whose: Whose::Fixed(Identity::fixed("replay", credentials, replay.room().region())),
        wanted: Wanted::default(),
        access: access::Settings::default(),
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        messaging: Some("ws://127.0.0.1:9".to_owned()),
    }
}

/// What the console is told, and what it reaches the world through.
fn assemble(
    (loaded, screen): (Loaded, cli::Screen),
    (target, network): (Target, Network),
    keeps: (Keep, Keep),
    room: Option<String>,
    variable: impl Fn(&str) -> Option<String> + Copy,
) -> Result<(app::Settings, Services), OpenError> {
    let configuration = loaded.told();
    let config = loaded.config;
    let clipboard = Clipboard::new(clipboard_choice(config.clipboard), variable);
    let editor = Editor::new(variable);
    let (journal, users) = keeps;
    let (who, access) = (target.wanted.clone(), target.access.clone());
    let way = Way::new(network.clone());
    let doors = doors(target, network, variable)?;
    let services = Services { doors, stand_in: None, way, journal, users, clipboard, editor };
    let (rules, protected) = ruled(&config);
    let settings = app::Settings {
        who,
        access,
        region: String::new(),
        endpoint: None,
        look: look(&config, screen, variable),
        open: room,
        room: live::Settings {
            user_id: config.chat.user_id.unwrap_or_else(|| user_id(variable)),
            capabilities: config.chat.capabilities.into_iter().map(capability).collect(),
            attributes: config.chat.attributes,
            session_minutes: config.chat.session_minutes,
            reason: config.chat.delete_reason,
            disconnect_reason: config.chat.disconnect_reason,
            clock: Clock::new(config.time_zone.zone().unwrap_or_default(), config.list_times),
            scrollback: config.chat.scrollback,
            keeping: Keeping { author: author(variable), watch_minutes: config.chat.watch_minutes },
            naming: Arc::new(Naming { names: config.chat.name_attributes, badges: config.chat.badge_attributes }),
            rules: Arc::new(rules),
            brake: Brake(config.chat.rule_deletions_per_minute),
            protected: Arc::new(protected),
        },
        reasons: Reasons::new(config.reason.into_iter().map(reason).collect()),
        queue: queue::Settings {
            grace: Duration::from_secs(config.chat.grace_seconds.into()),
            per_second: config.chat.actions_per_second,
        },
        events: config.event_template.into_iter().map(template).collect(),
        token_presets: config.token_preset.into_iter().map(preset).collect(),
        unverified: !services.way.network().verify,
        token_folder: token_folder(variable),
        groups: Groups::new(config.group.into_iter().map(|(name, group)| (name, group.rooms))),
        columns: config::lists::columns(&config.rooms, &config.logging),
        keymap: Arc::new(config::keys::keymap(&config.keys)),
        configuration,
        seed: fastrand::u64(..),
        replay: None,
    };
    Ok((settings, services))
}

/// The rules and the protected users of the configuration, without the console, and what is wrong with it, line by line.
///
/// # Errors
/// If the configuration can't be read.
pub fn rules(
    named: Option<PathBuf>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(Rules, Protected, Vec<String>), ConfigError> {
    let loaded = Config::load(named, |name| variable(name).filter(|value| !value.is_empty()))?;
    let (rules, protected) = ruled(&loaded.config);
    Ok((rules, protected, loaded.lines()))
}

/// How things look: what the configuration says, as far as the terminal has the colours, and as far as any are wanted.
fn look(config: &Config, screen: cli::Screen, variable: impl Fn(&str) -> Option<String>) -> Look {
    if is_plain(screen, &variable) {
        return Look::plain();
    }
    let depth = Depth::of_terminal(variable);
    let look = Look::new(screen.theme.unwrap_or(config.theme));
    config.colours.roles().fold(look, |look, (role, colour)| look.with(role, depth.nearest(colour)))
}

/// Whether there is no colour at all.
pub(crate) fn is_plain(screen: cli::Screen, variable: impl Fn(&str) -> Option<String>) -> bool {
    match screen.color.unwrap_or_default() {
        cli::Color::Never => true,
        cli::Color::Always => false,
        cli::Color::Auto => variable("NO_COLOR").is_some(),
    }
}

/// Both were tried when the file was read.
fn ruled(config: &Config) -> (Rules, Protected) {
    let protected = Protected::parse(&config.chat.protected).unwrap_or_default();
    (Rules::compile(&config.rule).unwrap_or_default(), protected)
}

fn reason(config::Reason { text, rooms }: config::Reason) -> Reason {
    Reason { text, rooms: rooms.unwrap_or_default() }
}

fn template(EventTemplate { name, event, attributes }: EventTemplate) -> Template {
    Template { name, event, attributes }
}

/// Without rules nothing is ever flagged: a demo has some, unless the configuration has its own.
fn rule_the_demo(config: &mut Config) -> Result<(), ConfigError> {
    let demo = Config::parse(include_str!("../assets/demo.toml"))?;
    if config.rule.is_empty() {
        config.rule = demo.rule;
    }
    if config.chat.protected.is_empty() {
        config.chat.protected = demo.chat.protected;
    }
    Ok(())
}

pub(crate) async fn demo(args: &Open) -> io::Result<Running> {
    let setup = Setup { rooms: args.demo_rooms, rate: args.demo_rate, ..Setup::default() };
    Server::start(setup, Options::default()).await
}

pub(crate) fn simulated(running: &Running, args: &Open) -> Target {
    let credentials = Credentials::from_keys(&running.access_key_id, &running.secret_access_key, None);
    Target {
        whose: Whose::Fixed(Identity::fixed("simulator", credentials, &running.region)),
        wanted: Wanted::default(),
        access: access::Settings { flag: flag(args), ..access::Settings::default() },
        endpoint: Some(running.endpoint.clone()),
        messaging: Some(running.messaging_endpoint.clone()),
    }
}

/// AWS, or what stands in for it. Flags count more than the environment, that more than the profile, that more than the file.
pub(crate) fn real(
    args: &Open,
    loaded: &Loaded,
    network: &Network,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Target, OpenError> {
    let config = &loaded.config;
    let wanted = Wanted {
        profile: args.profile.clone(),
        region: args.region.clone(),
        endpoint: args.endpoint_url.clone(),
        switched: false,
        configured: Configured { region: config.region.clone(), endpoint: config.endpoint_url.clone() },
    };
    let said = ["AWS_ENDPOINT_URL_IVSCHAT", "AWS_ENDPOINT_URL"].into_iter().find_map(&variable);
    if let Some(endpoint) = wanted.endpoint.clone().or(said).or_else(|| wanted.configured.endpoint.clone()) {
        // A slip of the finger is told before there is a console.
        endpoint.parse::<Endpoint>().map_err(|problem| OpenError::Unusable(vec![problem]))?;
        network.hosts.with_own_endpoint().map_err(OpenError::Unusable)?;
    }
    let messaging = args.messaging_endpoint_url.clone().or_else(|| variable("IVSCHAT_MESSAGING_ENDPOINT_URL"));
    let messaging = messaging.or_else(|| config.messaging_endpoint_url.clone());
    if messaging.is_none() {
        network.hosts.messaging(REGIONS[0]).map_err(|problem| OpenError::Unusable(vec![problem]))?;
    }
    let treated = config.profile.iter().map(|(name, profile)| (name.clone(), treatment(profile)));
    Ok(Target {
        whose: Whose::Chain(around(network)),
        wanted,
        // A file of which nothing is understood may have said that this profile is protected.
        access: access::Settings { flag: flag(args).or(loaded.is_lost().then_some(true)), profiles: treated.collect() },
        endpoint: None,
        messaging,
    })
}

/// What the identity knows of the world: this process's environment, and the same way out as everybody's.
pub(crate) fn around(network: &Network) -> Surroundings {
    let network = network.clone();
    let http = move |Reach { direct, connect, read }| network.http_within(direct, connect, read);
    Surroundings::of_process(Arc::new(http))
}

/// Whether a flag says that the console is read-only, or that it is not.
fn flag(args: &Open) -> Option<bool> {
    if args.read_only { Some(true) } else { args.write.then_some(false) }
}

fn treatment(profile: &config::Profile) -> access::Treatment {
    access::Treatment { read_only: profile.read_only, protected: profile.protected, hue: profile.colour }
}

/// How a text gets into the clipboard, as the configuration says.
pub(crate) fn clipboard_choice(configured: config::Clipboard) -> Choice {
    match configured {
        config::Clipboard::Auto => Choice::Auto,
        config::Clipboard::Osc52 => Choice::Osc52,
        config::Clipboard::Tmux => Choice::Tmux,
        config::Clipboard::Off => Choice::Off,
    }
}

/// Who the console may become, and how the service is reached then. A client is read-only until the console has said that
/// it may change something.
pub(crate) fn doors(
    target: Target,
    network: Network,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Doors, OpenError> {
    let Target { whose, endpoint, messaging, .. } = target;
    let retry = retry::Settings::from_environment(variable).map_err(OpenError::Unusable)?;
    let unusable = |problem: Problem| Trouble::Other(format!("{} {}", problem.member, problem.message));
    let connect = move |identity: Identity| {
        let region = identity.region().to_owned();
        let mut settings = api::Settings::new(&region, Provider::new(identity.clone())).map_err(unusable)?;
        settings = settings.over(network.clone()).map_err(unusable)?;
        settings.retry = retry.clone();
        settings.read_only = ReadOnly::new(true);
        let endpoint = endpoint.clone().or_else(|| identity.endpoint_url().map(ToOwned::to_owned));
        if let Some(endpoint) = &endpoint {
            settings = settings.at(endpoint.parse().map_err(unusable)?);
        }
        let messaging = messaging.clone();
        let messaging = messaging.map_or_else(|| network.hosts.messaging(&region), Ok).map_err(unusable)?;
        Ok(Reached { identity, client: Client::new(settings), endpoint, messaging })
    };
    Ok(Doors { whose, connect: Arc::new(connect) })
}

/// Where the journal is kept, and where what is noted about users. A demo deletes nothing that ever was, and must not write into a person's real journal.
fn keeps(args: &Open, variable: impl Fn(&str) -> Option<String>) -> (Keep, Keep) {
    let usual = file::usual_place(variable);
    let state = usual.as_ref().and_then(|journal| journal.parent()).map(PathBuf::from);
    let own = |place: Option<PathBuf>| if args.demo { Keep::Memory } else { place.map_or(Keep::Nowhere, Keep::In) };
    (args.journal_dir.clone().map_or_else(|| own(usual), Keep::In), own(state))
}

fn preset(preset: config::TokenPreset) -> Preset {
    let config::TokenPreset { name, capabilities, session_minutes, attributes } = preset;
    Preset { name, capabilities: capabilities.into_iter().map(capability).collect(), session_minutes, attributes }
}

fn capability(capability: config::Capability) -> Capability {
    match capability {
        config::Capability::SendMessage => Capability::SendMessage,
        config::Capability::DeleteMessage => Capability::DeleteMessage,
        config::Capability::DisconnectUser => Capability::DisconnectUser,
    }
}

/// Where a token is written to unless somebody says otherwise: a folder of the user's own, best one that does not
/// outlive the session.
fn token_folder(variable: impl Fn(&str) -> Option<String>) -> String {
    let passing = variable("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
    let state = || file::usual_place(&variable).and_then(|journal| journal.parent().map(PathBuf::from));
    passing.or_else(state).map_or_else(|| "~".to_owned(), |folder| folder.display().to_string())
}

/// In whose name notes are kept.
fn author(variable: impl Fn(&str) -> Option<String>) -> String {
    variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| Keeping::default().author)
}

/// As whom the console watches if nothing else is configured: it tells colleagues apart, and asks for no capability.
fn user_id(variable: impl Fn(&str) -> Option<String>) -> String {
    let name = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "console".to_owned());
    format!("ivschat-{name}").chars().take(128).collect()
}
