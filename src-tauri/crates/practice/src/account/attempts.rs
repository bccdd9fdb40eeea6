//! How often an account may be wrong about its code: the lock, as a pure function of time.

/// Failures within this time count together ...
const WINDOW_MS: i64 = 5 * 60 * 1_000;
/// ... and this many lock the account ...
const WINDOW_FAILURES: usize = 5;
/// ... for this long.
const LOCK_MS: i64 = 5 * 60 * 1_000;
/// Three valid codes in a million and 1,440 guesses a day would fall in months; with a stop after
/// this many in a row the chance stays at 0.03 % (NIST SP 800-63B: at most 100 in a row).
const FAILURES_IN_A_ROW: u32 = 100;

/// Of one account, whatever session, connection or address the attempts come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attempts {
    pub(crate) recent_failures_ms: Vec<i64>,
    pub(crate) failures_in_a_row: u32,
    pub(crate) locked_until_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    Open,
    For { seconds: u64 },
    UntilNewAuthenticator,
}

impl Attempts {
    /// A wrong or reused code.
    pub(crate) fn fail(&mut self, now_ms: i64) {
        self.failures_in_a_row += 1;
        // The clock of the service can be set back: what is then in the future never was.
        self.recent_failures_ms.retain(|failure| (0..WINDOW_MS).contains(&(now_ms - failure)));
        self.recent_failures_ms.push(now_ms);
        if self.recent_failures_ms.len() >= WINDOW_FAILURES {
            self.recent_failures_ms.clear();
            self.locked_until_ms = now_ms + LOCK_MS;
        }
    }

    pub(crate) fn succeed(&mut self) {
        *self = Self::default();
    }

    /// A lock that would last longer than it can, because the clock was set back, lasts its time from now on; whether it was
    /// one. It does not end, or that would be a way around it.
    pub(crate) fn shorten_lock(&mut self, now_ms: i64) -> bool {
        let is_too_long = self.locked_until_ms - now_ms > LOCK_MS;
        if is_too_long {
            self.locked_until_ms = now_ms + LOCK_MS;
        }
        is_too_long
    }

    pub(crate) fn lock(&self, now_ms: i64) -> Lock {
        if self.failures_in_a_row >= FAILURES_IN_A_ROW {
            return Lock::UntilNewAuthenticator;
        }
        match u64::try_from(self.locked_until_ms - now_ms) {
            Ok(left_ms) if left_ms > 0 => Lock::For { seconds: left_ms.div_ceil(1_000) },
            _ => Lock::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn the_fifth_failure_within_five_minutes_locks_for_five_minutes() {
        let mut attempts = Attempts::default();
        for minute in 0..4 {
            attempts.fail(minute * MINUTE);
            assert_eq!(attempts.lock(minute * MINUTE), Lock::Open);
        }
        attempts.fail(4 * MINUTE);
        assert_eq!(attempts.lock(4 * MINUTE), Lock::For { seconds: 300 });
        assert_eq!(attempts.lock(9 * MINUTE - 1), Lock::For { seconds: 1 });
        assert_eq!(attempts.lock(9 * MINUTE), Lock::Open);
    }

    #[test]
    fn failures_more_than_five_minutes_apart_do_not_count_together() {
        let mut attempts = Attempts::default();
        for count in 0..50 {
            attempts.fail(count * 75_000);
            assert_eq!(attempts.lock(count * 75_000), Lock::Open, "at most four in any window");
        }
    }

    #[test]
    fn a_clock_set_back_keeps_a_lock_for_its_time_and_counts_nothing_from_the_future() {
        let mut attempts = Attempts::default();
        (0..4).for_each(|_| attempts.fail(1_000 * MINUTE));
        attempts.fail(0);
        assert_eq!(attempts.lock(0), Lock::Open);
        (0..4).for_each(|_| attempts.fail(1_000 * MINUTE));
        attempts.fail(1_000 * MINUTE);
        assert!(!attempts.shorten_lock(1_000 * MINUTE));
        assert!(attempts.shorten_lock(0));
        assert_eq!(attempts.lock(0), Lock::For { seconds: 300 });
        assert!(!attempts.shorten_lock(MINUTE));
        assert_eq!(attempts.lock(5 * MINUTE), Lock::Open);
    }

    #[test]
    fn a_success_forgets_every_failure() {
        let mut attempts = Attempts::default();
        (0..4).for_each(|at| attempts.fail(at));
        attempts.succeed();
        assert_eq!(attempts, Attempts::default());
    }

    #[test]
    fn a_hundred_failures_in_a_row_stop_for_good_however_slow() {
        let mut attempts = Attempts::default();
        for day in 0..100 {
            assert_eq!(attempts.lock(day * 1_440 * MINUTE), Lock::Open);
            attempts.fail(day * 1_440 * MINUTE);
        }
        assert_eq!(attempts.lock(i64::MAX), Lock::UntilNewAuthenticator);
    }
}
