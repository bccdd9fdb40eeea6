/// Something of a creation that is safely done: on disk, in the vault, or answered.
///
/// A program that is killed right after any of them finds its way back at the next start (the tests kill one at each).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The attempt is written down; nothing has left the computer.
    Journalled,
    /// The private key is in the vault (Self generated only).
    PrivateKeyKept,
    /// The key that opens the service's stored answer is in the vault.
    IdempotencyKeyKept,
    /// It is written down that the request may have left.
    Submitted,
    /// The service has answered with the token.
    Answered,
    /// The secret is in the vault (System generated only).
    SecretKept,
    /// The token is recorded and the attempt has ended.
    Recorded,
    /// Nothing is left to clean up.
    Finished,
}

impl Step {
    /// All of them, in the order in which they happen.
    pub const ALL: [Self; 8] = [
        Self::Journalled,
        Self::PrivateKeyKept,
        Self::IdempotencyKeyKept,
        Self::Submitted,
        Self::Answered,
        Self::SecretKept,
        Self::Recorded,
        Self::Finished,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Journalled => "journalled",
            Self::PrivateKeyKept => "private-key-kept",
            Self::IdempotencyKeyKept => "idempotency-key-kept",
            Self::Submitted => "submitted",
            Self::Answered => "answered",
            Self::SecretKept => "secret-kept",
            Self::Recorded => "recorded",
            Self::Finished => "finished",
        }
    }
}

/// Hears of each step as soon as it is done.
pub type OnStep<'a> = &'a (dyn Fn(Step) + Send + Sync);
