use crate::report::metric;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

const MISSED: Duration = Duration::from_millis(10);

/// Latencies of one kind, and how many of them count as missed: `dev.pinion.bench.program.Latencies`.
#[derive(Default)]
pub struct Latencies {
    all: Vec<Duration>,
    missed: usize,
    given_up: usize,
}

impl Latencies {
    /// One that came by itself.
    pub fn record(&mut self, late: Duration) {
        self.all.push(late);
        self.missed += usize::from(late > MISSED);
    }

    /// One that was still to come when the program ended the wait.
    pub fn record_given_up(&mut self, waited: Duration) {
        self.all.push(waited);
        self.missed += 1;
        self.given_up += 1;
    }

    fn add(&mut self, other: Latencies) {
        self.all.extend(other.all);
        self.missed += other.missed;
        self.given_up += other.given_up;
    }

    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Whether there are as many as `enough`, and none came by itself.
    pub fn never(&self, enough: usize) -> bool {
        self.count() >= enough && self.given_up == self.count()
    }

    /// Reports `p50`, `p99`, `max` in nanoseconds, and `missed` in percent.
    pub fn report(mut self) {
        assert!(self.count() > 0, "there is not one sample");
        self.all.sort();
        let never = self.never(1);
        let at = |index: usize| if never { f64::INFINITY } else { self.all[index].as_nanos() as f64 };
        metric("p50", at(self.count() * 50 / 100));
        metric("p99", at(self.count() * 99 / 100));
        metric("max", at(self.count() - 1));
        metric("missed", 100.0 * self.missed as f64 / self.count() as f64);
    }

    /// Reports median and 99th percentile under these names.
    pub fn report_percentiles(mut self, p50: &str, p99: &str) {
        self.all.sort();
        metric(p50, self.all[self.count() * 50 / 100].as_nanos() as f64);
        metric(p99, self.all[self.count() * 99 / 100].as_nanos() as f64);
    }
}

/// What times in atomics count from.
static EPOCH: LazyLock<Instant> = LazyLock::new(Instant::now);

/// A moment that another thread may look at; none at first.
#[derive(Default)]
pub struct Moment(AtomicU64);

impl Moment {
    /// Nanoseconds since the epoch, never 0, which stands for none.
    fn word(at: Instant) -> u64 {
        (at.saturating_duration_since(*EPOCH).as_nanos() as u64).max(1)
    }

    pub fn set(&self, at: Instant) {
        self.0.store(Self::word(at), Ordering::Release);
    }

    pub fn clear(&self) {
        self.0.store(0, Ordering::Release);
    }

    /// How long ago that was at a later moment, if it is set; nothing for what was still ahead.
    pub fn before(&self, later: Instant) -> Option<Duration> {
        match self.0.load(Ordering::Acquire) {
            0 => None,
            word => Some(Duration::from_nanos(Self::word(later).saturating_sub(word))),
        }
    }
}

/// All tasks' latencies, and those that had not ended at the stop though they were late already: a task that is never served again
/// would leave no trace otherwise. `pending` is how long each had waited by then.
pub fn merged(all: Vec<Latencies>, pending: Vec<Option<Duration>>) -> Latencies {
    let mut merged = Latencies::default();
    all.into_iter().for_each(|each| merged.add(each));
    pending.into_iter().flatten().filter(|&waited| waited > MISSED).for_each(|waited| merged.record_given_up(waited));
    merged
}
