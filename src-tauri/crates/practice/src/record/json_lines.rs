//! The log as JSON, one object a line, written by a thread of its own: a reader that stops reading
//! holds up no request and no shutdown. What it has no room for is dropped, and counted.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::record::request_log::RequestLog;

/// Lines that wait for the reader: with the 64 KiB of a pipe, some thousands.
const WAITING: usize = 1_024;

/// Lines on their way to a reader.
pub struct JsonLines(Arc<Queue>);

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: VecDeque<Vec<u8>>,
    dropped: u64,
    is_writing: bool,
}

impl JsonLines {
    /// Writes to `sink`, each line in one piece, from a thread that lives as long as the process.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub fn to(sink: impl Write + Send + 'static) -> io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let writer = queue.clone();
        thread::Builder::new().name("log".into()).spawn(move || writer.write_to(sink))?;
        Ok(Self(queue))
    }

    /// What is told here becomes a line. Where too many wait, it is dropped; once they flow again, a
    /// line `{"dropped": n}` says how many were.
    pub fn log(&self) -> RequestLog {
        let queue = self.0.clone();
        RequestLog::new(move |request| {
            if let Ok(line) = serde_json::to_vec(request) {
                queue.push(line);
            }
        })
    }

    /// Waits until every line is written, at most `patience`.
    pub fn flush(&self, patience: Duration) {
        let waiting = |state: &mut State| state.is_writing || !state.lines.is_empty() || state.dropped > 0;
        // A reader that does not read gets no more; nobody is left to be told so.
        let _ = self.0.changed.wait_timeout_while(self.0.state(), patience, waiting);
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, line: Vec<u8>) {
        let mut state = self.state();
        // Behind a gap comes nothing before the gap is told of: lines stay in their order.
        if state.lines.len() >= WAITING || state.dropped > 0 {
            state.dropped += 1;
        } else {
            state.lines.push_back(line);
        }
        self.changed.notify_all();
    }

    /// The next line, once there is one.
    fn next(&self) -> Vec<u8> {
        let mut state = self.state();
        state.is_writing = false;
        self.changed.notify_all();
        loop {
            let next = state.lines.pop_front().or_else(|| {
                let dropped = std::mem::take(&mut state.dropped);
                (dropped > 0).then(|| json!({"dropped": dropped}).to_string().into_bytes())
            });
            if let Some(line) = next {
                state.is_writing = true;
                return line;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn write_to(&self, mut sink: impl Write) {
        loop {
            let mut line = self.next();
            line.push(b'\n');
            // One write a line, so that lines stay whole. Nobody is left to tell where the sink is closed.
            let _ = sink.write_all(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver, SyncSender};

    use serde_json::Value;

    use super::*;
    use crate::record::target::Target;

    /// Takes one line at a time, as its reader does.
    struct Slow(SyncSender<Value>);

    impl Write for Slow {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            assert_eq!(line.last(), Some(&b'\n'), "a whole line");
            let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
            self.0.send(serde_json::from_slice(line)?).map_err(gone)?;
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn tell(log: &RequestLog, numbers: std::ops::Range<i64>) {
        for number in numbers {
            let target = Target { method: "GET", path: "/", client_address: None };
            log.tell(&target.answered(200, number * 1_000));
        }
    }

    fn read(lines: &Receiver<Value>, until_dropped: bool) -> Vec<Value> {
        let mut read = Vec::new();
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(10)) {
            let is_end = line.get("dropped").is_some();
            read.push(line);
            if until_dropped && is_end {
                break;
            }
        }
        read
    }

    #[test]
    fn a_reader_that_stops_reading_holds_nobody_up_and_learns_how_much_it_missed() {
        let (sink, lines) = mpsc::sync_channel(0);
        let json = JsonLines::to(Slow(sink)).unwrap();
        let log = json.log();
        let told = 5_000;
        tell(&log, 0..told);
        json.flush(Duration::from_millis(10));

        let first = read(&lines, true);
        let dropped = first.last().unwrap()["dropped"].as_i64().unwrap();
        let kept = i64::try_from(first.len()).unwrap() - 1;
        assert_eq!(kept + dropped, told, "each line is written or counted");
        assert!((1_024..=1_025).contains(&kept), "{kept}");
        assert_eq!(first[0]["at"], "1970-01-01T00:00:00Z");
        assert_eq!(first[1_000]["at"], "1970-01-01T00:16:40Z", "in their order");

        tell(&log, 0..10);
        drop(log);
        let reader = thread::spawn(move || (0..10).for_each(|_| drop(lines.recv().unwrap())));
        json.flush(Duration::from_secs(10));
        reader.join().expect("all of it, where it is read");
    }
}
