//! The benchmark programs of the same names on tokio's multi-threaded scheduler, as many workers as Ps. They print the lines that
//! `dev.pinion.bench.Sample` describes, measured as `dev.pinion.bench.program` does: half a second of warm-up, then the median of seven
//! windows of 0.1 s. All is as a program that follows tokio's documentation would have it: the builder's defaults, Rust's own
//! allocator, a release build with thin link-time optimisation.

mod batches;
mod blocked_reader;
mod blocking;
mod crowd;
mod delisle;
mod files;
mod hogs;
mod latch;
mod latencies;
mod net;
mod pairs;
mod random;
mod report;
mod share;
mod sleep;
mod suite;
mod work;

use std::future::Future;
use std::process::exit;
use tokio::runtime::{Builder, Runtime};

/// What a program runs with.
pub struct Bench {
    runtime: Runtime,
    /// Number of workers.
    procs: usize,
    /// Whether a call that blocks is announced, which in tokio means made by `spawn_blocking`; else it holds a worker.
    announced: bool,
}

impl Bench {
    /// Runs a future as a task, on a worker; the calling thread, which is none, waits for it.
    fn run<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> T {
        self.runtime.block_on(self.runtime.spawn(task)).expect("the task ends")
    }
}

type Program = fn(&Bench);

const PROGRAMS: &[(&str, Program)] = &[
    ("spawn", suite::spawn),
    ("yield", |bench| delisle::yielding(bench, 2)),
    ("handoff", |bench| delisle::rings(bench, 1, 2)),
    ("wake", sleep::wake),
    ("sleep", sleep::sleep),
    ("million", suite::million),
    ("tokio-spawn-many-local", suite::spawn_many_local),
    ("tokio-spawn-many-remote", suite::spawn_many_remote),
    ("tokio-yield-many", suite::yield_many),
    ("tokio-ping-pong", suite::ping_pong),
    ("tokio-chained-spawn", suite::chained_spawn),
    ("delisle-cycle", delisle::cycle),
    ("delisle-yield", |bench| delisle::yielding(bench, delisle::PER_P * bench.procs)),
    ("delisle-churn", delisle::churn),
    ("delisle-locality", delisle::locality),
    ("skynet", suite::skynet),
    ("cpu-bound", delisle::cpu_bound),
    ("announced-block", blocked_reader::alone),
    ("block-unannounced", blocked_reader::beside_full_load),
    ("block-unannounced-light", blocked_reader::beside_light_load),
    ("wakeup-syscall", blocking::wakeup_syscall),
    ("fifo-burst", blocking::fifo_burst),
    ("blocking-mix", blocking::mix),
    ("fsync-many", files::fsync_many),
    ("lone-reader", files::lone_reader),
    ("hogs-beside-sleeper", hogs::endless),
    ("many-hogs", hogs::many),
    ("timers-beside-hogs", hogs::sleepers),
    ("net-pingpong", |bench| pairs::run(bench, 1)),
    ("net-64", |bench| pairs::run(bench, 64)),
    ("net-serve", net::serve),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let program = words.first().and_then(|name| PROGRAMS.iter().find(|(each, _)| each == name));
    let procs = words.get(1).and_then(|number| number.parse().ok()).filter(|&number: &usize| number > 0);
    let announced = match words.get(2).map(String::as_str) {
        Some("announced") => Some(true),
        Some("found") => Some(false),
        _ => None,
    };
    let (3, Some((_, program)), Some(procs), Some(announced)) = (words.len(), program, procs, announced) else {
        eprintln!(
            "PROGRAM NUMBER_OF_PS announced|found; the programs: {}",
            PROGRAMS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
        );
        exit(2);
    };
    // A panic of a task would be caught by the runtime, and a figure printed all the same.
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        exit(1);
    }));
    let runtime = Builder::new_multi_thread().worker_threads(procs).enable_all().build().expect("there is a runtime");
    let bench = Bench { runtime, procs, announced };
    report::carrier(&bench.run(async { std::thread::current().name().unwrap_or_default().to_owned() }));
    program(&bench);
    exit(0); // without waiting for what some programs leave behind on purpose, such as an echo at the end of a connection
}
