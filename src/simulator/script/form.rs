//! The form of a script as it stands in the file, before anything is checked but names and types.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

pub(super) type Text = Spanned<String>;
pub(super) type Pair = Spanned<[f64; 2]>;
pub(super) type Tags = BTreeMap<Text, Text>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) words: BTreeMap<Text, Spanned<Vec<Text>>>,
    #[serde(default)]
    pub(super) crowd: BTreeMap<Text, Crowd>,
    #[serde(default)]
    pub(super) logging: Vec<Logging>,
    #[serde(default)]
    pub(super) handler: Vec<Handler>,
    #[serde(default)]
    pub(super) room: Vec<Room>,
    #[serde(default)]
    pub(super) ivs: Vec<Other>,
    #[serde(default)]
    pub(super) generated: Option<Generated>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Crowd {
    #[serde(default)]
    pub(super) people: Vec<Spanned<Person>>,
    #[serde(default)]
    pub(super) names: Vec<Text>,
    #[serde(default)]
    pub(super) lines: Vec<Text>,
    #[serde(default)]
    pub(super) exchanges: Vec<Vec<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) id: Option<String>,
    pub(super) role: Option<String>,
    pub(super) badge: Option<String>,
    pub(super) color: Option<String>,
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Logging {
    pub(super) name: Text,
    pub(super) s3: Option<Text>,
    pub(super) cloudwatch: Option<Text>,
    pub(super) firehose: Option<Text>,
    pub(super) state: Option<Text>,
    pub(super) created: Option<Text>,
    pub(super) updated: Option<Text>,
    #[serde(default)]
    pub(super) tags: Tags,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Handler {
    pub(super) name: Text,
    #[serde(default)]
    pub(super) deny: Vec<String>,
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) replace: Vec<String>,
    #[serde(default)]
    pub(super) with: String,
    #[serde(default)]
    pub(super) times_out: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Room {
    pub(super) name: Text,
    pub(super) rate: Option<Spanned<u32>>,
    pub(super) length: Option<Spanned<u32>>,
    pub(super) handler: Option<Text>,
    pub(super) fallback: Option<Text>,
    #[serde(default)]
    pub(super) logging: Vec<Text>,
    pub(super) created: Option<Text>,
    pub(super) updated: Option<Text>,
    #[serde(default)]
    pub(super) tags: Tags,
    pub(super) talk: Option<Talk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Talk {
    pub(super) crowd: Spanned<Vec<Text>>,
    pub(super) every: Pair,
    pub(super) wave: Option<Wave>,
    pub(super) away: Option<Pair>,
    pub(super) returns: Option<Spanned<f64>>,
    #[serde(default)]
    pub(super) raid: Vec<Raid>,
    #[serde(default)]
    pub(super) flood: Vec<Flood>,
    #[serde(default)]
    pub(super) moderator: Vec<Moderator>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wave {
    pub(super) every: Pair,
    pub(super) lasts: Pair,
    pub(super) faster: Spanned<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raid {
    pub(super) crowd: Spanned<Vec<Text>>,
    pub(super) first: Option<Pair>,
    pub(super) every: Pair,
    pub(super) users: Spanned<[usize; 2]>,
    pub(super) within: Spanned<f64>,
    pub(super) lines: Spanned<Vec<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flood {
    pub(super) crowd: Spanned<Vec<Text>>,
    pub(super) first: Option<Pair>,
    pub(super) every: Pair,
    pub(super) messages: Spanned<[usize; 2]>,
    pub(super) within: Spanned<f64>,
    pub(super) lines: Spanned<Vec<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moderator {
    pub(super) first: Option<Pair>,
    pub(super) every: Pair,
    pub(super) disconnects: Option<Spanned<f64>>,
    pub(super) reasons: Spanned<Vec<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Other {
    pub(super) kind: Text,
    #[serde(default)]
    pub(super) tags: Tags,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Generated {
    pub(super) first: Spanned<Vec<Text>>,
    pub(super) second: Spanned<Vec<Text>>,
    #[serde(default)]
    pub(super) tags: BTreeMap<Text, Spanned<Vec<Text>>>,
    pub(super) talk: Option<Talk>,
}
