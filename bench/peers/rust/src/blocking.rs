//! Calls that block a thread: `wakeup-syscall`, `fifo-burst`, `blocking-mix`. Announced they are made by `spawn_blocking`, else on the worker.

use crate::batches::median;
use crate::crowd::Crowd;
use crate::random::Random;
use crate::report::{metric, Usage};
use crate::work::{steps, MICROS_10};
use crate::{share, Bench};
use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::{spawn_blocking, yield_now};

/// FIFOs in a directory of their own, removed with it.
pub struct Fifos {
    directory: PathBuf,
    paths: Vec<PathBuf>,
}

impl Fifos {
    pub fn new(count: usize) -> Self {
        let directory = std::env::temp_dir().join(format!("pinion-bench-fifos-{}", std::process::id()));
        std::fs::create_dir(&directory).expect("a directory for the FIFOs");
        let paths: Vec<PathBuf> = (0..count).map(|i| directory.join(format!("fifo{i}"))).collect();
        for path in &paths {
            let path = CString::new(path.as_os_str().as_encoded_bytes()).expect("a path without a NUL");
            // SAFETY: a string that ends in NUL and outlives the call.
            assert_eq!(0, unsafe { libc::mkfifo(path.as_ptr(), 0o600) }, "mkfifo: {}", std::io::Error::last_os_error());
        }
        Fifos { directory, paths }
    }

    pub fn path(&self, i: usize) -> &Path {
        &self.paths[i]
    }
}

impl Drop for Fifos {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.directory).expect("the FIFOs' directory goes");
    }
}

/// The call, also for no time at all, of which the standard library would make none.
fn nanosleep_here(time: Duration) {
    let mut left = libc::timespec { tv_sec: time.as_secs() as i64, tv_nsec: time.subsec_nanos().into() };
    let left = &raw mut left;
    // SAFETY: the kernel reads and writes that one variable.
    while unsafe { libc::nanosleep(left, left) } != 0 {
        assert_eq!(Some(libc::EINTR), std::io::Error::last_os_error().raw_os_error(), "nanosleep");
    }
}

async fn nanosleep(announced: bool, time: Duration) {
    if announced {
        spawn_blocking(move || nanosleep_here(time)).await.expect("a sleep ends");
    } else {
        nanosleep_here(time);
    }
}

/// Go's `BenchmarkWakeupParallelSyscall`: two tasks in turns, each in `nanosleep` before it receives, and longer before it sends.
pub fn wakeup_syscall(bench: &Bench) {
    const BATCH: usize = 250;
    const WARM_UPS: usize = 4;
    const ENOUGH: Duration = Duration::from_secs(5);
    let batches = share::of_time(Duration::from_nanos(8)).as_nanos().max(2) as usize;
    let mut operations = 0;
    let before = Usage::now();
    for micros in [0, 1, 2, 5, 10, 20, 50, 100] {
        let delay = Duration::from_micros(micros);
        for _ in 0..WARM_UPS {
            bench.run(take_turns(bench.announced, BATCH, delay));
        }
        let start = Instant::now();
        let mut done = 0;
        while done < batches && start.elapsed() < ENOUGH {
            bench.run(take_turns(bench.announced, BATCH, delay));
            done += 1;
        }
        metric(&format!("{micros}us"), start.elapsed().as_nanos() as f64 / (done * BATCH) as f64);
        operations += (WARM_UPS + done) * BATCH;
    }
    before.report(operations as u64);
}

async fn take_turns(announced: bool, times: usize, delay: Duration) {
    const WAKE_DELAY: Duration = Duration::from_micros(5);
    let (ping, pong) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let first = tokio::spawn({
        let (ping, pong) = (ping.clone(), pong.clone());
        async move {
            for _ in 0..times {
                nanosleep(announced, delay + WAKE_DELAY).await;
                ping.notify_one();
                nanosleep(announced, delay).await;
                pong.notified().await;
            }
        }
    });
    let second = tokio::spawn(async move {
        for _ in 0..times {
            nanosleep(announced, delay).await;
            ping.notified().await;
            nanosleep(announced, delay + WAKE_DELAY).await;
            pong.notify_one();
        }
    });
    first.await.expect("the first ends");
    second.await.expect("the second ends");
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("the threads of this process").count()
}

