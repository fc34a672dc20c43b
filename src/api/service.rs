//! The two services that we speak to: Amazon IVS Chat, and Amazon IVS for the tags of what is its own.

use super::model::Arn;

/// A service of AWS, as far as we speak to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Service {
    /// Amazon IVS Chat: all 17 operations.
    #[default]
    IvsChat,
    /// Amazon IVS (low latency): the same three operations on the tags of channels, stream keys, playback keys,
    /// recording configurations and the like. Source: the service model `ivs/2020-07-14`.
    Ivs,
}

impl Service {
    /// Both.
    pub const ALL: [Self; 2] = [Self::IvsChat, Self::Ivs];

    /// The service that a resource belongs to, if it is one of these.
    pub fn of(arn: &Arn) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.signing_name() == arn.service())
    }

    /// The name that signatures, hosts, ARNs and IAM actions have.
    pub fn signing_name(self) -> &'static str {
        match self {
            Self::IvsChat => "ivschat",
            Self::Ivs => "ivs",
        }
    }

    /// The IAM action that allows an operation, such as `ivs:ListTagsForResource`.
    pub fn iam_action(self, operation: &str) -> String {
        format!("{}:{operation}", self.signing_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_names_its_service() {
        let of = |text: &str| Service::of(&text.parse().unwrap());
        assert_eq!(of("arn:aws:ivs:us-west-2:123456789012:channel/Ch1"), Some(Service::Ivs));
        assert_eq!(of("arn:aws:ivschat:us-west-2:123456789012:room/R1"), Some(Service::IvsChat));
        assert_eq!(of("arn:aws:lambda:us-west-2:123456789012:function/x"), None);
        assert_eq!(Service::Ivs.iam_action("TagResource"), "ivs:TagResource");
    }
}
