//! Request limits as 3Commas documents them: so many requests in a time, then a block, and a ban
//! for who goes on all the same. By address, as 3Commas says of its bans ("automatic IP ban").
//!
//! Not governor: its cells refill as time passes, while a documented limit counts within a window
//! and then blocks for a time of its own.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::Method;

use crate::documented::endpoints::Endpoint;
use crate::words::words;

/// Addresses remembered; the one not heard of for longest makes place.
const ADDRESSES: usize = 1_024;
/// How many requests into a block lead to a ban. 3Commas does not say: our own choice.
const IGNORED: u32 = 10;
const FIRST_BAN_MS: i64 = 2 * 60 * 1_000;
const LONGEST_BAN_MS: i64 = 3 * 24 * 60 * 60 * 1_000;

words! {
    /// Whether the service limits requests as 3Commas documents it. One-time codes are limited always.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Limits {
        /// As documented.
        Documented = "documented",
        /// Not at all.
        Off = "off",
    }
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Deals,
    General,
    SmartTrades,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Admitted,
    /// 418.
    Banned {
        seconds: u64,
    },
    /// 429.
    Blocked {
        seconds: u64,
    },
}

struct Rule {
    requests: usize,
    window_ms: i64,
    block_ms: i64,
}

impl Kind {
    pub(crate) fn of(endpoint: Option<&Endpoint>) -> Self {
        match endpoint.map(|endpoint| (endpoint.method, endpoint.path)) {
            Some((method, "/ver1/deals" | "/ver1/deals/:deal_id/show")) if method == Method::GET => Self::Deals,
            // Documented for ver1, of which the list of endpoints has only the v2.
            Some((method, "/v2/smart_trades")) if method == Method::GET => Self::SmartTrades,
            _ => Self::General,
        }
    }

    fn rule(self) -> Rule {
        match self {
            Self::Deals => Rule { requests: 120, window_ms: 60_000, block_ms: 60_000 },
            Self::General => Rule { requests: 100, window_ms: 60_000, block_ms: 300_000 },
            Self::SmartTrades => Rule { requests: 40, window_ms: 10_000, block_ms: 10_000 },
        }
    }
}

/// The requests of one kind from one address: never more of them than the limit.
#[derive(Default)]
struct Window {
    requests_ms: VecDeque<i64>,
    blocked_until_ms: i64,
}

/// What was counted of one address.
#[derive(Default)]
struct Counts {
    seen_ms: i64,
    deals: Window,
    general: Window,
    smart_trades: Window,
    ignored: u32,
    bans: u32,
    ban_ms: i64,
    banned_until_ms: i64,
}

impl Counts {
    fn admit(&mut self, kind: Kind, now_ms: i64) -> Admission {
        self.seen_ms = now_ms;
        if let Some(seconds) = left(self.banned_until_ms, now_ms, self.ban_ms) {
            return Admission::Banned { seconds };
        }
        if now_ms - self.banned_until_ms > LONGEST_BAN_MS {
            self.bans = 0;
        }
        let rule = kind.rule();
        let window = match kind {
            Kind::Deals => &mut self.deals,
            Kind::General => &mut self.general,
            Kind::SmartTrades => &mut self.smart_trades,
        };
        if let Some(seconds) = left(window.blocked_until_ms, now_ms, rule.block_ms) {
            self.ignored += 1;
            if self.ignored < IGNORED {
                return Admission::Blocked { seconds };
            }
            return self.ban(now_ms);
        }
        // The clock of the service can be set back: what is then in the future never was.
        window.requests_ms.retain(|&request| request <= now_ms && now_ms - request < rule.window_ms);
        if window.requests_ms.len() < rule.requests {
            window.requests_ms.push_back(now_ms);
            return Admission::Admitted;
        }
        window.requests_ms.clear();
        window.blocked_until_ms = now_ms + rule.block_ms;
        self.ignored = 0;
        Admission::Blocked { seconds: whole_seconds(rule.block_ms) }
    }

    /// Twice as long each time.
    fn ban(&mut self, now_ms: i64) -> Admission {
        self.ban_ms = FIRST_BAN_MS.saturating_mul(1 << self.bans.min(16)).min(LONGEST_BAN_MS);
        self.bans += 1;
        self.ignored = 0;
        self.banned_until_ms = now_ms + self.ban_ms;
        Admission::Banned { seconds: whole_seconds(self.ban_ms) }
    }
}

