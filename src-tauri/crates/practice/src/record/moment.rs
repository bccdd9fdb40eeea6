//! Moments as they are answered.

use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// Milliseconds since 1970 as RFC 3339 in UTC.
pub(crate) fn rfc3339(unix_ms: i64) -> String {
    utc(unix_ms).and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| "9999-12-31T23:59:59Z".into())
}

/// Milliseconds since 1970 as HTTP writes a date (RFC 9110 section 5.6.7), in whole seconds; `None` where its year has more than
/// four digits.
pub(crate) fn http_date(unix_ms: i64) -> Option<String> {
    // The same but for the name of the zone.
    utc(unix_ms).and_then(|time| time.format(&Rfc2822).ok()).map(|text| text.replace("+0000", "GMT"))
}

fn utc(unix_ms: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(unix_ms) * 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 9110 section 5.6.7.
    #[test]
    fn a_date_is_written_as_http_does() {
        assert_eq!(http_date(784_111_777_999).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(i64::MAX), None);
    }
}
