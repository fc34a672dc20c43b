//! What goes wrong on purpose: the kinds of fault, how they are written, and which operation has which.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The operations of the control plane.
pub const OPERATIONS: [&str; 17] = [
    "CreateChatToken",
    "CreateLoggingConfiguration",
    "CreateRoom",
    "DeleteLoggingConfiguration",
    "DeleteMessage",
    "DeleteRoom",
    "DisconnectUser",
    "GetLoggingConfiguration",
    "GetRoom",
    "ListLoggingConfigurations",
    "ListRooms",
    "ListTagsForResource",
    "SendEvent",
    "TagResource",
    "UntagResource",
    "UpdateLoggingConfiguration",
    "UpdateRoom",
];
/// The operations that tell the room by an event.
pub const ECHOED: [&str; 3] = ["DeleteMessage", "DisconnectUser", "SendEvent"];
/// The name under which the WebSocket handshake has its faults.
const CONNECT: &str = "Connect";
/// The longest wait that can be asked for.
const LONGEST: Duration = Duration::from_hours(24);

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Written as one of [`OPERATIONS`].
    Operation(&'static str),
    /// The WebSocket handshake, written `Connect`. What is carried out there is that the token is used up.
    Connect,
    /// Every operation that has no fault of its own, written `*`. The handshake is not among them.
    Every,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// `deny`: 403 `AccessDeniedException`, as if no policy allowed the operation. Nothing is carried out.
    Deny,
    /// `pending`: 403 `PendingVerification`, as a new account gets it. Nothing is carried out.
    Pending,
    /// `status:CODE` or `status:CODE:MILLISECONDS`: an error without the operation being carried out.
    Status {
        /// 400 to 599.
        code: u16,
        /// What `x-amz-retry-after` says, in milliseconds.
        retry_after: Option<u32>,
    },
    /// `hang`: no answer, ever, and nothing is carried out. `hang:SECONDS`: so long nothing happens, then all is well.
    Hang(Option<Duration>),
    /// `slow:SECONDS`: carried out at once, then the answer trickles in over so long.
    Slow(Duration),
    /// `garbage` or `garbage:SHAPE`: carried out, and answered with 200 and a body that is not the answer.
    Garbage(Garbage),
    /// `reset` or `reset:MOMENT`: the connection is reset (RST).
    Reset(Reset),
    /// `lost`: carried out and answered, but the event that tells the room is never published. For [`ECHOED`] only.
    Lost,
}

/// A body that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Garbage {
    /// `html`: a page, as a captive portal or a broken gateway would send it.
    Html,
    /// `truncated`: the first half of the answer, in a complete HTTP message.
    Truncated,
    /// `empty`: nothing.
    Empty,
    /// `shape`: JSON, but an array where the object should be.
    Shape,
    /// `huge`: 256 MiB of JSON.
    Huge,
}

/// When a connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// `before`: before the operation is carried out.
    Before,
    /// `middle`: after it was carried out and half of the answer was sent.
    Middle,
    /// `after`: after it was carried out, before the answer. This is what `reset` alone means.
    After,
}

/// A fault and how often it strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What goes wrong.
    pub fault: Fault,
    /// How many requests it still strikes, written `,times=N`; all of them, if there is no number.
    pub times: Option<u32>,
}

/// Why a fault can't be understood; it says what could have been written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFault {
    /// No `=` between operation and fault.
    #[error("{0:?} is not of the form OPERATION=FAULT, such as ListRooms=deny")]
    NoTarget(String),
    /// No such operation.
    #[error("there is no operation {0:?}; there are {names}, Connect (the WebSocket) and * (every operation)",
        names = OPERATIONS.join(", "))]
    UnknownTarget(String),
    /// No such fault.
    #[error(
        "{0:?} is not a fault; faults are deny, pending, status:CODE, status:CODE:RETRY_AFTER_MS, hang, hang:SECONDS, \
         slow:SECONDS, garbage, garbage:html|truncated|empty|shape|huge, reset, reset:before|middle|after, lost, \
         each with ,times=N behind it if it shall strike N times only"
    )]
    UnknownFault(String),
    /// There is no event that could be lost.
    #[error("{0} publishes no event that could be lost; {names} do", names = ECHOED.join(", "))]
    NothingToLose(Target),
}

impl FromStr for Target {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        if text == "*" {
            return Ok(Self::Every);
        }
        if text.eq_ignore_ascii_case(CONNECT) {
            return Ok(Self::Connect);
        }
        let name = OPERATIONS.into_iter().find(|name| name.eq_ignore_ascii_case(text));
        name.map(Self::Operation).ok_or_else(|| BadFault::UnknownTarget(text.to_owned()))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operation(name) => name,
            Self::Connect => CONNECT,
            Self::Every => "*",
        })
    }
}

