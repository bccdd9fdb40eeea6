//! The app's own workflow without its window: makes a token, or finishes one that was interrupted, and can be told to be killed
//! right after any step.
//!
//! `token-desk-creator DATA make system|self [NAME] [--die-after STEP]` and `token-desk-creator DATA finish [--die-after STEP]`;
//! with a name the form is filled in anew, as for one more token;
//! `token-desk-creator DATA lose` removes the secrets of all tokens from the keyring, as a careless hand would, and
//! `token-desk-creator DATA lose-practice-key` the key of what the practice service stores.
//! It writes `ready`, then `step NAME` for each step, and a last line of JSON (see `token_desk_tests::creator::Report`).

use std::{
    collections::BTreeSet,
    env,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use desk::{
    Desk, Destination, Labels, Permission, TokenType,
    check::check,
    creation::{Settled, Step, create, resume},
    form::{Draft, DraftContext},
    service::OtpCode,
};
use keys::{Bits, KeyPair};
use practice::CodeNow;
use rustix::process::{Signal, getpid, kill_process};
use serde_json::{Value, json};
use uuid::Uuid;
use vault::{Item, ItemKind, Vault};

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (work, die_after) = match arguments[..] {
        [.., "--die-after", step] => (&arguments[..arguments.len() - 2], Some(step.to_owned())),
        _ => (&arguments[..], None),
    };
    let on_step = move |step: Step| {
        say(&format!("step {}", step.as_str()));
        if die_after.as_deref() == Some(step.as_str()) {
            // Nothing gets a chance to clean up.
            let _ = kill_process(getpid(), Signal::KILL);
        }
    };
    let done = match work {
        [data, "make", "self", name @ ..] => make(data, TokenType::SelfGenerated, name.first(), &on_step).await,
        [data, "make", "system", name @ ..] => make(data, TokenType::SystemGenerated, name.first(), &on_step).await,
        [data, "finish"] => finish(data, &on_step).await,
        [data, "lose"] => lose(Path::new(data)).await,
        [data, "lose-practice-key"] => lose_practice_key(Path::new(data)).await,
        _ => Err("see the head of creator.rs for what it takes".into()),
    };
    match done {
        Ok(report) => {
            say(&report.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn make(
    data: &str,
    token_type: TokenType,
    name: Option<&&str>,
    on_step: &(dyn Fn(Step) + Send + Sync),
) -> Result<Value, Failure> {
    let desk = Desk::open(Path::new(data), Vault::system(), Labels::default())?;
    let draft = match (name, desk.on_store(|store| store.draft()).await?) {
        (Some(&name), _) => new_draft(token_type, name),
        (None, Some(kept)) => kept,
        (None, None) => new_draft(token_type, "Home bot"),
    };
    let kept = draft.clone();
    desk.on_store(move |store| store.keep_draft(Some(&kept))).await?;
    let key = match token_type {
        TokenType::SelfGenerated => Some(KeyPair::generate(Bits::B2048)?),
        TokenType::SystemGenerated => None,
    };
    let code = unused_code(&desk).await?;
    let context = DraftContext { taken_names: &[], key_ready: true };
    let complete = draft.complete(context).map_err(|missing| format!("{missing:?}"))?;
    say("ready");
    match create(&desk, complete, key.as_ref(), &code, on_step).await {
        Ok(made) => report(&desk, vec![json!(if made.kept.is_ok() { "made" } else { "not-kept" })]).await,
        Err(error) => Ok(json!({ "refused": error.code().as_str() })),
    }
}

/// Each code is good once. The service's clock goes on to the next one, so that nobody waits.
async fn unused_code(desk: &Desk) -> Result<OtpCode, Failure> {
    if let CodeNow::Wait { seconds } = desk.practice().unused_code().await? {
        desk.practice().set_clock_offset(i64::from(seconds).try_into()?).await?;
    }
    match desk.practice().unused_code().await? {
        CodeNow::Code { code, .. } => Ok(OtpCode::parse(&code)?),
        CodeNow::Wait { seconds } => Err(format!("no unused code for {seconds} s").into()),
    }
}

async fn finish(data: &str, on_step: &(dyn Fn(Step) + Send + Sync)) -> Result<Value, Failure> {
    let desk = Desk::open(Path::new(data), Vault::system(), Labels::default())?;
    desk.practice().url().await?;
    say("ready");
    let settled = resume(&desk, on_step).await?;
    let words = settled.iter().map(|settled| match settled {
        Settled::Made(_) => json!("made"),
        Settled::NotMade(_) => json!("not-made"),
        Settled::SecretGone(_) => json!("secret-gone"),
    });
    report(&desk, words.collect()).await
}

async fn lose(data: &Path) -> Result<Value, Failure> {
    let installation = std::fs::read_to_string(data.join("installation"))?.trim().parse()?;
    let desk = Desk::open(data, Vault::system(), Labels::default())?;
    for token in desk.on_store(|store| store.tokens()).await? {
        forget(Item { installation, kind: ItemKind::HmacSecret, id: token.id }).await?;
    }
    Ok(json!({}))
}

async fn lose_practice_key(data: &Path) -> Result<Value, Failure> {
    let installation = std::fs::read_to_string(data.join("installation"))?.trim().parse()?;
    let _desk = Desk::open(data, Vault::system(), Labels::default())?;
    forget(Item { installation, kind: ItemKind::PracticeStateKey, id: installation }).await?;
    Ok(json!({}))
}

async fn forget(item: Item) -> Result<(), Failure> {
    // It blocks on the bus, as the desk's own calls do elsewhere.
    desk::blocking(move || Vault::system().forget(&item)).await?;
    Ok(())
}

async fn report(desk: &Desk, settled: Vec<Value>) -> Result<Value, Failure> {
    let recorded = desk.on_store(|store| store.tokens()).await?;
    let mut checks = Vec::new();
    for token in &recorded {
        checks.push(check(desk, token.id).await?.code);
    }
    let at_service = desk.endpoint(Destination::Practice).await?.list().await?.len();
    desk.practice().stop().await;
    Ok(json!({ "settled": settled, "checks": checks, "at_service": at_service }))
}

fn new_draft(token_type: TokenType, name: &str) -> Draft {
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

/// A line that is out before the next thing happens.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    // Whoever stopped listening will not be told.
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}
