//! tokio's own `rt_multi_threaded` suite, with its sizes, and what else starts many tasks: `spawn`, `million`, `skynet`.

use crate::batches::{measure, median};
use crate::latch::Latch;
use crate::report::{metric, Usage};
use crate::Bench;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const OUTSTANDING: usize = 1_000;
const SPAWNED: usize = 10_000;
const YIELDERS: usize = 200;
const YIELDS: usize = 1_000;
const PAIRS: usize = 1_000;
const DEPTH: usize = 1_000;
const MILLION: usize = 1_000_000;
const LEAVES: u64 = 1_000_000;
const CHILDREN: u64 = 10;

async fn start_and_wait(units: usize, size: usize) {
    let latch = Arc::new(Latch::new(0));
    for _ in 0..units {
        latch.reset(size);
        for _ in 0..size {
            let latch = latch.clone();
            tokio::spawn(async move { latch.count_down() });
        }
        latch.wait().await;
    }
}

pub fn spawn(bench: &Bench) {
    measure(OUTSTANDING, |units| bench.run(start_and_wait(units, OUTSTANDING)));
}

pub fn spawn_many_local(bench: &Bench) {
    measure(SPAWNED, |units| bench.run(start_and_wait(units, SPAWNED)));
}

/// From the main thread, which is no worker.
pub fn spawn_many_remote(bench: &Bench) {
    measure(SPAWNED, |units| bench.runtime.block_on(start_and_wait(units, SPAWNED)));
}

pub fn yield_many(bench: &Bench) {
    measure(YIELDERS * YIELDS, |units| {
        bench.runtime.block_on(async {
            for _ in 0..units {
                let latch = Arc::new(Latch::new(YIELDERS));
                for _ in 0..YIELDERS {
                    let latch = latch.clone();
                    tokio::spawn(async move {
                        for _ in 0..YIELDS {
                            tokio::task::yield_now().await;
                        }
                        latch.count_down();
                    });
                }
                latch.wait().await;
            }
        });
    });
}

pub fn ping_pong(bench: &Bench) {
    measure(PAIRS, |units| {
        bench.run(async move {
            for _ in 0..units {
                let latch = Arc::new(Latch::new(PAIRS));
                for _ in 0..PAIRS {
                    let latch = latch.clone();
                    tokio::spawn(async move {
                        play_once().await;
                        latch.count_down();
                    });
                }
                latch.wait().await;
            }
        });
    });
}

async fn play_once() {
    let (ping, pinged) = oneshot::channel();
    let (pong, ponged) = oneshot::channel();
    tokio::spawn(async move {
        pinged.await.expect("a ping");
        pong.send(()).expect("somebody waits for the pong");
    });
    ping.send(()).expect("somebody waits for the ping");
    ponged.await.expect("a pong");
}

pub fn chained_spawn(bench: &Bench) {
    measure(DEPTH, |units| {
        bench.run(async move {
            let latch = Arc::new(Latch::new(0));
            for _ in 0..units {
                latch.reset(1);
                link(latch.clone(), DEPTH);
                latch.wait().await;
            }
        });
    });
}

fn link(latch: Arc<Latch>, left: usize) {
    if left == 0 {
        latch.count_down();
    } else {
        tokio::spawn(async move { link(latch, left - 1) });
    }
}

/// Wakes each task by a message of its own, as an unpark would.
pub fn million(bench: &Bench) {
    bench.run(start_and_wake(MILLION / 10));
    let before = Usage::now();
    let (start, wake) = bench.run(start_and_wake(MILLION));
    before.report(MILLION as u64);
    metric("start", start.as_nanos() as f64 / MILLION as f64);
    metric("wake", wake.as_nanos() as f64 / MILLION as f64);
}

async fn start_and_wake(count: usize) -> (Duration, Duration) {
    let parked = Arc::new(Latch::new(count));
    let ended = Arc::new(Latch::new(count));
    let started = Instant::now();
    let mut wakers = Vec::with_capacity(count);
    for _ in 0..count {
        let (wake, woken) = oneshot::channel();
        wakers.push(wake);
        let (parked, ended) = (parked.clone(), ended.clone());
        tokio::spawn(async move {
            parked.count_down();
            woken.await.expect("to be woken");
            ended.count_down();
        });
    }
    parked.wait().await;
    let all = Instant::now();
    for wake in wakers {
        wake.send(()).expect("somebody to wake");
    }
    ended.wait().await;
    (all - started, all.elapsed())
}

/// Five small trees warm up; then whole trees, which are too long for windows.
pub fn skynet(bench: &Bench) {
    const RUNS: u64 = 3;
    const TASKS: u64 = 1_111_111;
    for _ in 0..5 {
        tree(bench, LEAVES / 10);
    }
    let mut per_task = Vec::new();
    let before = Usage::now();
    for _ in 0..RUNS {
        let started = Instant::now();
        tree(bench, LEAVES);
        per_task.push(started.elapsed().as_nanos() as f64 / TASKS as f64);
    }
    before.report(RUNS * TASKS);
    metric("op", median(per_task));
}

fn tree(bench: &Bench, leaves: u64) {
    let sum = bench.run(async move { node(0, leaves).await.expect("the root ends") });
    assert_eq!(leaves * (leaves - 1) / 2, sum, "skynet's sum");
}

fn node(number: u64, size: u64) -> JoinHandle<u64> {
    tokio::spawn(async move {
        if size == 1 {
            return number;
        }
        let part = size / CHILDREN;
        let children: Vec<_> = (0..CHILDREN).map(|child| node(number + child * part, part)).collect();
        let mut sum = 0;
        for child in children {
            sum += child.await.expect("a child ends");
        }
        sum
    })
}
