//! The two key fields of a form.

use std::fmt;

/// Where it was pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The field whose content is sent to a service.
    Public,
    /// The field whose content stays here.
    Private,
}

/// What becomes of it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldVerdict {
    /// It is taken, in normal form.
    Accept,
    /// It is not taken.
    Reject,
    /// It is taken once it is opened.
    NeedsPassphrase,
}

impl FieldVerdict {
    /// Stable kebab-case code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::NeedsPassphrase => "needs-passphrase",
        }
    }
}

impl fmt::Display for FieldVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
