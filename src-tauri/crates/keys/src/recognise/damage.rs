//! What mail programs, editors and hasty copying do to a key.

/// How something that was meant to be a key is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Damage {
    /// A character that does not belong there.
    #[error("there is a character in it that does not belong there")]
    BadCharacter,
    /// Complete, and yet not what it should be inside.
    #[error("its content is damaged")]
    Malformed,
    /// Longer than [`MAX_INPUT`](crate::MAX_INPUT): not read.
    #[error("it is too long to be a key")]
    TooLong,
    /// The end is missing.
    #[error("a part of it is missing")]
    Truncated,
}

impl Damage {
    /// Stable kebab-case code.
    pub fn code(self) -> &'static str {
        match self {
            Self::BadCharacter => "bad-character",
            Self::Malformed => "malformed",
            Self::TooLong => "too-long",
            Self::Truncated => "truncated",
        }
    }
}
