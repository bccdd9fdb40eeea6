//! SIGKILL in the midst of creations, over the real keyring and the practice service that dies with the app: no secret is lost,
//! no second token is made, and the next start has something to tell. A disk that is full changes nothing.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use desk::creation::Step;
use permitted::SmallDisk;
use token_desk_tests::{
    creator::{Death, Run, run},
    long::long_run,
    places,
    process::Running,
    session::{PrivateSession, Screen},
};

fn creator(session: &PrivateSession) -> Command {
    session.command(places::creator().unwrap())
}

const TYPES: [&str; 2] = ["make self", "make system"];

/// The steps of one type, in their order.
fn steps_of(work: &str) -> Vec<&'static str> {
    let other = if work == "make self" { Step::SecretKept } else { Step::PrivateKeyKept };
    Step::ALL.into_iter().filter(|step| *step != other).map(Step::as_str).collect()
}

/// What the next start finds after `killed`, and how it ends: with exactly one token that works.
fn ends_well(program: impl Fn() -> Command, data: &Path, work: &str, killed: &Run) -> &'static str {
    let about = || format!("{work}, killed after {:?} at {:?}", killed.steps, killed.took);
    let found = run(program(), data, "finish", Death::Never).unwrap().report.unwrap();
    let begun = !killed.steps.is_empty();
    match found.settled.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["made"] => {
            assert_eq!((found.at_service, &found.checks[..]), (1, &["ok".to_owned()][..]), "{}", about());
            return "made";
        }
        ["not-made"] => {}
        // Before the journal there was nothing to tell; a kill may also come between the journal and its word.
        [] => assert!(!begun, "nothing was told: {}", about()),
        ref other => panic!("{other:?}: {}", about()),
    }
    assert_eq!((found.at_service, found.checks.len()), (0, 0), "{}", about());
    let again = run(program(), data, work, Death::Never).unwrap().report.unwrap();
    assert_eq!((again.at_service, &again.checks[..]), (1, &["ok".to_owned()][..]), "once more: {}", about());
    if begun { "not-made" } else { "not-begun" }
}

#[test]
fn a_kill_after_any_step_loses_no_secret_and_makes_no_second_token() {
    let session = PrivateSession::start(Screen::None).unwrap();
    let mut told = BTreeMap::new();
    for work in TYPES {
        for step in steps_of(work) {
            let data = session.home().join(format!("{work}-{step}"));
            let killed = run(creator(&session), &data, work, Death::After(step)).unwrap();
            assert!(killed.report.is_none(), "it was not killed after {step}");
            assert_eq!(killed.steps.last().map(String::as_str), Some(step));
            let submitted = steps_of(work).iter().position(|step| *step == "submitted").unwrap();
            let expected = if killed.steps.len() <= submitted + 1 { "not-made" } else { "made" };
            assert_eq!(ends_well(|| creator(&session), &data, work, &killed), expected, "{work}, {step}");
            *told.entry(expected).or_insert(0) += 1;
        }
    }
    println!("killed after each step, what the next start told: {told:?}; lost: 0");
}

#[test]
fn a_kill_while_finishing_is_finished_by_the_next_start() {
    let session = PrivateSession::start(Screen::None).unwrap();
    for work in TYPES {
        for step in steps_of(work).into_iter().skip_while(|step| *step != "answered") {
            let data = session.home().join(format!("{work}-{step}"));
            run(creator(&session), &data, work, Death::After("answered")).unwrap();
            let killed = run(creator(&session), &data, "finish", Death::After(step)).unwrap();
            assert!(killed.report.is_none(), "it was not killed after {step}");
            assert_eq!(ends_well(|| creator(&session), &data, work, &killed), "made", "{work}, {step}");
        }
    }
}

