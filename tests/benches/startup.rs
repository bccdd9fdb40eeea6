//! How long the app takes until its window can be used, and what wiping freed memory adds to that: two builds, in turns.
//!
//! `./dev bench startup` makes both and says where they are: `TOKEN_DESK_APP`, and `TOKEN_DESK_NOT_WIPING` for the one with the
//! feature `not-wiping`. `usable` is when the page has its first state and has drawn it (`TOKEN_DESK_TRACE`).

use std::{env, error::Error, fs, path::Path, time::Duration};

use serde_json::json;
use token_desk_tests::{
    places,
    process::Running,
    session::{PrivateSession, Screen},
};

/// Of each build. The first two pairs fill caches and do not count.
const STARTS: usize = 40;
const NOT_COUNTED: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> Result<(), Box<dyn Error>> {
    let session = PrivateSession::start(Screen::Virtual)?;
    let not_wiping = env::var_os("TOKEN_DESK_NOT_WIPING").ok_or("TOKEN_DESK_NOT_WIPING is not set")?;
    let builds = [places::app()?, not_wiping.into()];
    let mut starts = [Vec::new(), Vec::new()];
    for round in 0..NOT_COUNTED + STARTS {
        // Each is the first of its pair as often as the second.
        for which in [round % 2, 1 - round % 2] {
            let start = start(&session, &builds[which])?;
            if round >= NOT_COUNTED {
                starts[which].push(start);
            }
        }
    }
    let usable = starts.each_ref().map(|of| Spread::of(of.iter().map(|start| start.usable)));
    let worked = starts.each_ref().map(|of| Spread::of(of.iter().map(|start| start.worked)));
    let rows = |spreads: [Spread; 2]| {
        let base = spreads[1].lower;
        let named = ["wiped, as shipped", "not wiped"].into_iter().zip(spreads);
        let row = |(name, Spread { lower, median, upper }): (&str, Spread)| {
            let figures = [lower, median, upper].map(|time| format!("{:.1}", time.as_secs_f64() * 1e3));
            [vec![name.to_owned()], figures.to_vec(), vec![format!("{:.3}", lower.div_duration_f64(base))]].concat()
        };
        named.map(row).collect::<Vec<_>>()
    };
    let columns = ["freed memory is", "a quarter took at most", "median", "a quarter took at least", "ratio"];
    let report = json!({
        "name": "startup",
        "title": "Starting the app",
        "about": [format!(
            "Milliseconds, release builds, {STARTS} starts of each in turns, on a virtual screen without a graphics card. What \
             else the machine does only ever adds to them, so the ratio is that of the fastest quarter."
        )],
        "tables": [
            { "title": "Until the window can be used", "columns": columns, "rows": rows(usable) },
            { "title": "Work of the app's own threads until then", "columns": columns, "rows": rows(worked) },
        ],
    });
    println!("{report}");
    Ok(())
}

struct Start {
    /// From the start of the program.
    usable: Duration,
    /// What its own threads had worked by then; the web view's processes allocate for themselves.
    worked: Duration,
}

fn start(session: &PrivateSession, app: &Path) -> Result<Start, Box<dyn Error>> {
    let mut command = session.command(app);
    command.env("TOKEN_DESK_TRACE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    let mut running = Running::start(&mut command)?;
    let usable = running.wait_for_line("usable", PATIENCE, |line| line.strip_prefix("usable ")?.parse().ok())?;
    let worked = worked(running.pid())?;
    running.family().end();
    Ok(Start { usable: Duration::from_millis(usable), worked })
}

/// The time that the threads of a process, those that still run, had on a processor: Linux' `schedstats`, in nanoseconds.
fn worked(pid: u32) -> Result<Duration, Box<dyn Error>> {
    let mut nanos = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        // One may have ended meanwhile.
        let stat = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanos += stat.split(' ').next().and_then(|first| first.parse::<u64>().ok()).unwrap_or_default();
    }
    if nanos == 0 {
        return Err("this Linux does not count it".into());
    }
    Ok(Duration::from_nanos(nanos))
}

struct Spread {
    lower: Duration,
    median: Duration,
    upper: Duration,
}

impl Spread {
    fn of(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<_> = times.collect();
        times.sort_unstable();
        let at = |quarter: usize| times[times.len() * quarter / 4];
        Self { lower: at(1), median: at(2), upper: at(3) }
    }
}
