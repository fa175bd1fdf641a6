//! Tasks that compute and never yield, beside some that sleep.

use crate::batches::WARM_UP;
use crate::crowd::{counters, difference, snapshot};
use crate::latch::Latch;
use crate::latencies::{merged, Latencies, Moment};
use crate::report::{extremes, fair, metric, uneven, Usage};
use crate::work::{steps, MICROS_10};
use crate::{share, Bench};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const SLEEP: Duration = Duration::from_millis(2);
const LOOK: Duration = Duration::from_millis(5);

/// Starts the sleeper; it ends with the hogs, or after so many samples. What is still to come when the hogs end was not seen beside them.
fn start_sleeper(bench: &Bench, hogs_ended: Arc<AtomicBool>, samples: usize) -> JoinHandle<Latencies> {
    let start = Instant::now();
    bench.runtime.spawn(async move {
        let mut late = Latencies::default();
        while !hogs_ended.load(Ordering::Acquire) && late.count() < samples {
            let due = Instant::now() + SLEEP;
            tokio::time::sleep(SLEEP).await;
            let now = Instant::now();
            if hogs_ended.load(Ordering::Acquire) {
                if late.count() == 0 {
                    late.record_given_up(now.saturating_duration_since(due));
                }
            } else if start.elapsed() > WARM_UP {
                late.record(now.saturating_duration_since(due));
            }
        }
        late
    })
}

/// Starts one that goes on until it is told to stop.
fn start_hog(bench: &Bench, seed: u64, stopped: Arc<AtomicBool>) -> JoinHandle<()> {
    bench.runtime.spawn(async move {
        let mut value = seed;
        while !stopped.load(Ordering::Acquire) {
            value = steps(value, MICROS_10);
        }
        black_box(value);
    })
}

/// Four that never end, beside one that sleeps 2 ms.
pub fn endless(bench: &Bench) {
    const HOGS: u64 = 4;
    let enough = share::of_time(Duration::from_secs(15));
    let hogs_ended = Arc::new(AtomicBool::new(false));
    let before = Usage::now();
    let start = Instant::now();
    let sleeper = start_sleeper(bench, hogs_ended.clone(), share::of_count(2_500));
    let hogs: Vec<_> = (1..=HOGS).map(|seed| start_hog(bench, seed, hogs_ended.clone())).collect();
    while !sleeper.is_finished() && start.elapsed() < enough {
        thread::sleep(LOOK);
    }
    hogs_ended.store(true, Ordering::Release);
    let late = bench.runtime.block_on(async {
        for hog in hogs {
            hog.await.expect("a hog ends");
        }
        sleeper.await.expect("the sleeper ends")
    });
    before.report(late.count() as u64);
    late.report();
}

/// Two hundred of 100 ms beside the same sleeper.
pub fn many(bench: &Bench) {
    const HOGS: usize = 200;
    const PIECES: usize = 10_000;
    let hogs_ended = Arc::new(AtomicBool::new(false));
    let threads = || std::fs::read_dir("/proc/self/task").expect("the threads of this process").count();
    let threads_before = threads();
    let before = Usage::now();
    let sleeper = start_sleeper(bench, hogs_ended.clone(), usize::MAX);
    let left = Arc::new(Latch::new(HOGS));
    let start = Instant::now();
    for seed in 1..=HOGS as u64 {
        let left = left.clone();
        bench.runtime.spawn(async move {
            let mut value = seed;
            for _ in 0..PIECES {
                value = steps(value, MICROS_10);
            }
            black_box(value);
            left.count_down();
        });
    }
    let watcher = thread::spawn({
        let hogs_ended = hogs_ended.clone();
        move || {
            let mut most = 0;
            while !hogs_ended.load(Ordering::Acquire) {
                most = threads().max(most);
                thread::sleep(LOOK);
            }
            most.saturating_sub(1) // this one
        }
    });
    bench.runtime.block_on(left.wait());
    let total = start.elapsed();
    hogs_ended.store(true, Ordering::Release);
    before.report(HOGS as u64);
    bench.runtime.block_on(sleeper).expect("the sleeper ends").report();
    metric("total", total.as_nanos() as f64);
    metric("threads-most", watcher.join().expect("the watcher ends").saturating_sub(threads_before) as f64);
}

/// A hundred that sleep 1 ms again and again, beside one for each P that computes and never yields. All have slept before the hogs come.
pub fn sleepers(bench: &Bench) {
    const SLEEPERS: usize = 100;
    const SLEEP: Duration = Duration::from_millis(1);
    let stopped = Arc::new(AtomicBool::new(false));
    let recording = Arc::new(AtomicBool::new(false));
    let counts = counters(SLEEPERS);
    let due: Arc<[Moment]> = (0..SLEEPERS).map(|_| Moment::default()).collect();
    let sleepers: Vec<_> = (0..SLEEPERS)
        .map(|task| {
            let (stopped, recording, counts, due) = (stopped.clone(), recording.clone(), counts.clone(), due.clone());
            bench.runtime.spawn(async move {
                let mut late = Latencies::default();
                while !stopped.load(Ordering::Relaxed) {
                    let at = Instant::now() + SLEEP;
                    due[task].set(at);
                    tokio::time::sleep(SLEEP).await;
                    due[task].clear();
                    if recording.load(Ordering::Relaxed) {
                        late.record(Instant::now().saturating_duration_since(at));
                    }
                    counts[task].count();
                }
                late
            })
        })
        .collect();
    while snapshot(&counts).contains(&0) {
        thread::sleep(SLEEP);
    }
    let hogs: Vec<_> = (1..=bench.procs as u64).map(|seed| start_hog(bench, seed, stopped.clone())).collect();
    thread::sleep(WARM_UP);
    let first = snapshot(&counts);
    let before = Usage::now();
    recording.store(true, Ordering::Relaxed);
    thread::sleep(share::of_time(Duration::from_secs(3)));
    recording.store(false, Ordering::Relaxed);
    let stop = Instant::now();
    let pending = due.iter().map(|each| each.before(stop)).collect();
    let done = difference(&snapshot(&counts), &first);
    before.report(done.iter().sum::<u64>().max(1));
    stopped.store(true, Ordering::Release);
    let all = bench.runtime.block_on(async {
        for hog in hogs {
            hog.await.expect("a hog ends");
        }
        let mut all = Vec::new();
        for sleeper in sleepers {
            all.push(sleeper.await.expect("a sleeper ends"));
        }
        all
    });
    let (slowest, fastest) = extremes(&done);
    fair(slowest, fastest.max(1));
    uneven(&done);
    merged(all, pending).report();
}
