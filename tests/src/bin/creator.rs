//! The app's own workflow without its window: makes a token, or finishes one that was interrupted, and can be told to be killed
//! right after any step.
//!
//! `token-desk-creator DATA make system|self [--die-after STEP]` and `token-desk-creator DATA finish [--die-after STEP]`;
//! `token-desk-creator DATA lose` removes the secrets of all tokens from the keyring, as a careless hand would.
//! It writes `ready`, then `step NAME` for each step, and a last line of JSON (see `token_desk_tests::creator::Report`).

use std::{
    collections::BTreeSet,
    env,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use desk::{
    Desk, Permission, TokenType,
    check::check,
    creation::{Draft, DraftContext, OtpCode, Settled, Step, create, resume},
    destination::Destination,
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
        [data, "make", "self"] => make(data, TokenType::SelfGenerated, &on_step).await,
        [data, "make", "system"] => make(data, TokenType::SystemGenerated, &on_step).await,
        [data, "finish"] => finish(data, &on_step).await,
        [data, "lose"] => lose(Path::new(data)).await,
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

async fn make(data: &str, token_type: TokenType, on_step: &(dyn Fn(Step) + Send + Sync)) -> Result<Value, Failure> {
    let desk = Desk::open(Path::new(data), Vault::system())?;
    let draft = match desk.on_store(|store| store.draft()).await? {
        Some(kept) => kept,
        None => new_draft(token_type),
    };
    let kept = draft.clone();
    desk.on_store(move |store| store.keep_draft(Some(&kept))).await?;
    let key = match token_type {
        TokenType::SelfGenerated => Some(KeyPair::generate(Bits::B2048)?),
        TokenType::SystemGenerated => None,
    };
    let code = match desk.practice().unused_code().await? {
        CodeNow::Code { code, .. } => OtpCode::parse(&code)?,
        CodeNow::Wait { seconds } => return Err(format!("no unused code for {seconds} s").into()),
    };
    let context = DraftContext { taken_names: &[], key_ready: true };
    let complete = draft.complete(context).map_err(|missing| format!("{missing:?}"))?;
    say("ready");
    match create(&desk, complete, key.as_ref(), &code, on_step).await {
        Ok(made) => report(&desk, vec![json!(if made.kept.is_ok() { "made" } else { "not-kept" })]).await,
        Err(error) => Ok(json!({ "refused": error.code().as_str() })),
    }
}

async fn finish(data: &str, on_step: &(dyn Fn(Step) + Send + Sync)) -> Result<Value, Failure> {
    let desk = Desk::open(Path::new(data), Vault::system())?;
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
    let desk = Desk::open(data, Vault::system())?;
    for token in desk.on_store(|store| store.tokens()).await? {
        let item = Item { installation, kind: ItemKind::HmacSecret, id: token.id };
        // It blocks on the bus, as the desk's own calls do elsewhere.
        desk::blocking(move || Vault::system().forget(&item)).await?;
    }
    Ok(json!({}))
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

fn new_draft(token_type: TokenType) -> Draft {
    Draft {
        id: Uuid::new_v4(),
        destination: Destination::Practice,
        token_type: Some(token_type),
        name: "Home bot".to_owned(),
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
