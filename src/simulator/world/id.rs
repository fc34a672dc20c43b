//! The names that the service gives to things: 12-character ids, and the ARNs made from them.

use std::fmt;

use fastrand::Rng;

/// 12 letters and digits: the id of a room, a logging configuration, a message, an event or an operation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id([u8; 12]);

impl Id {
    /// An id that the random numbers name.
    pub(super) fn random(rng: &mut Rng) -> Self {
        const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        Self(std::array::from_fn(|_| LETTERS[rng.usize(..LETTERS.len())]))
    }

    /// The id that `text` is, if it is one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 12] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphanumeric).then_some(Self(bytes))
    }

    /// The id as it is written.
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("ids are ASCII")
    }

    /// A number that stands for the id, to seed random numbers with.
    pub(super) fn seed(self) -> u64 {
        self.0
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where the account is: what the ARNs of its resources start with.
#[derive(Debug, Clone)]
pub(super) struct Home {
    pub(super) region: String,
    pub(super) account: String,
}

/// The two kinds of resource of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Room,
    Logging,
}

impl Kind {
    /// The kind as an ARN spells it.
    pub(super) fn in_arn(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Logging => "logging-configuration",
        }
    }

    /// The kind as errors spell it. The model's enum has only `ROOM`, although errors about logging configurations
    /// have the member too; what they hold is not documented.
    pub(super) fn in_errors(self) -> &'static str {
        match self {
            Self::Room => "ROOM",
            Self::Logging => "LOGGING_CONFIGURATION",
        }
    }
}

impl Home {
    /// The ARN of a resource, or with `*` of all of its kind.
    pub(super) fn arn(&self, kind: Kind, id: impl fmt::Display) -> String {
        format!("arn:aws:ivschat:{}:{}:{}/{id}", self.region, self.account, kind.in_arn())
    }

    /// The ARN of the Lambda function `name`.
    pub(super) fn function(&self, name: &str) -> String {
        format!("arn:aws:lambda:{}:{}:function:{name}", self.region, self.account)
    }

    /// The id in an ARN of this account, region and kind.
    pub(super) fn id(&self, kind: Kind, arn: &str) -> Option<Id> {
        let (start, id) = arn.rsplit_once('/')?;
        let expected = self.arn(kind, "");
        (expected.strip_suffix('/') == Some(start)).then(|| Id::parse(id))?
    }
}
