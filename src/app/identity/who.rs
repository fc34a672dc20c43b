//! What the console knows of who it is. What it does not know it does not claim.

use jiff::{SignedDuration, Timestamp};

use crate::identity::facts::{Caller, Device, Kind, Profile, Source, Trouble, Wanted};

use super::access::{Access, Treatment, Why};
use super::{Generation, Lasting, Opened};

/// Credentials that last no longer than this are looked after each minute, and told of in amber.
pub const SOON: SignedDuration = SignedDuration::from_mins(10);
/// Credentials that last no longer than this are told of in red.
pub const NOW: SignedDuration = SignedDuration::from_mins(2);

/// How the credentials stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The files are being read.
    Opening,
    /// They are on their way.
    Unknown,
    /// They are good.
    Good(Lasting),
    /// There are none.
    Bad(Box<Trouble>),
}

/// How far signing in is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningIn {
    /// Nobody does.
    No,
    /// A code has been asked for.
    Asking,
    /// Somebody is to open a page.
    Waiting(Device),
}

/// Who the console is.
#[derive(Debug)]
pub struct Who {
    /// Counted up with each switch.
    pub generation: Generation,
    /// What was asked for.
    pub wanted: Wanted,
    /// What it came to, if it could be opened.
    pub opened: Option<Opened>,
    /// How its credentials stand.
    pub standing: Standing,
    /// By STS.
    pub caller: Option<Caller>,
    /// How far signing in is.
    pub signing_in: SigningIn,
    /// Whether it has been asked how the credentials stand, and not answered.
    pub looking: bool,
    /// Whether changes are let through.
    pub access: Access,
    /// The same of who it was before, if that was the same profile elsewhere: who unlocked it has unlocked it.
    pub carried: Option<Access>,
    /// How the configuration has it treated.
    pub treatment: Treatment,
    /// The profiles that there are, once they are known.
    pub profiles: Vec<Profile>,
}

impl Who {
    /// Somebody who has not been asked for yet.
    pub fn new(wanted: Wanted) -> Self {
        Self {
            generation: Generation(1),
            wanted,
            opened: None,
            standing: Standing::Opening,
            caller: None,
            signing_in: SigningIn::No,
            looking: false,
            access: Access::ReadOnly(Why::Nobody),
            carried: None,
            treatment: Treatment::default(),
            profiles: Vec::new(),
        }
    }

    /// The next one, of whom nothing is known yet.
    #[must_use]
    pub fn next(self, wanted: Wanted) -> Self {
        let Self { generation, profiles, access, .. } = self;
        let known = access != Access::ReadOnly(Why::Nobody);
        let carried = Some(access).filter(|_| known && wanted.profile == self.wanted.profile);
        Self { generation: Generation(generation.0 + 1), profiles, carried, ..Self::new(wanted) }
    }

    /// Where the credentials come from, as far as that is known.
    pub fn source(&self) -> Source {
        match (&self.opened, &self.wanted.profile) {
            (Some(opened), _) => opened.source.clone(),
            (None, Some(profile)) => Source::Profile(profile.clone()),
            (None, None) => Source::Nothing,
        }
    }

    /// The profile in use.
    pub fn profile(&self) -> Option<String> {
        match self.source() {
            Source::Profile(name) => Some(name),
            Source::Environment
            | Source::WebIdentity
            | Source::Container
            | Source::InstanceRole
            | Source::Fixed(_)
            | Source::Nothing => None,
        }
    }

    /// Why there are no credentials, if there are none.
    pub fn trouble(&self) -> Option<&Trouble> {
        match &self.standing {
            Standing::Bad(trouble) => Some(trouble),
            Standing::Opening | Standing::Unknown | Standing::Good(_) => None,
        }
    }

    /// Until when the credentials last, if that is known.
    pub fn until(&self) -> Option<Timestamp> {
        match &self.standing {
            Standing::Good(lasting) => lasting.until,
            Standing::Opening | Standing::Unknown | Standing::Bad(_) => None,
        }
    }

    /// Whether the credentials are to be looked after: they run out soon.
    pub fn is_running_out(&self, now: Timestamp) -> bool {
        self.until().is_some_and(|until| until.duration_since(now) <= SOON)
    }

    /// Whether `text` names the account or the profile in use, as who unlocks the console has to type.
    pub fn is_called(&self, text: &str, account: Option<&str>) -> bool {
        let text = text.trim();
        !text.is_empty() && (self.profile().as_deref() == Some(text) || account == Some(text))
    }
}

