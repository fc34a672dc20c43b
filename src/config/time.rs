//! In which time zone moments are told.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A time zone: `utc`, `local`, or a name of the IANA database such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Zone(pub String);

impl Default for Zone {
    fn default() -> Self {
        Self("utc".to_owned())
    }
}

impl Zone {
    /// The zone; none is UTC.
    ///
    /// # Errors
    /// If this system knows no zone of that name, or not its own.
    pub fn zone(&self) -> Result<Option<TimeZone>, String> {
        match self.0.as_str() {
            "utc" | "UTC" => Ok(None),
            "local" => TimeZone::try_system()
                .map(Some)
                .map_err(|_| "is \"local\", but this system does not tell its zone".to_owned()),
            name => TimeZone::get(name).map(Some).map_err(|_| {
                format!("is {name:?}, must be utc, local or a zone that this system knows, such as Europe/Berlin")
            }),
        }
    }
}
