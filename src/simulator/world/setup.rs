//! What a pretend account is made from.

use jiff::SignedDuration;

use crate::simulator::script::Script;

/// What a pretend account is made from.
///
/// The same setup and the same start give the same account: the same ids, and for the same sequence of calls the
/// same messages.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where the random numbers start.
    pub seed: u64,
    /// How many rooms there are: the script's first ones if it has more, made-up ones behind the script's if it has
    /// fewer. The script's own if not given.
    pub rooms: Option<usize>,
    /// Messages a second in the busiest room, which is the one whose people talk most by the script; the other rooms
    /// stay as they are. People of the script are pretend: this may be more than the room takes from its clients. With
    /// 0 that room is silent; more than 10,000 counts as that.
    pub rate: Option<f64>,
    /// Who is there and what they say.
    pub script: Script,
    /// Such as `us-west-2`.
    pub region: String,
    /// 12 digits.
    pub account: String,
    /// How strictly the service counts.
    pub quotas: Quotas,
    /// Whether raids, floods and moderators come by themselves.
    pub troubles: Troubles,
    /// How long a session lasts at most, whatever the request for its token says; as long as it says if not given.
    pub session: Option<SignedDuration>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            seed: 1,
            rooms: None,
            rate: None,
            script: Script::built_in(),
            region: "us-west-2".to_owned(),
            account: "123456789012".to_owned(),
            quotas: Quotas::Times(1.0),
            troubles: Troubles::AsScripted,
            session: None,
        }
    }
}

/// Whether raids, floods and moderators come by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Troubles {
    /// As the script says.
    AsScripted,
    /// Only when they are asked for.
    OnDemand,
}

/// How strictly the service counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quotas {
    /// Nothing is counted: not calls, not messages, not resources, and not what rooms say that they take.
    Off,
    /// The rates of calls and messages are the service's, times this. Numbers of resources and what rooms say that
    /// they take stay as they are.
    Times(f64),
}