/// How urgent a time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// There is time.
    Calm,
    /// Ten minutes or less.
    Soon,
    /// Two minutes or less, or none.
    Now,
}

/// The time until `until` in steps that a glance takes in, and how urgent it is. It changes no more often than once a
/// minute, as whatever changes is written to the screen.
pub fn time_left(until: Timestamp, now: Timestamp) -> (String, Urgency) {
    let left = until.duration_since(now);
    let minutes = left.as_mins();
    let words = match minutes {
        _ if left <= SignedDuration::ZERO => return ("EXPIRED".to_owned(), Urgency::Now),
        0 => "under 1 min left".to_owned(),
        1..=10 => format!("{minutes} min left"),
        11..60 => format!("{} min left", minutes / 5 * 5),
        60..1440 => format!("{} h left", minutes / 60),
        _ => format!("{} d left", minutes / 1440),
    };
    let urgency = match left {
        left if left <= NOW => Urgency::Now,
        left if left <= SOON => Urgency::Soon,
        _ => Urgency::Calm,
    };
    (words, urgency)
}

/// How a profile gets credentials, in a few words; as the files say it, and not yet safe to show.
pub fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Static => "keys".to_owned(),
        Kind::Sso { session } => format!("SSO {session}"),
        Kind::Login => "aws login".to_owned(),
        Kind::AssumeRole { source, mfa: Some(_), .. } => format!("role by {source}, MFA"),
        Kind::AssumeRole { source, mfa: None, .. } => format!("role by {source}"),
        Kind::Process => "program".to_owned(),
        Kind::WebIdentity => "web identity".to_owned(),
        Kind::Broken(why) => format!("broken: {why}"),
    }
}

/// What there is to say of a profile beside its name; not yet safe to show.
pub fn about(profile: &Profile) -> String {
    let (account, region) = (profile.account.as_deref(), profile.region.as_deref());
    [Some(kind(&profile.kind).as_str()), account, region].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The role or user of a caller, without what IAM Identity Center puts around the name of a permission set.
pub fn role(caller: &Caller) -> (String, Option<String>) {
    let (role, session) = match caller.role().split_once('/') {
        Some((role, session)) => (role, Some(session.to_owned())),
        None => (caller.role(), None),
    };
    let set = role.strip_prefix("AWSReservedSSO_").and_then(|set| set.rsplit_once('_')).map(|(set, _)| set);
    (set.unwrap_or(role).to_owned(), session)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(seconds: i64) -> (String, Urgency) {
        let now = Timestamp::from_second(1_000_000).unwrap();
        time_left(now + SignedDuration::from_secs(seconds), now)
    }

    #[test]
    fn the_time_left_is_told_in_steps_and_gets_urgent() {
        for (seconds, words, urgency) in [
            (200_000, "2 d left", Urgency::Calm),
            (7_199, "1 h left", Urgency::Calm),
            (3_599, "55 min left", Urgency::Calm),
            (661, "10 min left", Urgency::Calm),
            (600, "10 min left", Urgency::Soon),
            (121, "2 min left", Urgency::Soon),
            (120, "2 min left", Urgency::Now),
            (59, "under 1 min left", Urgency::Now),
            (0, "EXPIRED", Urgency::Now),
            (-60, "EXPIRED", Urgency::Now),
        ] {
            assert_eq!(left(seconds), (words.to_owned(), urgency), "{seconds} s");
        }
    }

    #[test]
    fn a_permission_set_is_called_by_its_name() {
        let told = |arn: &str| role(&Caller { account: "1".into(), arn: arn.into(), user_id: "A".into() });
        let sso = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Chat_Moderator_0123456789abcdef/nadia";
        assert_eq!(told(sso), ("Chat_Moderator".to_owned(), Some("nadia".to_owned())));
        assert_eq!(told("arn:aws:iam::123456789012:user/demo"), ("demo".to_owned(), None));
    }

    #[test]
    fn who_unlocks_types_the_profile_or_the_account() {
        let mut who = Who::new(Wanted { profile: Some("prod".into()), ..Wanted::default() });
        assert!(who.is_called(" prod ", None) && who.is_called("123456789012", Some("123456789012")));
        assert!(!who.is_called("pro", None) && !who.is_called("", None));
        who = Who::new(Wanted::default());
        assert!(!who.is_called("", None), "of nobody nothing is known");
    }
}
