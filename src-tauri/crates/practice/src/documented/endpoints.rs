//! The documented endpoints of the public API and what each of them demands.
//!
//! `endpoints.tsv` is gathered from `3commas-io/3commas-official-api-docs`, commit 0a55695.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::Method;

use crate::documented::permission::Permission;

/// Where the public API begins; the part that is signed begins here too.
pub(crate) const BASE: &str = "/public/api";

const DOCUMENTED: &str = include_str!("endpoints.tsv");
/// Dropped from the documentation in 2025 and still called by clients, with the permissions that it named until then.
const UNDOCUMENTED: [&str; 3] = [
    "GET\t/ver1/ping\tNONE\tNONE\tConnection test",
    "GET\t/ver1/time\tNONE\tNONE\tServer time",
    "GET\t/ver1/users/current_mode\tACCOUNTS_READ\tSIGNED\tCurrent mode, paper or real",
];

static ENDPOINTS: LazyLock<Vec<Endpoint>> = LazyLock::new(|| {
    let rows = DOCUMENTED.lines().skip(1).chain(UNDOCUMENTED);
    rows.map(|row| Endpoint::parse(row).expect("a test reads every row")).collect()
});

/// Those whose path has nothing that varies: no other endpoint fits such a path better, and most
/// calls need not look at all the rest.
static FIXED: LazyLock<HashMap<(&str, &str), &Endpoint>> = LazyLock::new(|| {
    let fixed = ENDPOINTS.iter().filter(|endpoint| !endpoint.path.split('/').any(varies));
    fixed.map(|endpoint| ((endpoint.method, endpoint.path), endpoint)).collect()
});

/// One documented endpoint.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) method: &'static str,
    /// The path after [`BASE`], with `:id` or `{uuid}` for what varies.
    pub(crate) path: &'static str,
    pub(crate) demand: Demand,
    pub(crate) title: &'static str,
}

/// What a caller must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    Nothing,
    Signature,
    Permission(Permission),
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    Found(&'static Endpoint),
    OtherMethod,
    Unknown,
}

/// `path` is as it was sent, from [`BASE`] on, without its query.
pub(crate) fn find(method: &Method, path: &str) -> Lookup {
    let Some(path) = path.strip_prefix(BASE) else {
        return Lookup::Unknown;
    };
    if let Some(endpoint) = FIXED.get(&(method.as_str(), path)) {
        return Lookup::Found(endpoint);
    }
    let here = || ENDPOINTS.iter().filter(|endpoint| endpoint.matches(path));
    let of_method = here().filter(|endpoint| endpoint.method == method.as_str());
    // `/accounts/market_list` is not the account called "market_list".
    match of_method.max_by_key(|endpoint| endpoint.fixed_parts().count()) {
        Some(endpoint) => Lookup::Found(endpoint),
        None if here().next().is_some() => Lookup::OtherMethod,
        None => Lookup::Unknown,
    }
}

/// Every endpoint that is answered.
pub(crate) fn all() -> impl Iterator<Item = &'static Endpoint> {
    ENDPOINTS.iter()
}

impl Endpoint {
    fn parse(row: &'static str) -> Option<Self> {
        let mut columns = row.split('\t');
        let (method, path) = (columns.next()?, columns.next()?);
        let demand = match (columns.next()?, columns.next()?) {
            ("NONE", "NONE") => Demand::Nothing,
            ("NONE", "SIGNED") => Demand::Signature,
            (word, "SIGNED") => Demand::Permission(Permission::from_word(word)?),
            _ => return None,
        };
        Some(Self { method, path, demand, title: columns.next()? })
    }

    fn matches(&self, path: &str) -> bool {
        let mut sent = path.split('/');
        let fits = self.path.split('/').all(|expected| match sent.next() {
            Some(segment) if varies(expected) => !segment.is_empty(),
            Some(segment) => segment == expected,
            None => false,
        });
        fits && sent.next().is_none()
    }

    /// The words of its path.
    pub(crate) fn fixed_parts(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter(|segment| !varies(segment))
    }
}

fn varies(segment: &str) -> bool {
    segment.starts_with([':', '{'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_87_documented_rows_are_read() {
        assert_eq!(DOCUMENTED.lines().skip(1).filter_map(Endpoint::parse).count(), 87);
        assert_eq!(DOCUMENTED.lines().count(), 88);
        assert_eq!(ENDPOINTS.len(), 87 + UNDOCUMENTED.len());
    }

    #[test]
    fn every_row_is_found_under_its_own_path() {
        for endpoint in ENDPOINTS.iter() {
            let path = format!("{BASE}{}", endpoint.path.replace(":id", "7").replace("{uuid}", "0a"));
            assert_eq!(find(&endpoint.method.parse().unwrap(), &path), Lookup::Found(endpoint));
        }
    }

    #[test]
    fn fixed_words_come_before_what_varies() {
        for (path, template, demand) in [
            ("/ver1/accounts/market_list", "/ver1/accounts/market_list", Demand::Nothing),
            ("/ver1/accounts/12", "/ver1/accounts/:account_id", Demand::Permission(Permission::AccountsRead)),
            ("/ver1/accounts/types_to_connect", "/ver1/accounts/types_to_connect", Demand::Signature),
            ("/ver1/trades/history", "/ver1/trades/history", Demand::Permission(Permission::SmartTradesRead)),
            ("/ver1/grid_bots/0", "/ver1/grid_bots/:id", Demand::Permission(Permission::BotsWrite)),
            ("/ver1/validate", "/ver1/validate", Demand::Signature),
        ] {
            let Lookup::Found(found) = find(&Method::GET, &format!("{BASE}{path}")) else { panic!("{path}") };
            assert_eq!((found.path, found.demand), (template, demand));
        }
    }

    #[test]
    fn what_is_not_documented_is_unknown() {
        for path in [
            "",
            "/",
            "/ver1",
            "/ver1/",
            "/ver1/bots/",
            "/ver1//bots",
            "/ver1/bots/1/none",
            "/ver2/bots",
            "/ver1/pong",
            "/ver1/%62ots",
        ] {
            assert_eq!(find(&Method::GET, &format!("{BASE}{path}")), Lookup::Unknown, "{path}");
        }
        assert_eq!(find(&Method::GET, "/ver1/bots"), Lookup::Unknown);
        assert_eq!(find(&Method::DELETE, "/public/api/ver1/bots"), Lookup::OtherMethod);
    }
}
