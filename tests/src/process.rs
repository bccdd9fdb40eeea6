//! Programs that a test starts, and ends again by their id.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{Error, Result};

/// How long a program may take to end by itself once it was asked to.
const GRACE: Duration = Duration::from_secs(3);

/// A running program. Dropping it ends it and everything that it started, also when the test panics.
///
/// It stays in the test's own process group, so that a runner that ends the test by group ends this too.
#[derive(Debug)]
pub struct Running {
    child: Child,
    program: String,
    output: Arc<Output>,
}

impl Running {
    /// Starts a program.
    pub fn start(command: &mut Command) -> Result<Running> {
        Self::start_with_input(command, "")
    }

    /// Starts a program and gives it `input` to read.
    pub fn start_with_input(command: &mut Command, input: &str) -> Result<Running> {
        let program = command.get_program().to_string_lossy().into_owned();
        let failed = |source| Error::Start { program: program.clone(), source };
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let output = Arc::new(Output::default());
        collect(child.stdout.take(), &output);
        collect(child.stderr.take(), &output);
        let stdin = child.stdin.take();
        let running = Running { child, program: program.clone(), output };
        if let Some(mut stdin) = stdin {
            stdin.write_all(input.as_bytes()).map_err(failed)?;
        }
        Ok(running)
    }

    /// Waits for a line, on either of its outputs, in which `find` finds something.
    pub fn wait_for_line<T>(
        &mut self,
        awaited: &str,
        within: Duration,
        mut find: impl FnMut(&str) -> Option<T>,
    ) -> Result<T> {
        let deadline = Instant::now() + within;
        let mut read = 0;
        loop {
            // Asked before the lines are looked at: what it said before it ended is all there afterwards.
            let ended = self.status();
            let lines = self.output.wait_beyond(read, Duration::from_millis(50));
            if let Some(found) = lines[read..].iter().find_map(|line| find(line)) {
                return Ok(found);
            }
            if let Some(status) = ended
                && lines.len() == read
            {
                drop(lines);
                return Err(self.ended(status));
            }
            read = lines.len();
            if Instant::now() >= deadline {
                return Err(Error::TimedOut {
                    awaited: format!("{awaited} from {}", self.program),
                    within,
                    seen: format!("; it last said:\n{}", last(&lines)),
                });
            }
        }
    }

    /// Waits until the program has ended by itself.
    pub fn wait(&mut self, within: Duration) -> Result<ExitStatus> {
        poll(within, &format!("end of {}", self.program.clone()), || self.status())
    }

    /// An error that says how it ended, once it has.
    pub fn still_runs(&mut self) -> Result<()> {
        self.status().map_or(Ok(()), |status| Err(self.ended(status)))
    }

    /// The id of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it started until now, and what that started.
    pub fn family(&self) -> Family {
        Family(descendants(self.child.id()))
    }

    /// Everything that it has said until now, on both outputs.
    pub fn said(&self) -> Vec<String> {
        self.output.lines().clone()
    }

    /// The same once it has ended and nothing more can come.
    pub fn all_said(&self) -> Vec<String> {
        // Each reader has its own handle and drops it at the end of its stream.
        let _ = poll(GRACE, "end of the output", || (Arc::strong_count(&self.output) == 1).then_some(()));
        self.said()
    }

    /// Does something as soon as it has said a line, on a thread that is there already by then. The answer is whether it did.
    pub fn when_said(&self, line: &str, within: Duration, then: impl FnOnce() + Send + 'static) -> JoinHandle<bool> {
        let (output, line) = (Arc::clone(&self.output), line.to_owned());
        thread::spawn(move || {
            let deadline = Instant::now() + within;
            let mut read = 0;
            while Instant::now() < deadline {
                let lines = output.wait_beyond(read, Duration::from_millis(50));
                if lines[read..].contains(&line) {
                    then();
                    return true;
                }
                read = lines.len();
            }
            false
        })
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
    }

    fn ended(&self, status: ExitStatus) -> Error {
        Error::Ended { program: self.program.clone(), status: status.to_string(), said: last(&self.output.lines()) }
    }

    fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let family = self.family();
        if self.status().is_none() {
            signal(self.child.id(), Signal::TERM);
            if poll(GRACE, "end", || self.status()).is_err() {
                let _ = self.child.kill();
                let _ = self.child.wait();
            }
        }
        family.end();
    }
}

/// Ends a process at once, as a power cut would.
pub fn kill(pid: u32) {
    signal(pid, Signal::KILL);
}

/// Keeps a process from doing anything, until [`go_on`].
pub fn pause(pid: u32) {
    signal(pid, Signal::STOP);
}

/// Lets a process go on that [`pause`] holds.
pub fn go_on(pid: u32) {
    signal(pid, Signal::CONT);
}

/// Processes that another one started. They are known by their ids even when that one has gone.
pub struct Family(Vec<Process>);

impl Family {
    /// The one of this program, if it is among them.
    pub fn pid_of(&self, program: &Path) -> Option<u32> {
        let runs =
            |process: &&Process| fs::read_link(format!("/proc/{}/exe", process.pid)).is_ok_and(|exe| exe == program);
        self.0.iter().find(runs).map(|process| process.pid)
    }

    /// Their ids.
    pub fn pids(&self) -> Vec<u32> {
        self.0.iter().map(|process| process.pid).collect()
    }

    /// Gives them a moment to end by themselves, as their parent is gone, and ends the rest.
    pub fn end(&self) {
        let _ = poll(GRACE, "end", || (!self.0.iter().any(Process::is_alive)).then_some(()));
        for process in self.0.iter().filter(|process| process.is_alive()) {
            signal(process.pid, Signal::KILL);
        }
    }
}

/// Whether a process with this id exists and is not merely waiting to be reaped.
pub fn is_alive(pid: u32) -> bool {
    Process::read(pid).is_some()
}

/// Asks again and again until there is an answer.
pub fn poll<T>(within: Duration, awaited: &str, mut ask: impl FnMut() -> Option<T>) -> Result<T> {
    let deadline = Instant::now() + within;
    loop {
        if let Some(answer) = ask() {
            return Ok(answer);
        }
        if Instant::now() >= deadline {
            return Err(Error::TimedOut { awaited: awaited.to_owned(), within, seen: String::new() });
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// A process, told apart from a later one with the same id by its start time.
#[derive(Clone, PartialEq)]
struct Process {
    pid: u32,
    parent: u32,
    start_time: u64,
}

impl Process {
    /// From `/proc/PID/stat`, see proc_pid_stat(5): the name, in parentheses, may itself hold spaces and parentheses.
    fn read(pid: u32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let fields: Vec<&str> = stat[stat.rfind(')')? + 1..].split_whitespace().collect();
        if *fields.first()? == "Z" {
            return None;
        }
        Some(Process { pid, parent: fields.get(1)?.parse().ok()?, start_time: fields.get(19)?.parse().ok()? })
    }

    fn is_alive(&self) -> bool {
        Process::read(self.pid).is_some_and(|now| now.start_time == self.start_time)
    }
}

fn descendants(of: u32) -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let all: Vec<Process> =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).filter_map(Process::read).collect();
    let mut family = vec![of];
    let mut found: Vec<Process> = Vec::new();
    while let Some(parent) = family.pop() {
        for child in all.iter().filter(|process| process.parent == parent) {
            family.push(child.pid);
            found.push(child.clone());
        }
    }
    found
}

/// Sends a signal to a process that may have gone meanwhile.
fn signal(id: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

#[derive(Debug, Default)]
struct Output {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

impl Output {
    fn lines(&self) -> MutexGuard<'_, Vec<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lines once there are more than `read`, or when the time is over.
    fn wait_beyond(&self, read: usize, within: Duration) -> MutexGuard<'_, Vec<String>> {
        let waited = self.more.wait_timeout_while(self.lines(), within, |lines| lines.len() <= read);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

fn collect(stream: Option<impl Read + Send + 'static>, output: &Arc<Output>) {
    let Some(stream) = stream else { return };
    let output = Arc::clone(output);
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(std::result::Result::ok) {
            output.lines().push(String::from_utf8_lossy(&line).into_owned());
            output.more.notify_all();
        }
    });
}

fn last(lines: &[String]) -> String {
    lines[lines.len().saturating_sub(12)..].join("\n")
}
