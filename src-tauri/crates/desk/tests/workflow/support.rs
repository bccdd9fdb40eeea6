//! A desk over an in-memory keyring that can be locked at will.

use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use desk::creation::{self, Creation, Settled};
use desk::form::{Draft, DraftContext};
use desk::service::OtpCode;
use desk::{Desk, Destination, KnownToken, Labels, Permission, TokenType};
use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialPersistence, Entry, Error, Result};
use keys::{Bits, KeyPair};
use practice::{CodeNow, Fault, StateKey};
use uuid::Uuid;
use vault::Vault;

/// A keyring in memory. Once `locks_after` more writes were taken it is locked for writing.
#[derive(Debug, Default)]
pub(crate) struct Keyring {
    items: Mutex<HashMap<String, Vec<u8>>>,
    locked: AtomicBool,
    away: AtomicBool,
    keeps_all: AtomicBool,
    panics: AtomicBool,
    writes_left: AtomicUsize,
}

impl Keyring {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { writes_left: AtomicUsize::new(usize::MAX), ..Self::default() })
    }

    /// One that already keeps this.
    pub(crate) fn with(items: HashMap<String, Vec<u8>>) -> Arc<Self> {
        let keyring = Self::new();
        *keyring.items.lock().unwrap() = items;
        keyring
    }

    pub(crate) fn vault(self: &Arc<Self>) -> Vault {
        let keyring = Arc::clone(self);
        Vault::over(move || {
            if keyring.away.load(Ordering::SeqCst) {
                return Err(vault::Error::Missing);
            }
            Ok(Arc::new(Store(Arc::clone(&keyring))))
        })
    }

    pub(crate) fn lock_after_writes(&self, writes: usize) {
        self.writes_left.store(writes, Ordering::SeqCst);
    }

    pub(crate) fn lock(&self) {
        self.locked.store(true, Ordering::SeqCst);
    }

    /// It is not there, as when its daemon does not run.
    pub(crate) fn leave(&self) {
        self.away.store(true, Ordering::SeqCst);
    }

    pub(crate) fn come_back(&self) {
        self.away.store(false, Ordering::SeqCst);
    }

    pub(crate) fn unlock(&self) {
        self.locked.store(false, Ordering::SeqCst);
        self.writes_left.store(usize::MAX, Ordering::SeqCst);
    }

    /// Panics once it has been given the secret of a token, and says it, as a library with a fault might.
    pub(crate) fn panic_at_secret(&self) {
        self.panics.store(true, Ordering::SeqCst);
    }

    /// From now on it does not delete anything.
    pub(crate) fn keep_all(&self) {
        self.keeps_all.store(true, Ordering::SeqCst);
    }

    pub(crate) fn forget_again(&self) {
        self.keeps_all.store(false, Ordering::SeqCst);
    }

    /// All that is kept.
    pub(crate) fn items(&self) -> HashMap<String, Vec<u8>> {
        self.items.lock().unwrap().clone()
    }

    /// Loses every item of this kind.
    pub(crate) fn lose(&self, kind: &str) {
        self.items.lock().unwrap().retain(|name, _| name.split('/').nth(1) != Some(kind));
    }

    /// Takes the items of this kind away, to be put back.
    pub(crate) fn take(&self, kind: &str) -> HashMap<String, Vec<u8>> {
        let taken = self.items().into_iter().filter(|(name, _)| name.split('/').nth(1) == Some(kind)).collect();
        self.lose(kind);
        taken
    }

    pub(crate) fn put(&self, items: HashMap<String, Vec<u8>>) {
        self.items.lock().unwrap().extend(items);
    }

    /// The kinds of the items that are kept, from their names.
    pub(crate) fn kinds(&self) -> BTreeSet<String> {
        let items = self.items.lock().unwrap();
        items.keys().filter_map(|name| Some(name.split('/').nth(1)?.to_owned())).collect()
    }

    fn check(&self) -> Result<()> {
        if self.away.load(Ordering::SeqCst) {
            // What a connection to a service that ended says; the vault then connects anew.
            return Err(Error::PlatformFailure("it ended".into()));
        }
        if self.locked.load(Ordering::SeqCst) {
            return Err(Error::NoStorageAccess("locked".into()));
        }
        Ok(())
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<()> {
        self.check()?;
        if self.writes_left.load(Ordering::SeqCst) == 0 {
            return Err(Error::NoStorageAccess("locked".into()));
        }
        self.writes_left.fetch_sub(1, Ordering::SeqCst);
        assert!(
            !(self.panics.load(Ordering::SeqCst) && name.contains("hmac-secret")),
            "a fault of the keyring library at {}",
            String::from_utf8_lossy(secret)
        );
        self.items.lock().unwrap().insert(name.to_owned(), secret.to_vec());
        Ok(())
    }
}

struct Store(Arc<Keyring>);

#[derive(Debug)]
struct Item {
    keyring: Arc<Keyring>,
    service: String,
    user: String,
}

impl CredentialStoreApi for Store {
    fn vendor(&self) -> String {
        "memory".to_owned()
    }

    fn id(&self) -> String {
        "memory".to_owned()
    }

    fn build(&self, service: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        let item = Item { keyring: Arc::clone(&self.0), service: service.to_owned(), user: user.to_owned() };
        Ok(Entry::new_with_credential(Arc::new(item)))
    }

