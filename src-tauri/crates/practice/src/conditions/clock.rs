//! Time comes in from outside: nothing in this crate asks the system for it on its own.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01 00:00 UTC.
    fn now_unix_millis(&self) -> i64;
}

/// The computer's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_unix_millis(&self) -> i64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
    }
}

/// How far the service's clock is from the one it was given, in whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockOffset(i64);

impl ClockOffset {
    /// About 31 years either way: more than any test needs, and far from overflow.
    pub const MAX_SECONDS: i64 = 1_000_000_000;

    /// The offset in seconds.
    pub fn seconds(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for ClockOffset {
    type Error = OutOfRange;

    fn try_from(seconds: i64) -> Result<Self, OutOfRange> {
        if seconds.unsigned_abs() > Self::MAX_SECONDS.unsigned_abs() {
            return Err(OutOfRange);
        }
        Ok(Self(seconds))
    }
}

impl FromStr for ClockOffset {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        text.parse().map_err(|_| OutOfRange).and_then(|seconds: i64| Self::try_from(seconds))
    }
}

/// The offset is no whole number of seconds between -1,000,000,000 and 1,000,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let max = ClockOffset::MAX_SECONDS;
        write!(f, "must be a whole number of seconds between -{max} and {max}")
    }
}

impl std::error::Error for OutOfRange {}

/// The clock the service lives by: the given one, moved by an offset that the control can set.
pub(crate) struct ServiceClock {
    base: Arc<dyn Clock>,
    offset_s: AtomicI64,
    moved: Notify,
}

impl ServiceClock {
    pub(crate) fn new(base: Arc<dyn Clock>, offset: ClockOffset) -> Self {
        Self { base, offset_s: AtomicI64::new(offset.seconds()), moved: Notify::new() }
    }

    pub(crate) fn set_offset(&self, offset: ClockOffset) {
        self.offset_s.store(offset.seconds(), Ordering::SeqCst);
        self.moved.notify_one();
    }

    /// Returns once the offset was set, also if that was before; for one who waits.
    pub(crate) async fn moved(&self) {
        self.moved.notified().await;
    }

    /// Never before 1970: RFC 6238 counts steps from there.
    pub(crate) fn now_ms(&self) -> i64 {
        let offset_ms = self.offset_s.load(Ordering::SeqCst) * 1_000;
        self.base.now_unix_millis().saturating_add(offset_ms).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(i64);

    impl Clock for Fixed {
        fn now_unix_millis(&self) -> i64 {
            self.0
        }
    }

    #[test]
    fn an_offset_is_absolute_and_replaces_the_one_before() {
        let clock = ServiceClock::new(Arc::new(Fixed(50_000)), ClockOffset(10));
        assert_eq!(clock.now_ms(), 60_000);
        clock.set_offset(ClockOffset(-20));
        assert_eq!(clock.now_ms(), 30_000);
        clock.set_offset(ClockOffset(-60));
        assert_eq!(clock.now_ms(), 0);
    }

    #[test]
    fn offsets_beyond_the_range_are_refused() {
        assert_eq!("-30".parse(), Ok(ClockOffset(-30)));
        for text in ["", "1.5", "1000000001", "-1000000001", "9223372036854775808"] {
            assert_eq!(text.parse::<ClockOffset>(), Err(OutOfRange), "{text}");
        }
        assert_eq!(ClockOffset::try_from(i64::MIN), Err(OutOfRange));
    }
}
