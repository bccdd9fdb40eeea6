//! The slider from one address to the widest range that is taken.

use serde::Serialize;
use ts_rs::TS;

use crate::family::Family;
use crate::mirrored::mirrored;
use crate::trusted_ips::address_count;

/// The networks around an address, from itself to the widest that is taken: for a slider.
#[derive(Debug, Serialize, TS)]
pub struct NetworkSteps {
    /// Empty if there is a problem.
    pub steps: Vec<NetworkStep>,
    /// Where the slider stands at first.
    #[ts(type = "number")]
    pub start: usize,
    /// Why the text is no address to begin with.
    #[ts(type = "ReasonCode | null")]
    pub problem: Option<&'static str>,
}

/// One position of the slider.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NetworkStep {
    /// Its family.
    pub family: Family,
    /// Canonical.
    pub network: String,
    /// The first address.
    pub first: String,
    /// The last one.
    pub last: String,
    /// How many; `null` for a single one.
    pub address_count: Option<String>,
    /// How much care it takes.
    pub care: NetworkCare,
}

mirrored! {
    /// As [`trusted_ips::Care`].
    #[serde(rename_all = "camelCase")]
    NetworkCare = trusted_ips::Care { One, Few, Many, Huge }
}

impl NetworkSteps {
    /// `text` is one address or network, as typed; a network is where the slider stands at first.
    pub fn new(text: &str, policy: &trusted_ips::Policy) -> Self {
        let list = trusted_ips::parse(text, policy);
        let Some(network) = list.entries.first().and_then(|entry| entry.network) else {
            let reasons = list.entries.first().map_or(&list.reasons[..], |entry| entry.reasons());
            let problem = reasons.first().map(|reason| reason.as_str());
            return Self { steps: Vec::new(), start: 0, problem };
        };
        let prefixes = trusted_ips::prefix_steps(network.addr(), policy);
        let start = prefixes.iter().position(|prefix| *prefix <= network.prefix_len()).unwrap_or(0);
        let subnets = prefixes.iter().map_while(|prefix| trusted_ips::around(network.addr(), *prefix, policy).ok());
        Self { steps: subnets.map(|subnet| NetworkStep::new(&subnet)).collect(), start, problem: None }
    }
}

impl NetworkStep {
    fn new(subnet: &trusted_ips::Subnet) -> Self {
        Self {
            family: Family::of(subnet.first),
            network: trusted_ips::canonical(&subnet.network),
            first: subnet.first.to_string(),
            last: subnet.last.to_string(),
            address_count: address_count(&subnet.network),
            care: subnet.care().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use trusted_ips::Policy;

    use super::*;

    #[test]
    fn the_slider_goes_from_the_address_to_the_widest_range() {
        let steps = NetworkSteps::new("8.8.8.9", &Policy::THREE_COMMAS);
        let (first, last) = (steps.steps.first().unwrap(), steps.steps.last().unwrap());
        assert_eq!(
            (first.network.as_str(), first.address_count.as_deref(), first.care),
            ("8.8.8.9", None, NetworkCare::One)
        );
        assert_eq!((last.network.as_str(), last.address_count.as_deref()), ("8.8.0.0/16", Some("65,536")));
        assert_eq!(last.care, NetworkCare::Huge);
        assert_eq!((steps.start, steps.problem), (0, None));

        let network = NetworkSteps::new("8.8.8.9/24", &Policy::THREE_COMMAS);
        assert_eq!(network.steps[network.start].network, "8.8.8.0/24");
        for (text, problem) in [("192.168.1.5", "private-address"), ("", "empty"), ("vps", "is-hostname")] {
            let steps = NetworkSteps::new(text, &Policy::THREE_COMMAS);
            assert_eq!((steps.problem, steps.steps.len()), (Some(problem), 0), "{text}");
        }
    }
}
