//! Medians of runs that take turns.

use std::time::{Duration, Instant};

/// Something to be measured.
pub(crate) type Run<'a> = Box<dyn FnMut() + 'a>;

/// Median time of one run of each, in nanoseconds.
///
/// A sample is as many runs as take a millisecond or more, so that the clock does not matter. The samples alternate, so
/// that what else the machine does falls on all of the runs and spares their ratios.
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
    let start = Instant::now();
    for _ in 0..count {
        run();
    }
    start.elapsed().as_nanos() as f64
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// In nanoseconds.
const SAMPLE_MIN: f64 = 1e6;
const ROUNDS_MIN: usize = 31;
