//! Which keys the configuration knows, asked of the types themselves, so that nothing else has to list them.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::app::room::rules::Spec;

use super::{Chat, Colours, Config, EventTemplate, Group, Logging, Profile, Reason, Rooms, TokenPreset};

/// The keys of each table, the file's own under the empty name.
pub fn tables() -> BTreeMap<&'static str, &'static [&'static str]> {
    [
        ("", keys::<Config>()),
        ("colours", keys::<Colours>()),
        ("rooms", keys::<Rooms>()),
        ("logging", keys::<Logging>()),
        ("group", keys::<Group>()),
        ("profile", keys::<Profile>()),
        ("chat", keys::<Chat>()),
        ("reason", keys::<Reason>()),
        ("event_template", keys::<EventTemplate>()),
        ("token_preset", keys::<TokenPreset>()),
        ("rule", keys::<Spec>()),
    ]
    .into()
}

/// The keys that a type reads.
fn keys<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    match T::deserialize(Asking) {
        Err(Answer::Keys(keys)) => keys,
        Err(Answer::Other) | Ok(_) => &[],
    }
}

/// Reads nothing, but hears what it is asked for.
struct Asking;

/// What it has heard.
#[derive(Debug)]
enum Answer {
    Keys(&'static [&'static str]),
    Other,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Answer {}

impl de::Error for Answer {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Other
    }
}

impl<'de> Deserializer<'de> for Asking {
    type Error = Answer;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Answer> {
        Err(Answer::Other)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        keys: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Answer> {
        Err(Answer::Keys(keys))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_tell_their_keys() {
        assert_eq!(tables()["reason"], ["text", "rooms"]);
        assert!(tables()["chat"].contains(&"scrollback") && tables()[""].contains(&"chat"));
    }
}