/// As `dev.pinion.bench.program.FifoBurst`: who is on a thread that is about to make the call, is in.
pub fn fifo_burst(bench: &Bench) {
    const TASKS: usize = 300;
    const PATIENCE: Duration = Duration::from_secs(3);
    const AFTER: Duration = Duration::from_secs(5);
    const STEP: Duration = Duration::from_millis(1);
    let announced = bench.announced;
    let fifos = Fifos::new(TASKS);
    let threads_before = threads();
    let entered = Arc::new(AtomicUsize::new(0));
    let ended = Arc::new(AtomicUsize::new(0));
    let all_in = Arc::new(OnceLock::new());
    let before = Usage::now();
    let start = Instant::now();
    for i in 0..TASKS {
        let path = fifos.path(i).to_owned();
        let (entered, ended, all_in) = (entered.clone(), ended.clone(), all_in.clone());
        let open = move || {
            if entered.fetch_add(1, Ordering::AcqRel) + 1 == TASKS {
                all_in.set(start.elapsed()).expect("one last");
            }
            drop(File::open(path).expect("the FIFO opens"));
        };
        bench.runtime.spawn(async move {
            if announced {
                spawn_blocking(open).await.expect("the open ends");
            } else {
                open();
            }
            ended.fetch_add(1, Ordering::AcqRel);
        });
    }
    while entered.load(Ordering::Acquire) < TASKS && start.elapsed() < PATIENCE {
        thread::sleep(STEP);
    }
    let entered = entered.load(Ordering::Acquire);
    let threads_most = threads();
    // Every other end, so that each open returns, also one that begins only now.
    let others: Vec<File> =
        (0..TASKS).map(|i| OpenOptions::new().read(true).write(true).open(fifos.path(i)).expect("the FIFO opens")).collect();
    while ended.load(Ordering::Acquire) < TASKS {
        thread::sleep(STEP);
    }
    drop(others);
    before.report(TASKS as u64);
    thread::sleep(AFTER);
    let nanos = |time: &Duration| time.as_nanos() as f64;
    metric("all-in", if entered == TASKS { all_in.get().map_or(f64::INFINITY, nanos) } else { f64::INFINITY });
    metric("missed", 100.0 * (TASKS - entered) as f64 / TASKS as f64);
    metric("threads-most", threads_most.saturating_sub(threads_before) as f64);
    metric("threads-after", threads().saturating_sub(threads_before) as f64);
}

/// As `dev.pinion.bench.program.BlockingMix`: what becomes of the rest's throughput where a share of the tasks is always in `nanosleep`.
pub fn mix(bench: &Bench) {
    const TASKS: usize = 64;
    const ROUNDS: usize = 3;
    const WARM_UP: Duration = Duration::from_millis(500);
    const PERCENTS: [usize; 3] = [0, 10, 50];
    let measured = share::of_time(Duration::from_secs(1));
    let mut nanos: [Vec<f64>; 3] = Default::default();
    let mut slower: [Vec<f64>; 3] = Default::default();
    let mut operations = 0.0;
    let before = Usage::now();
    for round in 0..ROUNDS {
        for (part, percent) in PERCENTS.into_iter().enumerate() {
            let crowd = mixed_crowd(bench, TASKS, TASKS * percent / 100);
            thread::sleep(WARM_UP);
            nanos[part].push(crowd.nanos_per_operation(TASKS * percent / 100, measured));
            crowd.stop(bench, || ());
            slower[part].push(nanos[part][round] / nanos[0][round]);
            operations += (WARM_UP + measured).as_nanos() as f64 / nanos[part][round];
        }
    }
    before.report(operations.ceil() as u64);
    for (percent, (nanos, slower)) in PERCENTS.into_iter().zip(nanos.into_iter().zip(slower)) {
        metric(&format!("op-{percent}"), median(nanos));
        if percent > 0 {
            metric(&format!("slower-{percent}"), median(slower));
        }
    }
}

fn mixed_crowd(bench: &Bench, tasks: usize, blocking: usize) -> Crowd<()> {
    const LEAST_NANOS: f64 = 1_000.0;
    const MOST_NANOS: f64 = 100_000_000.0;
    let announced = bench.announced;
    Crowd::start(bench, tasks, move |member| async move {
        let mut random = Random::new(member.task as u64);
        let mut value = member.task as u64 + 1;
        while member.goes_on() {
            if member.task < blocking {
                let nanos = LEAST_NANOS * (MOST_NANOS / LEAST_NANOS).powf(random.unit());
                nanosleep(announced, Duration::from_nanos(nanos as u64)).await;
            } else {
                value = steps(value, MICROS_10);
                member.count();
            }
            yield_now().await;
        }
        black_box(value);
    })
}
