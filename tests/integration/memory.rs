//! What stays in the memory of the app's process when a token is made and everything is closed: no secret, and no part of a
//! private key, over the real practice service and a real keyring.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::{
    alloc::System,
    collections::BTreeSet,
    env,
    io::{Read, Write, stdin, stdout},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use desk::{
    Desk, Destination, Labels, Permission, TokenType,
    check::{check, prove},
    creation::create,
    form::{Draft, DraftContext},
    service::OtpCode,
    store::Outcome,
};
use keys::{Bits, KeyPair};
use practice::CodeNow;
use token_desk_tests::{
    kept,
    session::{PrivateSession, Screen},
    traces::Trace,
};
use uuid::Uuid;
use vault::{ItemKind, Secret, Vault};
use zeroizing_alloc::ZeroAlloc;

/// As the app has it.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

/// Make this program play the app.
const MAKES: &str = "MEMORY_TEST_MAKES";
const DATA: &str = "MEMORY_TEST_DATA";
const ID: Uuid = Uuid::from_u128(0x00c0_ffee_0000_4000_8000_0000_0000_0007);

#[test]
fn no_secret_of_a_system_generated_token_stays_in_memory() {
    nothing_stays("system");
}

#[test]
fn no_part_of_a_private_key_stays_in_memory() {
    nothing_stays("self");
}

fn nothing_stays(part: &str) {
    let session = PrivateSession::start(Screen::None).unwrap();
    let data = session.home().join("token-desk");
    let mut maker = session.command(env::current_exe().unwrap());
    let mut maker = as_part(&mut maker, part, &data).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = maker.stdout.take().unwrap();
    let mut go_on = maker.stdin.take().unwrap();
    wait_for(&mut said, b'H');
    let traces = kept::in_keyring(&session, &data).unwrap().all;
    let held = traces.in_memory(maker.id()).unwrap();
    go_on.write_all(b".").unwrap();
    wait_for(&mut said, b'D');
    let left = traces.in_memory(maker.id()).unwrap();
    maker.kill().unwrap();
    maker.wait().unwrap();
    assert!(!held.is_empty(), "the search finds what is there");
    assert_eq!(left, Vec::<Trace>::new(), "{} traces are left", left.len());
    assert_eq!(
        traces.in_directory(session.home()).unwrap(),
        Vec::<Trace>::new(),
        "nor on disk, the keyring's own files included"
    );
}

fn as_part<'a>(command: &'a mut Command, part: &str, data: &Path) -> &'a mut Command {
    command.args(["another_part", "--exact", "--nocapture", "--test-threads=1"]).env(MAKES, part).env(DATA, data)
}

fn wait_for(said: &mut impl Read, word: u8) {
    let mut byte = [0];
    while byte[0] != word {
        said.read_exact(&mut byte).unwrap();
    }
}

#[test]
fn another_part() {
    let (Some(part), Some(data)) = (env::var_os(MAKES), env::var_os(DATA).map(PathBuf::from)) else { return };
    match part.to_str().unwrap() {
        "self" => make(TokenType::SelfGenerated, &data),
        _ => make(TokenType::SystemGenerated, &data),
    }
}

/// Makes a token, uses it, and lets go of everything.
fn make(token_type: TokenType, data: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let held = runtime.block_on(make_and_use(token_type, data));
    say("\nH");
    stdin().read_exact(&mut [0]).unwrap();
    drop(held);
    drop(runtime);
    say("D");
    let _ = stdin().read(&mut [0]);
}

async fn make_and_use(token_type: TokenType, data: &Path) -> Secret {
    let desk = Desk::open(data, Vault::system(), Labels::default()).unwrap();
    let draft = Draft {
        id: ID,
        destination: Destination::Practice,
        token_type: Some(token_type),
        name: "Home bot".to_owned(),
        trusted_ips: "203.0.113.7".to_owned(),
        any_address: false,
        script_place: None,
        permissions: BTreeSet::from([Permission::BotsRead]),
    };
    let complete = draft.complete(DraftContext { taken_names: &[], key_ready: true }).unwrap();
    let CodeNow::Code { code, .. } = desk.practice().unused_code().await.unwrap() else { panic!("no code yet") };
    let code = OtpCode::parse(&code).unwrap();
    let (pair, kind) = match token_type {
        TokenType::SelfGenerated => (Some(KeyPair::generate(Bits::B4096).unwrap()), ItemKind::PrivateKey),
        TokenType::SystemGenerated => (None, ItemKind::HmacSecret),
    };
    let made = create(&desk, complete, pair.as_ref(), &code, &|_| ()).await.unwrap();
    assert!(made.kept.is_ok());
    assert_eq!(check(&desk, ID).await.unwrap().outcome, Outcome::Works);
    assert!(prove(&desk, ID).await.unwrap().turned_away.unwrap().was_turned_away());
    let held = desk.secret(kind, ID).await.unwrap();
    desk.practice().stop().await;
    held
}

fn say(word: &str) {
    print!("{word}");
    stdout().flush().unwrap();
}
