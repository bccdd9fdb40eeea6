//! What can keep the desk from doing what was asked, and the code that each of it has.

pub(crate) mod code;
pub(crate) mod endpoint;
pub(crate) mod facts;
pub(crate) mod field;

use std::collections::BTreeMap;
use std::path::PathBuf;

use private_files::Unsafe;

use crate::error::code::Code;
use crate::error::endpoint::EndpointError;
use crate::error::facts::Facts;
use crate::error::field::Field;
use crate::form::draft::Missing;
use crate::token::note::NoteProblem;

/// Whatever can keep the desk from doing what was asked. No variant carries a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another running copy of the app owns the data directory.
    #[error("another copy of Token Desk owns the data directory {}", .0.display())]
    AlreadyRunning(PathBuf),
    /// A database is not brought into a new form without a copy of it as it was, and that cannot be made.
    #[error("cannot copy the database to {} before changing its form: {source}", path.display())]
    BackupFailed {
        /// Where the copy was to lie.
        path: PathBuf,
        /// What went wrong.
        source: Box<Self>,
    },
    /// An earlier creation may have gone through and its service cannot be asked now.
    #[error("an earlier creation is not settled: {0}")]
    CreationUnfinished(#[source] EndpointError),
    /// The data directory, or something in it, may be in other hands. It is left as it is.
    #[error("will not use {}: {}", path.display(), problem.as_str())]
    DataDirUnsafe {
        /// The directory or file.
        path: PathBuf,
        /// Why.
        problem: Unsafe,
    },
    /// The data directory cannot be made or written.
    #[error("cannot write to the data directory {}: {source}", path.display())]
    DataDirUnwritable {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The app's own database cannot be read.
    #[error("the database is damaged: {0}")]
    DatabaseDamaged(#[source] rusqlite::Error),
    /// The app's own database was written by a newer version of the app.
    #[error("the database was written by a newer version of the app")]
    DatabaseNewer,
    /// This destination does not take tokens yet.
    #[error("this destination is not built yet")]
    DestinationUnavailable,
    /// No space is left where the data directory lies.
    #[error("the disk is full")]
    DiskFull,
    /// The draft lacks something.
    #[error("the draft is not complete: {0:?}")]
    DraftIncomplete(Vec<Missing>),
    /// The token endpoint refused or did not answer.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A file of this name is there already, and stays as it is.
    #[error("{} exists", .0.display())]
    FileExists(PathBuf),
    /// The file that the person chose holds no secret or private key of this token.
    #[error("{} has nothing of this token", .0.display())]
    FileNotOfToken(PathBuf),
    /// The file that the person chose cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file that the person chose cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    FileUnwritable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// An RSA pair could not be made or read.
    #[error(transparent)]
    Key(#[from] keys::Error),
    /// The RSA pair is not made yet.
    #[error("the key pair is not ready")]
    KeyNotReady,
    /// Keys of this installation are in a keyring that cannot be reached now.
    #[error("the keyring that has the keys is not there")]
    KeysInKeyring,
    /// A text that is not kept as a note.
    #[error(transparent)]
    Note(#[from] NoteProblem),
    /// Whether a file has the secret or private key of a token was not to be found out.
    #[error("the service did not say whether this is the token's")]
    NotProven,
    /// The code has another form than six digits.
    #[error("the code is not six digits")]
    OtpFormat,
    /// The built-in practice service did not start.
    #[error(transparent)]
    Practice(#[from] practice::Error),
    /// The key that opens the practice service's stored state is gone from the keyring.
    #[error("the key of the practice service's stored state is not in the keyring")]
    PracticeKeyLost,
    /// The token whose secret was thought to be gone has it: nothing was changed.
    #[error("the secret of this token is in the keyring")]
    SecretFound,
    /// The keyring has no secret for this token.
    #[error("the secret of this token is not in the keyring")]
    SecretGone,
    /// The app's own database failed.
    #[error("the database failed: {0}")]
    Store(#[source] rusqlite::Error),
    /// A public API call could not be prepared.
    #[error(transparent)]
    ThreeCommas(#[from] threecommas::Error),
    /// No token with this id is recorded.
    #[error("no such token")]
    TokenUnknown,
    /// The keyring refused.
    #[error(transparent)]
    Vault(#[from] vault::Error),
}

impl Error {
    /// The interface has words for each code.
    pub fn code(&self) -> Code {
        self.facts().code
    }

    /// The form field that the error concerns.
    pub fn field(&self) -> Option<Field> {
        self.facts().field
    }

    /// Values for the message; never a secret.
    pub fn params(&self) -> BTreeMap<String, String> {
        self.facts().params
    }

    /// Seconds after which trying again may succeed, where the service named them.
    pub fn retry(&self) -> Option<u64> {
        self.facts().retry
    }

    /// Whether what the practice service stored cannot be opened any more: only starting it over helps.
    pub(crate) fn needs_start_over(&self) -> bool {
        matches!(self.code(), Code::PracticeDamaged | Code::PracticeKeyLost)
    }

    /// All that is told of each: a new variant needs an arm here, and its code a line in the list of codes.
    fn facts(&self) -> Facts {
        match self {
            Self::AlreadyRunning(path) => Facts::of(Code::AlreadyRunning).path(path),
            Self::BackupFailed { path, .. } => Facts::of(Code::BackupFailed).path(path),
            Self::CreationUnfinished(_) => Facts::of(Code::CreationUnfinished),
            Self::DataDirUnsafe { path, problem } => {
                Facts::of(Code::DataDirUnsafe).path(path).param("problem", problem.as_str())
            }
            Self::DataDirUnwritable { path, .. } => Facts::of(Code::DataDirUnwritable).path(path),
            Self::DatabaseDamaged(_) => Facts::of(Code::DatabaseDamaged),
            Self::DatabaseNewer => Facts::of(Code::DatabaseNewer),
            Self::DestinationUnavailable => Facts::of(Code::DestinationUnavailable).field(Field::Destination),
            Self::DiskFull => Facts::of(Code::DiskFull),
            Self::DraftIncomplete(_) => Facts::of(Code::DraftIncomplete),
            Self::Endpoint(error) => error.facts(),
            Self::FileExists(path) => Facts::of(Code::FileExists).path(path),
            Self::FileNotOfToken(path) => Facts::of(Code::FileNotOfToken).path(path),
            Self::FileUnreadable { path, .. } => Facts::of(Code::FileUnreadable).path(path),
            Self::FileUnwritable { path, .. } => Facts::of(Code::FileUnwritable).path(path),
            Self::Key(_) => Facts::of(Code::KeyFailed).field(Field::Key),
            Self::KeyNotReady => Facts::of(Code::KeyNotReady).field(Field::Key),
            Self::KeysInKeyring => Facts::of(Code::KeysInKeyring),
            Self::Note(problem) => Facts::of(note_code(*problem)),
            Self::NotProven => Facts::of(Code::NotProven),
            Self::OtpFormat => Facts::of(Code::OtpFormat).field(Field::Code),
            Self::Practice(error) => Facts::of(practice_code(error)).param("reason", error.code()),
            Self::PracticeKeyLost => Facts::of(Code::PracticeKeyLost),
            Self::SecretFound => Facts::of(Code::SecretFound),
            Self::SecretGone => Facts::of(Code::SecretGone),
            Self::Store(error) => Facts::of(Code::Internal).param("detail", error.to_string()),
            Self::ThreeCommas(_) => Facts::of(Code::ServiceError),
            Self::TokenUnknown => Facts::of(Code::TokenUnknown),
            Self::Vault(error) => Facts::of(vault_code(error)),
        }
    }
}

/// The code for what is wrong with a note.
pub fn note_code(problem: NoteProblem) -> Code {
    match problem {
        NoteProblem::ForbiddenCharacters => Code::NoteCharacters,
        NoteProblem::PrivateKey => Code::NotePrivateKey,
        NoteProblem::TooLong => Code::NoteTooLong,
    }
}

fn practice_code(error: &practice::Error) -> Code {
    use practice::Error::{DataInUse, DataUnwritable, DatabaseDamaged, DatabaseNewer, DiskFull};
    match error {
        DataInUse { .. } => Code::PracticeInUse,
        DataUnwritable { .. } => Code::DataDirUnwritable,
        DatabaseDamaged { .. } => Code::PracticeDamaged,
        DatabaseNewer { .. } => Code::DatabaseNewer,
        DiskFull => Code::DiskFull,
        _ => Code::PracticeUnavailable,
    }
}

/// Of what lies in the data directory.
impl From<private_files::Error> for Error {
    fn from(error: private_files::Error) -> Self {
        use private_files::Error as File;
        match error {
            File::DiskFull => Self::DiskFull,
            File::Exists(path) => Self::DataDirUnwritable { path, source: std::io::ErrorKind::AlreadyExists.into() },
            File::Failed { path, source, .. } => Self::DataDirUnwritable { path, source },
            File::InUse(path) => Self::AlreadyRunning(path),
            File::TooLarge(path) => Self::DataDirUnwritable { path, source: std::io::ErrorKind::FileTooLarge.into() },
            File::Unsafe { path, problem } => Self::DataDirUnsafe { path, problem },
        }
    }
}

/// SQLite says "disk full" and "not a database" by code; the rest is ours to fix.
impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{CannotOpen, DatabaseCorrupt, NotADatabase, ReadOnly};
        if is_disk_full(&error) {
            return Self::DiskFull;
        }
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => Self::DatabaseDamaged(error),
            Some(CannotOpen | ReadOnly) => {
                Self::DataDirUnwritable { path: PathBuf::new(), source: std::io::Error::other(error) }
            }
            _ => Self::Store(error),
        }
    }
}

/// SQLite says it in two ways: FULL, and an I/O error where the index of its log finds no room.
fn is_disk_full(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(code, Some(rusqlite::ffi::SQLITE_FULL | rusqlite::ffi::SQLITE_IOERR_SHMSIZE))
}

/// The code for what the keyring said.
pub fn vault_code(error: &vault::Error) -> Code {
    match error {
        vault::Error::DiskFull => Code::DiskFull,
        vault::Error::Failed { .. } => Code::KeyringFailed,
        vault::Error::FileClosed => Code::SecretsFileClosed,
        vault::Error::FileDamaged { .. } => Code::SecretsFileDamaged,
        vault::Error::FileFailed { .. } => Code::SecretsFileFailed,
        vault::Error::FileUnsafe { .. } => Code::SecretsFileUnsafe,
        vault::Error::Locked => Code::KeyringLocked,
        vault::Error::Missing => Code::KeyringMissing,
        vault::Error::NotKept => Code::KeyringNotKept,
        vault::Error::PassphraseTooShort { .. } => Code::PassphraseTooShort,
        vault::Error::PassphraseWrong => Code::PassphraseWrong,
        vault::Error::TimedOut => Code::KeyringTimeout,
        vault::Error::TooLarge { .. } => Code::SecretTooLarge,
    }
}
