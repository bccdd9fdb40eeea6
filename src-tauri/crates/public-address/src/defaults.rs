//! The sources this crate ships. Few, because a domain that is sold keeps its valid certificate; review them at each release.

use url::Url;

use crate::source::{Family, Format, Source};

/// Independent operators, each asked for IPv4 and for IPv6, best known first.
///
/// Not among them, though often used: `ifconfig.co`, which stands behind Cloudflare and answers programs with a challenge
/// page (mpolden/echoip issues 166 and 196), and `ipify`, which failed with Cloudflare's outage of 2025-11-18
/// (rdegges/ipify-api issue 82): both would only be Cloudflare's vote again.
#[must_use]
pub fn default_sources() -> Vec<Source> {
    use Family::{V4, V6};

    [
        // Cloudflare runs icanhazip since 2021.
        (CLOUDFLARE, "https://ipv4.icanhazip.com/", V4),
        (CLOUDFLARE, "https://ipv6.icanhazip.com/", V6),
        // The first name has no IPv6 address as far as known, the second has both.
        ("Amazon", "https://checkip.amazonaws.com/", V4),
        ("Amazon", "https://checkip.global.api.aws/", V6),
        // deSEC, a non-profit DNS operator, for the users of its dynamic DNS.
        ("deSEC", "https://checkipv4.dedyn.io/", V4),
        ("deSEC", "https://checkipv6.dedyn.io/", V6),
        // P. Carrier; tnedi.me is the same operator.
        ("ident.me", "https://v4.ident.me/", V4),
        ("ident.me", "https://v6.ident.me/", V6),
    ]
    .into_iter()
    .filter_map(|(operator, url, family)| shipped(operator, url, family, Format::Text))
    .collect()
}

/// What stands before 3Commas' API says which address it sees: the one that will be checked. Cloudflare's vote.
#[must_use]
pub fn three_commas_sources() -> Vec<Source> {
    Family::ALL
        .into_iter()
        .filter_map(|family| shipped(CLOUDFLARE, "https://api.3commas.io/cdn-cgi/trace", family, Format::Trace))
        .collect()
}

const CLOUDFLARE: &str = "Cloudflare";

fn shipped(operator: &str, url: &str, family: Family, format: Format) -> Option<Source> {
    let url = Url::parse(url).ok()?;
    Some(Source { operator: operator.to_owned(), url, family, format, vote: true })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_shipped_source_may_be_asked() {
        let shipped = [default_sources(), three_commas_sources()].concat();
        assert_eq!(shipped.len(), 10);
        for source in shipped {
            assert_eq!(source.url.scheme(), "https");
            source.place().unwrap();
        }
    }

    #[test]
    fn each_family_has_four_operators_so_that_two_may_be_down() {
        for family in Family::ALL {
            let voters: HashSet<_> =
                default_sources().iter().filter(|source| source.family == family).map(Source::voter).collect();
            assert_eq!(voters.len(), 4, "{family}");
        }
    }

    #[test]
    fn asking_3commas_itself_is_no_new_voter() {
        let voters: HashSet<_> = default_sources().iter().map(Source::voter).collect();
        for source in three_commas_sources() {
            assert!(voters.contains(&source.voter()));
        }
    }
}
