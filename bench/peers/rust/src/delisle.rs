//! Crowds that do nothing but schedule: cycle, yield, churn and locality of Delisle's suite, two tasks of the first two, and one that computes
//! a little. A baton is a `Notify`, which remembers one `notify_one` that comes early.

use crate::crowd::Crowd;
use crate::random::Random;
use crate::work::{steps, MICROS_10};
use crate::Bench;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use tokio::sync::{Notify, Semaphore};
use tokio::task::yield_now;

/// Tasks, or rings, for each P.
pub const PER_P: usize = 100;

const RING: usize = 5;
const WORDS: usize = 512;
const TOUCHED: usize = 64;
const COMPUTING_PER_P: usize = 8;
const NOBODY: usize = usize::MAX;

pub fn yielding(bench: &Bench, tasks: usize) {
    let crowd = Crowd::start(bench, tasks, |member| async move {
        while member.goes_on() {
            yield_now().await;
            member.count();
        }
    });
    crowd.measure(|_| ());
    crowd.stop(bench, || ());
}

pub fn cycle(bench: &Bench) {
    rings(bench, PER_P * bench.procs, RING);
}

fn batons(count: usize) -> Arc<[Notify]> {
    (0..count).map(|_| Notify::new()).collect()
}

/// Each task of a ring waits for its baton and passes on the next one's.
pub fn rings(bench: &Bench, count: usize, size: usize) {
    let batons = batons(count * size);
    let all = batons.clone();
    let crowd = Crowd::start(bench, count * size, move |member| {
        let batons = batons.clone();
        async move {
            let task = member.task;
            let next = task / size * size + (task + 1) % size;
            if task % size == 0 {
                batons[next].notify_one();
            }
            while member.goes_on() {
                batons[task].notified().await;
                member.count();
                batons[next].notify_one();
            }
        }
    });
    crowd.measure(|_| ());
    crowd.stop(bench, || all.iter().for_each(Notify::notify_one));
}

/// As `dev.pinion.bench.program.Delisle.churn`: half of the tasks wait before the others begin. tokio's semaphores are fair.
pub fn churn(bench: &Bench) {
    let tasks = PER_P * bench.procs;
    let semaphores: Arc<[Semaphore]> = (0..tasks / 4).map(|_| Semaphore::new(0)).collect();
    let all = semaphores.clone();
    let waiting = Arc::new(AtomicUsize::new(0));
    let crowd = Crowd::start(bench, tasks, move |member| {
        let (semaphores, waiting) = (semaphores.clone(), waiting.clone());
        async move {
            let acquire = async |semaphore: &Semaphore| semaphore.acquire().await.expect("an open semaphore").forget();
            let mut random = Random::new(member.task as u64);
            if member.task < tasks / 2 {
                waiting.fetch_add(1, Ordering::Relaxed);
                acquire(&semaphores[random.below(semaphores.len())]).await;
            } else {
                while waiting.load(Ordering::Relaxed) < tasks / 2 {
                    yield_now().await;
                }
            }
            while member.goes_on() {
                let chosen = &semaphores[random.below(semaphores.len())];
                chosen.add_permits(1);
                acquire(chosen).await;
                member.count();
            }
        }
    });
    crowd.measure(|_| ());
    crowd.stop(bench, || all.iter().for_each(|semaphore| semaphore.add_permits(tasks)));
}

/// As `dev.pinion.bench.program.Delisle.locality`: touches words of its own, sits down on a random place, wakes whoever sat there, waits.
pub fn locality(bench: &Bench) {
    let tasks = PER_P * bench.procs;
    let batons = batons(tasks);
    let all = batons.clone();
    let places: Arc<[AtomicUsize]> = (0..tasks / 2).map(|_| AtomicUsize::new(NOBODY)).collect();
    let crowd = Crowd::start(bench, tasks, move |member| {
        let (batons, places) = (batons.clone(), places.clone());
        async move {
            let mut random = Random::new(member.task as u64);
            let mut words = vec![0u64; WORDS];
            while member.goes_on() {
                for _ in 0..TOUCHED {
                    words[random.below(WORDS)] += 1;
                }
                let sitting = places[random.below(places.len())].swap(member.task, Ordering::AcqRel);
                if sitting != NOBODY {
                    batons[sitting].notify_one();
                }
                batons[member.task].notified().await;
                member.count();
            }
            black_box(words);
        }
    });
    crowd.measure(|_| ());
    crowd.stop(bench, || all.iter().for_each(Notify::notify_one));
}

/// Pieces of about 2 us, and a yield after each.
pub fn cpu_bound(bench: &Bench) {
    let crowd = Crowd::start(bench, COMPUTING_PER_P * bench.procs, |member| async move {
        let mut value = member.task as u64 + 1;
        while member.goes_on() {
            value = steps(value, MICROS_10 / 5);
            member.count();
            yield_now().await;
        }
        black_box(value);
    });
    crowd.measure(|_| ());
    crowd.stop(bench, || ());
}
