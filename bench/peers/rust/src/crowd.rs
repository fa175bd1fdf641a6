//! Tasks that go on until told to stop. The main thread, which is no worker, reads every task's counter at the borders of common windows; a
//! task that starves is seen in `@fair`.

use crate::batches::{median, window, WARM_UP, WINDOWS};
use crate::latch::Latch;
use crate::report::{extremes, fair, metric, Usage};
use crate::Bench;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Two cache lines to itself, for the prefetcher takes pairs.
#[repr(align(128))]
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Only the task that it belongs to, so that no atomic add is needed.
    pub fn count(&self) {
        self.0.store(self.0.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }
}

/// So many counters.
pub fn counters(count: usize) -> Arc<[Counter]> {
    (0..count).map(|_| Counter::default()).collect()
}

pub fn snapshot(counters: &[Counter]) -> Vec<u64> {
    counters.iter().map(|counter| counter.0.load(Ordering::Relaxed)).collect()
}

pub fn difference(later: &[u64], earlier: &[u64]) -> Vec<u64> {
    later.iter().zip(earlier).map(|(later, earlier)| later - earlier).collect()
}

/// What a task of the crowd sees of it.
#[derive(Clone)]
pub struct Member {
    /// Which it is.
    pub task: usize,
    counters: Arc<[Counter]>,
    stopped: Arc<AtomicBool>,
}

impl Member {
    /// One operation.
    pub fn count(&self) {
        self.counters[self.task].count();
    }

    pub fn goes_on(&self) -> bool {
        !self.stopped.load(Ordering::Relaxed)
    }
}

/// Tasks that each give a `T` in the end.
pub struct Crowd<T> {
    counters: Arc<[Counter]>,
    stopped: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<T>>,
}

impl<T: Send + 'static> Crowd<T> {
    /// Has all tasks started by one task, and released by it when the last has come.
    pub fn start<F: Future<Output = T> + Send + 'static>(
        bench: &Bench,
        tasks: usize,
        mut body: impl FnMut(Member) -> F + Send + 'static,
    ) -> Self {
        let counters = counters(tasks);
        let stopped = Arc::new(AtomicBool::new(false));
        let member = Member { task: 0, counters: counters.clone(), stopped: stopped.clone() };
        let tasks = bench.run(async move {
            let ready = Arc::new(Latch::new(tasks));
            let gate = Arc::new(Semaphore::new(0));
            let mut handles = Vec::new();
            for task in 0..tasks {
                let (ready, gate) = (ready.clone(), gate.clone());
                let body = body(Member { task, ..member.clone() });
                handles.push(tokio::spawn(async move {
                    ready.count_down();
                    gate.acquire().await.expect("an open gate").forget();
                    body.await
                }));
            }
            ready.wait().await;
            gate.add_permits(tasks);
            handles
        });
        Crowd { counters, stopped, tasks }
    }

    /// Warms up, then reports nanoseconds an operation of the whole crowd (`op`), usage and fairness. `during` is told when the windows
    /// begin and end. Returns what each task did in them.
    pub fn measure(&self, mut during: impl FnMut(bool)) -> Vec<u64> {
        thread::sleep(WARM_UP);
        during(true);
        let mut per_operation = Vec::new();
        let first = snapshot(&self.counters);
        let mut last = first.clone();
        let before = Usage::now();
        let mut started = Instant::now();
        for _ in 0..WINDOWS {
            thread::sleep(window());
            let ended = Instant::now();
            let now = snapshot(&self.counters);
            let operations = difference(&now, &last).iter().sum::<u64>().max(1);
            per_operation.push((ended - started).as_nanos() as f64 / operations as f64);
            (started, last) = (ended, now);
        }
        let after = Usage::now();
        during(false);
        let done = difference(&last, &first);
        let operations = done.iter().sum();
        assert!(operations > 0, "no task made any progress");
        before.report_until(&after, operations);
        let (slowest, fastest) = extremes(&done);
        fair(slowest, fastest);
        metric("op", median(per_operation));
        done
    }

    /// Nanoseconds an operation of the tasks from number `first` on, in so long a time.
    pub fn nanos_per_operation(&self, first: usize, time: Duration) -> f64 {
        let before = snapshot(&self.counters);
        let started = Instant::now();
        thread::sleep(time);
        let took = started.elapsed();
        let operations: u64 = difference(&snapshot(&self.counters), &before)[first..].iter().sum();
        if operations == 0 {
            f64::INFINITY
        } else {
            took.as_nanos() as f64 / operations as f64
        }
    }

    /// Tells the tasks to end and waits for it; `release` frees those that wait for each other.
    pub fn stop(self, bench: &Bench, release: impl FnOnce()) -> Vec<T> {
        self.stopped.store(true, Ordering::Relaxed);
        release();
        bench.runtime.block_on(async {
            let mut results = Vec::new();
            for task in self.tasks {
                results.push(task.await.expect("a task ends"));
            }
            results
        })
    }
}
