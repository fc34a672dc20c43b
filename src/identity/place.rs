//! Where we go: the region and the endpoint, by the order of flags, environment, profile, our own file.

use super::endpoint;
use super::facts::{From, REGIONS, Trouble, Wanted};
use super::scene::Scene;
use crate::nearest::nearest;

/// A choice, and who made it.
type Chosen = (String, From);

/// The region; the instance is asked for it if nobody else tells.
///
/// An exported `AWS_REGION` counts more than a profile, as with the AWS CLI; but not more than a profile that
/// somebody has just switched to: its rooms are meant.
pub(super) async fn region(wanted: &Wanted, scene: &Scene, own_endpoint: bool) -> Result<Chosen, Trouble> {
    let around = &scene.around;
    let variable = |name: &'static str| (around.variable(name), From::Variable(name));
    let section = scene.files.section(scene.files.selected());
    let profile = (section.and_then(|section| section.get("region")).map(ToOwned::to_owned), From::Profile);
    let mut order = vec![variable("AWS_REGION"), variable("AWS_DEFAULT_REGION")];
    order.insert(if wanted.switched { 0 } else { 2 }, profile);
    order.insert(0, (wanted.region.clone(), From::Asked));
    order.push((wanted.configured.region.clone(), From::Configuration));
    let chosen = order.into_iter().find_map(|(value, from)| Some((value.filter(|value| !value.is_empty())?, from)));
    let chosen = match chosen {
        Some(chosen) => chosen,
        None => (asked_of_instance(scene).await.ok_or(Trouble::NoRegion)?, From::Instance),
    };
    if own_endpoint || REGIONS.contains(&chosen.0.as_str()) {
        return Ok(chosen);
    }
    let near = nearest(&chosen.0, REGIONS).map(ToOwned::to_owned);
    Err(Trouble::UnknownRegion { name: chosen.0, near })
}

async fn asked_of_instance(scene: &Scene) -> Option<String> {
    let disabled = scene.around.variable("AWS_EC2_METADATA_DISABLED");
    if disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return None;
    }
    endpoint::region(scene).await
}

/// The endpoint of the control plane, if it is not AWS's own.
pub(super) fn endpoint(wanted: &Wanted, scene: &Scene) -> Option<Chosen> {
    let asked = wanted.endpoint.clone().map(|url| (url, From::Asked));
    let found = || {
        let (url, profile) = scene.files.endpoint("IVSCHAT")?;
        let own = "AWS_ENDPOINT_URL_IVSCHAT";
        let from = match profile {
            true => From::Profile,
            false if scene.around.variable(own).is_some() => From::Variable(own),
            false => From::Variable("AWS_ENDPOINT_URL"),
        };
        Some((url, from))
    };
    let configured = || wanted.configured.endpoint.clone().map(|url| (url, From::Configuration));
    asked.or_else(found).or_else(configured)
}