impl FromStr for Fault {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let parts: Vec<_> = text.split(':').collect();
        let fault = match parts[..] {
            ["deny"] => Some(Self::Deny),
            ["pending"] => Some(Self::Pending),
            ["status", code] => status(code).map(|code| Self::Status { code, retry_after: None }),
            ["status", code, milliseconds] => match (status(code), milliseconds.parse().ok()) {
                (Some(code), Some(retry_after)) => Some(Self::Status { code, retry_after: Some(retry_after) }),
                _ => None,
            },
            ["hang"] => Some(Self::Hang(None)),
            ["hang", seconds] => duration(seconds).map(|time| Self::Hang(Some(time))),
            ["slow", seconds] => duration(seconds).map(Self::Slow),
            ["garbage"] | ["garbage", "html"] => Some(Self::Garbage(Garbage::Html)),
            ["garbage", "truncated"] => Some(Self::Garbage(Garbage::Truncated)),
            ["garbage", "empty"] => Some(Self::Garbage(Garbage::Empty)),
            ["garbage", "shape"] => Some(Self::Garbage(Garbage::Shape)),
            ["garbage", "huge"] => Some(Self::Garbage(Garbage::Huge)),
            ["reset", "before"] => Some(Self::Reset(Reset::Before)),
            ["reset", "middle"] => Some(Self::Reset(Reset::Middle)),
            ["reset"] | ["reset", "after"] => Some(Self::Reset(Reset::After)),
            ["lost"] => Some(Self::Lost),
            _ => None,
        };
        fault.ok_or_else(|| BadFault::UnknownFault(text.to_owned()))
    }
}

fn status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|code| (400..600).contains(code))
}

fn duration(seconds: &str) -> Option<Duration> {
    let time = seconds.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.filter(|time| *time <= LONGEST)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deny => write!(f, "deny"),
            Self::Pending => write!(f, "pending"),
            Self::Status { code, retry_after: None } => write!(f, "status:{code}"),
            Self::Status { code, retry_after: Some(milliseconds) } => write!(f, "status:{code}:{milliseconds}"),
            Self::Hang(None) => write!(f, "hang"),
            Self::Hang(Some(time)) => write!(f, "hang:{}", time.as_secs_f64()),
            Self::Slow(time) => write!(f, "slow:{}", time.as_secs_f64()),
            Self::Garbage(Garbage::Html) => write!(f, "garbage:html"),
            Self::Garbage(Garbage::Truncated) => write!(f, "garbage:truncated"),
            Self::Garbage(Garbage::Empty) => write!(f, "garbage:empty"),
            Self::Garbage(Garbage::Shape) => write!(f, "garbage:shape"),
            Self::Garbage(Garbage::Huge) => write!(f, "garbage:huge"),
            Self::Reset(Reset::Before) => write!(f, "reset:before"),
            Self::Reset(Reset::Middle) => write!(f, "reset:middle"),
            Self::Reset(Reset::After) => write!(f, "reset:after"),
            Self::Lost => write!(f, "lost"),
        }
    }
}

impl FromStr for Plan {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let text = text.trim();
        let Some((fault, times)) = text.split_once(",times=") else {
            return Ok(Self { fault: text.parse()?, times: None });
        };
        let times = times.parse().ok().filter(|times| *times > 0);
        match times {
            Some(times) => Ok(Self { fault: fault.parse()?, times: Some(times) }),
            None => Err(BadFault::UnknownFault(text.to_owned())),
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.times {
            Some(times) => write!(f, "{},times={times}", self.fault),
            None => write!(f, "{}", self.fault),
        }
    }
}

/// Reads `OPERATION=FAULT`, the form of the command line.
///
/// # Errors
/// If the operation or the fault is none.
pub fn parse(text: &str) -> Result<(Target, Plan), BadFault> {
    let (target, plan) = text.split_once('=').ok_or_else(|| BadFault::NoTarget(text.to_owned()))?;
    read(target.trim(), plan)
}

/// Reads a fault and the operation that it is for.
///
/// # Errors
/// If the operation or the fault is none, or the operation has no such fault.
pub(super) fn read(target: &str, plan: &str) -> Result<(Target, Plan), BadFault> {
    let (target, plan): (Target, Plan) = (target.parse()?, plan.parse()?);
    let is_echoed = matches!(target, Target::Operation(name) if ECHOED.contains(&name));
    if plan.fault == Fault::Lost && !is_echoed { Err(BadFault::NothingToLose(target)) } else { Ok((target, plan)) }
}

/// The faults in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Faults(BTreeMap<Target, Plan>);

impl Faults {
    /// Puts a fault in force in place of the one that `target` had.
    pub(super) fn set(&mut self, target: Target, plan: Plan) {
        self.0.insert(target, plan);
    }

    /// Takes a fault away. Whether there was one.
    pub(super) fn clear(&mut self, target: Target) -> bool {
        self.0.remove(&target).is_some()
    }

    /// Takes all faults away.
    pub(super) fn clear_all(&mut self) {
        self.0.clear();
    }

    /// The faults in force, in the order of their names.
    pub(super) fn list(&self) -> Vec<(Target, Plan)> {
        self.0.iter().map(|(target, plan)| (*target, plan.clone())).collect()
    }

    /// The fault that strikes a request for `target`, which counts as one time.
    pub(super) fn strike(&mut self, target: Target) -> Option<Fault> {
        let covering = match target {
            Target::Operation(_) if !self.0.contains_key(&target) => Target::Every,
            Target::Operation(_) | Target::Connect | Target::Every => target,
        };
        let plan = self.0.get_mut(&covering)?;
        let fault = plan.fault.clone();
        plan.times = plan.times.map(|times| times - 1);
        if plan.times == Some(0) {
            self.0.remove(&covering);
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests;
