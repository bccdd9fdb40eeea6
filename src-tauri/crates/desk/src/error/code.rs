/// Declares the enum together with its text form and the list of all, so that none can be forgotten.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// What went wrong, as a stable kebab-case word: the interface has a message for each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

codes! {
    /// Another running copy owns the data directory.
    AlreadyRunning = "already-running",
    /// The database could not be copied before its form was to change.
    BackupFailed = "backup-failed",
    /// The clipboard cannot be reached.
    ClipboardFailed = "clipboard-failed",
    /// An earlier creation may have gone through and cannot be asked about now.
    CreationUnfinished = "creation-unfinished",
    /// The data directory or a file in it may be in other hands; params name the path and the problem.
    DataDirUnsafe = "data-dir-unsafe",
    /// The data directory cannot be written.
    DataDirUnwritable = "data-dir-unwritable",
    /// The app's database cannot be read.
    DatabaseDamaged = "database-damaged",
    /// The app's database was written by a newer version.
    DatabaseNewer = "database-newer",
    /// The destination takes no tokens yet.
    DestinationUnavailable = "destination-unavailable",
    /// No space is left.
    DiskFull = "disk-full",
    /// Something in the form is missing.
    DraftIncomplete = "draft-incomplete",
    /// A file of this name is there already.
    FileExists = "file-exists",
    /// The file has no secret or private key of this token.
    FileNotOfToken = "file-not-of-token",
    /// The file cannot be read.
    FileUnreadable = "file-unreadable",
    /// The file cannot be written.
    FileUnwritable = "file-unwritable",
    /// A fault of the app.
    Internal = "internal",
    /// The RSA pair could not be made.
    KeyFailed = "key-failed",
    /// The RSA pair is still being made.
    KeyNotReady = "key-not-ready",
    /// The keyring failed in another way.
    KeyringFailed = "keyring-failed",
    /// The keyring is locked, or its prompt was dismissed.
    KeyringLocked = "keyring-locked",
    /// Keys of this installation are in a keyring that cannot be reached now, so they cannot move.
    KeysInKeyring = "keys-in-keyring",
    /// There is no keyring.
    KeyringMissing = "keyring-missing",
    /// What was written to the keyring is not there.
    KeyringNotKept = "keyring-not-kept",
    /// The keyring did not answer.
    KeyringTimeout = "keyring-timeout",
    /// The note has characters that nobody sees.
    NoteCharacters = "note-characters",
    /// The note has a private key in it.
    NotePrivateKey = "note-private-key",
    /// The note has too many characters.
    NoteTooLong = "note-too-long",
    /// Whether a file has the secret or private key of a token was not to be found out.
    NotProven = "not-proven",
    /// No more codes until the authenticator is set up anew.
    OtpExhausted = "otp-exhausted",
    /// Not six digits.
    OtpFormat = "otp-format",
    /// Wrong or too old.
    OtpInvalid = "otp-invalid",
    /// Too many wrong codes; params and retry say how long.
    OtpLocked = "otp-locked",
    /// A code is needed.
    OtpRequired = "otp-required",
    /// Used before.
    OtpReused = "otp-reused",
    /// Fewer characters than a passphrase needs.
    PassphraseTooShort = "passphrase-too-short",
    /// The secrets file does not open with it.
    PassphraseWrong = "passphrase-wrong",
    /// What the practice service stored is damaged.
    PracticeDamaged = "practice-damaged",
    /// Another program has what the practice service stored.
    PracticeInUse = "practice-in-use",
    /// The key to the practice service's stored state is gone.
    PracticeKeyLost = "practice-key-lost",
    /// The practice service did not start.
    PracticeUnavailable = "practice-unavailable",
    /// The service did not take a value.
    RecordInvalid = "record-invalid",
    /// The secret is there after all: nothing was changed.
    SecretFound = "secret-found",
    /// The keyring has no secret for this token.
    SecretGone = "secret-gone",
    /// More than a keyring takes.
    SecretTooLarge = "secret-too-large",
    /// The passphrase of the secrets file has not been given since the start.
    SecretsFileClosed = "secrets-file-closed",
    /// The secrets file is not as it was written.
    SecretsFileDamaged = "secrets-file-damaged",
    /// The secrets file cannot be read or written.
    SecretsFileFailed = "secrets-file-failed",
    /// Others could have read or put there the secrets file.
    SecretsFileUnsafe = "secrets-file-unsafe",
    /// An answer that is not understood.
    ServiceAnswerInvalid = "service-answer-invalid",
    /// The service refused or failed.
    ServiceError = "service-error",
    /// The request left; no answer came.
    ServiceNoAnswer = "service-no-answer",
    /// No connection.
    ServiceUnreachable = "service-unreachable",
    /// The account session is not known.
    SessionInvalid = "session-invalid",
    /// No such token.
    TokenUnknown = "token-unknown",
}
