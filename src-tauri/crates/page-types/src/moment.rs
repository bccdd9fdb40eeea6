use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// As the page reads it.
pub(crate) fn rfc3339(moment: OffsetDateTime) -> String {
    // Only years beyond 9999 cannot be written.
    moment.format(&Rfc3339).unwrap_or_default()
}
