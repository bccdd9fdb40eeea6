//! How long the app takes until its window can be used, and what wiping freed memory adds to that: two builds, in turns.
//!
//! `./dev bench startup` makes both and says where they are: `TOKEN_DESK_APP`, and `TOKEN_DESK_NOT_WIPING` for the one with the
//! feature `not-wiping`. `usable` is when the page has its first state and has drawn it (`TOKEN_DESK_TRACE`).

use std::{env, error::Error, path::Path, time::Duration};

use serde_json::json;
use token_desk_tests::{
    places,
    process::Running,
    session::{PrivateSession, Screen},
};

/// Of each build. The first two pairs fill caches and do not count.
const STARTS: usize = 25;
const NOT_COUNTED: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> Result<(), Box<dyn Error>> {
    let session = PrivateSession::start(Screen::Virtual)?;
    let not_wiping = env::var_os("TOKEN_DESK_NOT_WIPING").ok_or("TOKEN_DESK_NOT_WIPING is not set")?;
    let builds = [places::app()?, not_wiping.into()];
    let mut millis = [Vec::new(), Vec::new()];
    for start in 0..NOT_COUNTED + STARTS {
        // Each is the first of its pair as often as the second.
        for which in [start % 2, 1 - start % 2] {
            let took = usable(&session, &builds[which])?;
            if start >= NOT_COUNTED {
                millis[which].push(took);
            }
        }
    }
    let [wiping, not_wiping] = millis.map(Spread::of);
    let row = |name: &str, Spread { lower, median, upper }: &Spread| {
        let ratio = f64::from(*lower) / f64::from(not_wiping.lower);
        [name.to_owned(), lower.to_string(), median.to_string(), upper.to_string(), format!("{ratio:.3}")]
    };
    let report = json!({
        "name": "startup",
        "title": "Starting the app",
        "about": [format!(
            "From the start of the program until its window can be used, release builds, {STARTS} starts of each in turns, on a \
             virtual screen without a graphics card. What else the machine does only ever adds to that, so the ratio is that \
             of the fastest quarter."
        )],
        "tables": [{
            "columns": ["freed memory is", "a quarter took at most, ms", "median, ms", "a quarter took at least, ms", "ratio"],
            "rows": [row("wiped, as shipped", &wiping), row("not wiped", &not_wiping)],
        }],
    });
    println!("{report}");
    Ok(())
}

fn usable(session: &PrivateSession, app: &Path) -> Result<u32, Box<dyn Error>> {
    let mut command = session.command(app);
    command.env("TOKEN_DESK_TRACE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    let mut running = Running::start(&mut command)?;
    let took = running.wait_for_line("usable", PATIENCE, |line| line.strip_prefix("usable ")?.parse().ok())?;
    running.family().end();
    Ok(took)
}

struct Spread {
    lower: u32,
    median: u32,
    upper: u32,
}

impl Spread {
    fn of(mut millis: Vec<u32>) -> Self {
        millis.sort_unstable();
        let at = |quarter: usize| millis[millis.len() * quarter / 4];
        Self { lower: at(1), median: at(2), upper: at(3) }
    }
}