/// What was counted, by address.
#[derive(Default)]
pub(crate) struct RequestLimits(Mutex<HashMap<IpAddr, Counts>>);

impl RequestLimits {
    pub(crate) fn admit(&self, address: IpAddr, kind: Kind, now_ms: i64) -> Admission {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= ADDRESSES && !counts.contains_key(&address) {
            let longest = counts.iter().min_by_key(|(_, counts)| counts.seen_ms).map(|(address, _)| *address);
            longest.map(|address| counts.remove(&address));
        }
        counts.entry(address).or_default().admit(kind, now_ms)
    }
}

/// `None` where it is over, and where it would last longer than it can: the clock was set back.
fn left(until_ms: i64, now_ms: i64, longest_ms: i64) -> Option<u64> {
    let left_ms = until_ms - now_ms;
    (1..=longest_ms).contains(&left_ms).then(|| whole_seconds(left_ms))
}

fn whole_seconds(ms: i64) -> u64 {
    ms.unsigned_abs().div_ceil(1_000)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

    fn admitted(limits: &RequestLimits, kind: Kind, now_ms: i64) -> usize {
        (0..).take_while(|_| limits.admit(HERE, kind, now_ms) == Admission::Admitted).count()
    }

    #[test]
    fn each_kind_has_its_documented_limit_and_block_of_its_own() {
        let limits = RequestLimits::default();
        for (kind, requests, block_s) in
            [(Kind::General, 100, 300_i64), (Kind::Deals, 120, 60), (Kind::SmartTrades, 40, 10)]
        {
            assert_eq!(admitted(&limits, kind, 0), requests, "{kind:?}");
            let almost_ms = block_s * 1_000 - 1;
            assert_eq!(limits.admit(HERE, kind, almost_ms), Admission::Blocked { seconds: 1 });
            assert_eq!(admitted(&limits, kind, almost_ms + 1), requests, "a new start after {block_s} s");
        }
    }

    #[test]
    fn a_window_slides() {
        let limits = RequestLimits::default();
        for half_minute in 0..10 {
            let now_ms = half_minute * 30_000;
            for _ in 0..50 {
                assert_eq!(limits.admit(HERE, Kind::General, now_ms), Admission::Admitted);
            }
        }
        assert_eq!(admitted(&limits, Kind::General, 300_000), 50, "those of 270 s are still within the minute");
    }

    #[test]
    fn who_goes_on_is_banned_twice_as_long_each_time_up_to_three_days() {
        let limits = RequestLimits::default();
        let (mut now_ms, mut bans) = (0, Vec::new());
        for _ in 0..13 {
            admitted(&limits, Kind::General, now_ms);
            let answers: Vec<_> = (0..IGNORED).map(|_| limits.admit(HERE, Kind::General, now_ms)).collect();
            assert!(answers[..9].iter().all(|answer| *answer == Admission::Blocked { seconds: 300 }), "{answers:?}");
            let Admission::Banned { seconds } = answers[9] else { panic!("{answers:?}") };
            assert_eq!(limits.admit(HERE, Kind::Deals, now_ms), Admission::Banned { seconds }, "from everything");
            bans.push(seconds);
            now_ms += i64::try_from(seconds).unwrap() * 1_000;
            // A short ban ends before the block that led to it.
            now_ms += 300_000;
        }
        assert_eq!(bans[..3], [120, 240, 480]);
        assert_eq!(bans[12], 3 * 24 * 3_600);
    }

    #[test]
    fn a_clock_set_back_blocks_and_bans_nobody_for_longer() {
        let limits = RequestLimits::default();
        let earlier_ms = 1_000_000_000;
        admitted(&limits, Kind::General, earlier_ms + 86_400_000);
        assert_eq!(admitted(&limits, Kind::General, earlier_ms), 100);
        // The last of them was blocked, and the next ones go on all the same.
        let answers: Vec<_> = (0..IGNORED).map(|_| limits.admit(HERE, Kind::General, earlier_ms)).collect();
        assert_eq!(answers[9], Admission::Banned { seconds: 120 });
        assert_eq!(limits.admit(HERE, Kind::Deals, earlier_ms - 1), Admission::Admitted, "longer than it can last");
    }

    #[test]
    fn the_addresses_remembered_are_bounded() {
        let limits = RequestLimits::default();
        for number in 0..5_000_u32 {
            limits.admit(IpAddr::from(number.to_be_bytes()), Kind::General, number.into());
        }
        assert_eq!(limits.0.lock().unwrap().len(), ADDRESSES);
    }
}