    fn search(&self, _: &HashMap<&str, &str>) -> Result<Vec<Entry>> {
        self.0.check()?;
        let names: Vec<String> = self.0.items.lock().unwrap().keys().cloned().collect();
        names.iter().map(|name| self.build(vault::SERVICE, name, None)).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn persistence(&self) -> CredentialPersistence {
        CredentialPersistence::ProcessOnly
    }
}

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        self.keyring.write(&self.user, secret)
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        self.keyring.check()?;
        self.keyring.items.lock().unwrap().get(&self.user).cloned().ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> Result<()> {
        self.keyring.check()?;
        if self.keyring.keeps_all.load(Ordering::SeqCst) {
            return Err(Error::NoStorageAccess("not now".into()));
        }
        self.keyring.items.lock().unwrap().remove(&self.user).map(drop).ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some((self.service.clone(), self.user.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(crate) fn open(data: &Path, keyring: &Arc<Keyring>) -> Desk {
    Desk::open(data, keyring.vault(), Labels::default()).unwrap()
}

pub(crate) fn draft(token_type: TokenType, name: &str) -> Draft {
    Draft {
        id: Uuid::new_v4(),
        destination: Destination::Practice,
        token_type: Some(token_type),
        name: name.to_owned(),
        trusted_ips: "203.0.113.7 # Home".to_owned(),
        any_address: false,
        script_place: None,
        permissions: BTreeSet::from([Permission::BotsRead]),
    }
}

/// The pair of Self generated tokens, where it is all the same which it is.
pub(crate) fn pair() -> &'static KeyPair {
    static PAIR: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(Bits::B2048).unwrap());
    &PAIR
}

/// Sends the form. Nobody looks at the steps.
pub(crate) async fn create(desk: &Desk, draft: &Draft, code: &OtpCode) -> std::result::Result<Creation, desk::Error> {
    let key = (draft.token_type == Some(TokenType::SelfGenerated)).then(pair);
    create_with(desk, draft, key, code).await
}

/// As [`create`], with a pair of one's own.
pub(crate) async fn create_with(
    desk: &Desk,
    draft: &Draft,
    key: Option<&KeyPair>,
    code: &OtpCode,
) -> std::result::Result<Creation, desk::Error> {
    let complete = draft.complete(DraftContext { taken_names: &[], key_ready: true }).unwrap();
    creation::create(desk, complete, key, code, &|_| ()).await
}

/// Makes the token of a form while nothing goes wrong.
pub(crate) async fn make(desk: &Desk, draft: &Draft) -> KnownToken {
    let made = create(desk, draft, &code(desk).await).await.unwrap();
    assert!(made.kept.is_ok());
    made.token
}

/// Sends the form while the service fails in this way. Afterwards it is well again; what came of the form is open.
pub(crate) async fn create_during(desk: &Desk, fault: Fault, draft: &Draft) -> desk::Error {
    let code = code(desk).await;
    desk.practice().set_fault(fault).await.unwrap();
    let error = create(desk, draft, &code).await.unwrap_err();
    desk.practice().set_fault(Fault::None).await.unwrap();
    error
}

/// What became of what was interrupted.
pub(crate) async fn resume(desk: &Desk) -> Vec<Settled> {
    creation::resume(desk, &|_| ()).await.unwrap()
}

/// The app closed and started again.
pub(crate) async fn restart(desk: Desk, data: &Path, keyring: &Arc<Keyring>) -> Desk {
    desk.practice().stop().await;
    drop(desk);
    open(data, keyring)
}

/// The key of what the practice service stores.
pub(crate) fn state_key(keyring: &Keyring) -> StateKey {
    let item = keyring.items().into_iter().find(|(name, _)| name.contains("practice-state-key"));
    StateKey::from_bytes(item.unwrap().1.try_into().unwrap())
}

/// The code that the person would read off the practice panel.
pub(crate) async fn code(desk: &Desk) -> OtpCode {
    OtpCode::parse(&digits(desk).await).unwrap()
}

/// Makes a System generated token while the keyring takes the idempotency key and then locks: the secret is not kept.
pub(crate) async fn made_but_not_kept(desk: &Desk, keyring: &Keyring) -> (Draft, Creation) {
    let draft = draft(TokenType::SystemGenerated, "Home bot");
    let code = code(desk).await;
    keyring.lock_after_writes(1);
    let made = create(desk, &draft, &code).await.unwrap();
    (draft, made)
}

/// Once a code of this step has been used, any six digits are refused: as wrong, or as used before.
pub(crate) fn spent_code() -> OtpCode {
    OtpCode::parse("000000").unwrap()
}

/// A code that is off by its last digit.
pub(crate) async fn wrong_code(desk: &Desk) -> OtpCode {
    let mut digits = digits(desk).await;
    let last = digits.pop().and_then(|digit| digit.to_digit(10)).unwrap();
    OtpCode::parse(&format!("{digits}{}", (last + 1) % 10)).unwrap()
}

async fn digits(desk: &Desk) -> String {
    match desk.practice().unused_code().await.unwrap() {
        CodeNow::Code { code, .. } => code,
        CodeNow::Wait { seconds } => panic!("no unused code for {seconds} s"),
    }
}
