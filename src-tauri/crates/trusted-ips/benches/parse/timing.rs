//! Medians of runs that take turns.

use std::time::{Duration, Instant};

/// Something to be measured.
pub(crate) type Run<'a> = Box<dyn FnMut() + 'a>;

/// Median time of one run of each, in nanoseconds.
///
/// It is the time that the thread had the processor: with the time of the day, long runs would also measure how often
/// others had it meanwhile, short ones would not. A sample is as many runs as take a millisecond or more. The samples
/// alternate, so that what slows the machine down falls on all of the runs and spares their ratios.
pub(crate) fn medians(mut runs: Vec<Run<'_>>, budget: Duration) -> Vec<f64> {
    let counts: Vec<u32> = runs.iter_mut().map(fill_sample).collect();
    let mut samples = vec![Vec::new(); runs.len()];
    let start = Instant::now();
    for round in 0.. {
        if round >= ROUNDS_MIN && start.elapsed() >= budget {
            break;
        }
        for (at, run) in runs.iter_mut().enumerate() {
            samples[at].push(time(counts[at], run) / f64::from(counts[at]));
        }
    }
    samples.into_iter().map(median).collect()
}

/// How many runs fill a sample; warms up on the way.
fn fill_sample(run: &mut Run<'_>) -> u32 {
    let mut count = 1;
    while time(count, run) < SAMPLE_MIN {
        count *= 2;
    }
    count
}

/// In nanoseconds.
fn time(count: u32, run: &mut Run<'_>) -> f64 {
    let start = processor_time();
    for _ in 0..count {
        run();
    }
    processor_time() - start
}

/// In nanoseconds.
#[cfg(unix)]
fn processor_time() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Elsewhere there is only the time of the day: the machine has to be quiet.
#[cfg(not(unix))]
fn processor_time() -> f64 {
    use std::time::{SystemTime, UNIX_EPOCH};

    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_nanos() as f64)
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// In nanoseconds.
const SAMPLE_MIN: f64 = 1e6;
const ROUNDS_MIN: usize = 31;
