//! The app's workflow without its window, as a program that can be killed: `src/bin/creator.rs`.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde::Deserialize;

use crate::{
    Error, Result, places,
    process::{Running, poll},
    session::PrivateSession,
};

/// A key pair is made in a build without optimisation, on a machine that builds at the same time.
const PATIENCE: Duration = Duration::from_secs(60);

/// What there was in the end.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// What became of it: `made`, `not-kept`, or after an interruption also `not-made` and `secret-gone`.
    #[serde(default)]
    pub settled: Vec<String>,
    /// What a signed call with each recorded token came to; `ok` if it works.
    #[serde(default)]
    pub checks: Vec<String>,
    /// How many tokens the service has.
    #[serde(default)]
    pub at_service: usize,
    /// Why nothing was made.
    pub refused: Option<String>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    /// The steps that it came past.
    pub steps: Vec<String>,
    /// How long it took from being ready; until now if it was killed.
    pub took: Duration,
    /// `None` if it was killed.
    pub report: Option<Report>,
}

/// When it is killed.
#[derive(Clone, Copy, Debug)]
pub enum Death<'a> {
    /// Not at all.
    Never,
    /// Not at all, but it may fail for want of room.
    Full,
    /// Right after a step, by itself.
    After(&'a str),
    /// That long after it was ready, from outside.
    At(Duration),
}

/// Does `work` on the data directory once nobody else has it: the app lets go of it a moment after its window has gone. What
/// it is to say is the proof that it came so far.
pub fn run_once_free(session: &PrivateSession, data: &Path, work: &[&str], proof: &str) -> Result<()> {
    let program = places::creator()?;
    poll(PATIENCE, proof, || {
        let output = session.command(&program).arg(data).args(work).output().ok()?;
        String::from_utf8_lossy(&output.stdout).lines().any(|line| line.starts_with(proof)).then_some(())
    })
}

/// Runs `command`, which starts it in some session, on the data directory `data`, with `work` being `make self`, `make system`
/// or `finish`.
pub fn run(mut command: Command, data: &Path, work: &str, death: Death<'_>) -> Result<Run> {
    command.arg(data).args(work.split(' '));
    if let Death::After(step) = death {
        command.args(["--die-after", step]);
    }
    let mut running = Running::start(&mut command)?;
    let ready = running.wait_for_line("line that says it is ready", PATIENCE, |line| (line == "ready").then_some(()));
    let start = Instant::now();
    if let Death::At(moment) = death {
        ready?;
        std::thread::sleep(moment);
        running.kill();
    }
    running.wait(PATIENCE)?;
    let took = start.elapsed();
    let said = running.all_said();
    let steps = said.iter().filter_map(|line| Some(line.strip_prefix("step ")?.to_owned())).collect();
    let report = said.iter().rev().find(|line| line.starts_with('{'));
    let report = report.map(|line| serde_json::from_str(line)).transpose();
    let report = report.map_err(|error| Error::Answer { from: "the creator", answer: error.to_string() })?;
    if report.is_none() && matches!(death, Death::Never) {
        return Err(Error::Answer { from: "the creator", answer: said.join("\n") });
    }
    Ok(Run { steps, took, report })
}