/// 10 of each type; 100 with `./dev test --long`.
#[test]
fn a_kill_at_any_moment_loses_no_secret_and_makes_no_second_token() {
    let session = PrivateSession::start(Screen::None).unwrap();
    let rounds = if long_run() { 100 } else { 10 };
    let mut told = BTreeMap::new();
    let mut late = 0;
    for work in TYPES {
        let whole = run(creator(&session), &session.home().join("whole"), work, Death::Never).unwrap();
        fs::remove_dir_all(session.home().join("whole")).unwrap();
        for round in 0..rounds {
            let data = session.home().join(format!("{work}-{round}"));
            // Spread over the whole of a creation, with a jitter that no two runs share.
            let jitter = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos() % 1_000;
            let moment = whole.took * (round * 1_000 + jitter) / (rounds * 1_000);
            let killed = run(creator(&session), &data, work, Death::At(moment)).unwrap();
            if killed.report.is_some() {
                // It was quicker than its killer.
                late += 1;
                fs::remove_dir_all(&data).unwrap();
                continue;
            }
            *told.entry(ends_well(|| creator(&session), &data, work, &killed)).or_insert(0) += 1;
            fs::remove_dir_all(&data).unwrap();
        }
    }
    assert!(told.contains_key("made") && told.contains_key("not-made"), "not spread over a creation: {told:?}");
    println!("{} kills at random moments, what the next start told: {told:?}; lost: 0", 2 * rounds - late);
}

/// A file system of its own with little room. Its mount lives in the namespace of the process that holds it.
struct HeldDisk {
    disk: SmallDisk,
    mount: PathBuf,
    holder: Running,
}

impl HeldDisk {
    /// `None` where mounting is not permitted.
    fn mount(session: &PrivateSession) -> Option<HeldDisk> {
        let mount = session.home().join("disk");
        fs::create_dir(&mount).unwrap();
        let disk = SmallDisk::of_root(&mount, "4m")?;
        let mut command = disk.command(|program| session.command(program));
        command.args(["sh", "-c", "echo mounted && exec sleep 600"]);
        let mut holder = Running::start(&mut command).unwrap();
        let mounted = |line: &str| (line == "mounted").then_some(());
        holder.wait_for_line("small disk", Duration::from_secs(10), mounted).unwrap();
        Some(HeldDisk { disk, mount, holder })
    }

    /// A place on it as seen from outside.
    fn outside(&self, name: &str) -> PathBuf {
        self.disk.outside(self.holder.pid()).join(name)
    }

    /// Starts a program that sees it.
    fn command(&self, session: &PrivateSession) -> Command {
        let mut command = SmallDisk::beside(self.holder.pid(), |program| session.command(program));
        command.arg(places::creator().unwrap());
        command
    }

    fn free(&self) -> u64 {
        let stat = rustix::fs::statvfs(self.outside("")).unwrap();
        stat.f_bavail * stat.f_frsize
    }

    /// Leaves that many bytes, until the file is gone.
    fn fill(&self, leave: u64) -> PathBuf {
        let filler = self.outside("filler");
        let mut file = fs::File::create(&filler).unwrap();
        let mut left = self.free().saturating_sub(leave);
        while left > 0 {
            let size = usize::try_from(left.min(4_096)).unwrap();
            file.write_all(&vec![0; size]).unwrap();
            left -= size as u64;
        }
        filler
    }
}

/// What the service and a creation write at most: the last rounds have room enough.
const ROOM: u64 = 256 * 1_024;

/// 8 amounts of room for each type; 40 with `./dev test --long`.
#[test]
fn a_disk_that_is_full_at_any_moment_loses_no_secret_and_makes_no_second_token() {
    let session = PrivateSession::start(Screen::None).unwrap();
    let Some(disk) = HeldDisk::mount(&session) else {
        return;
    };
    let rounds = if long_run() { 40 } else { 8 };
    let mut told = BTreeMap::new();
    for work in TYPES {
        for round in 0..rounds {
            let data = disk.mount.join("data");
            // The databases are there already: it is the creation that runs out of room.
            run(disk.command(&session), &data, "finish", Death::Never).unwrap();
            let filler = disk.fill(ROOM * round / rounds);
            let full = run(disk.command(&session), &data, work, Death::Full).unwrap();
            let made = full.report.as_ref().is_some_and(|report| report.settled == ["made"]);
            fs::remove_file(filler).unwrap();
            let end = if made { "made all the same" } else { ends_well(|| disk.command(&session), &data, work, &full) };
            *told.entry(end).or_insert(0) += 1;
            fs::remove_dir_all(disk.outside("data")).unwrap();
        }
    }
    assert!(told.len() > 1, "the disk was never, or always, too full: {told:?}");
    println!("{} creations on a full disk, and what came of them with room again: {told:?}; lost: 0", 2 * rounds);
}
