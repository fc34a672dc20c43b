//! Reads the `Authorization` header of a signed request.

use super::{ALGORITHM, Unsigned};

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authorization {
    pub(super) access_key_id: String,
    /// `YYYYMMDD`
    pub(super) day: String,
    pub(super) region: String,
    pub(super) service: String,
    /// Lower-case names in the order that they were signed in.
    pub(super) headers: Vec<String>,
    /// In hexadecimal digits.
    pub(super) signature: String,
}

impl Authorization {
    /// Takes the header's value apart.
    ///
    /// # Errors
    /// [`Unsigned::Incomplete`] with all that is missing, if it is not of the algorithm's form.
    pub(super) fn read(text: &str) -> Result<Self, Unsigned> {
        let (algorithm, rest) = text.trim().split_once(' ').unwrap_or((text, ""));
        if algorithm != ALGORITHM {
            return Err(Unsigned::Incomplete(format!("Unsupported AWS 'algorithm': '{algorithm}'.")));
        }
        let mut parts = [("Credential", None), ("Signature", None), ("SignedHeaders", None)];
        for pair in rest.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or_else(|| {
                Unsigned::Incomplete("A key=value pair of the Authorization header has no equal-sign.".to_owned())
            })?;
            if let Some((_, part)) = parts.iter_mut().find(|(known, _)| *known == name) {
                *part = Some(value);
            }
        }
        let missing = parts.iter().filter(|(_, value)| value.is_none_or(str::is_empty));
        let missing: Vec<_> =
            missing.map(|(name, _)| format!("Authorization header requires '{name}' parameter.")).collect();
        match parts.map(|(_, value)| value) {
            [Some(credential), Some(signature), Some(headers)] if missing.is_empty() => {
                let headers = headers.split(';').map(str::to_lowercase).collect();
                Self::scoped(credential, headers, signature)
            }
            _ => Err(Unsigned::Incomplete(missing.join(" "))),
        }
    }

    fn scoped(credential: &str, headers: Vec<String>, signature: &str) -> Result<Self, Unsigned> {
        let parts: Vec<_> = credential.split('/').collect();
        let [access_key_id, day, region, service, "aws4_request"] = parts[..] else {
            return Err(Unsigned::Incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/aws4_request."
                    .to_owned(),
            ));
        };
        let [access_key_id, day, region, service, signature] =
            [access_key_id, day, region, service, signature].map(ToOwned::to_owned);
        Ok(Self { access_key_id, day, region, service, headers, signature })
    }

    /// The credential scope as it is signed.
    pub(super) fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.day, self.region, self.service)
    }
}
