//! One task blocks in the read of an empty FIFO with the next one behind it in the queue: how long until that runs. As
//! `dev.pinion.bench.program.BlockedReader`.

use crate::blocking::Fifos;
use crate::latencies::{Latencies, Moment};
use crate::report::Usage;
use crate::work::{steps, MICROS_10};
use crate::{share, Bench};
use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::{spawn_blocking, yield_now};

/// Where nothing runs the next task, the reader is let go after so long.
const RESCUE: Duration = Duration::from_millis(20);

/// What the worker idles for between two rounds of a light load.
const PAUSE: Duration = Duration::from_millis(1);

const WAITING: u8 = 0;
const RAN: u8 = 1;
const RESCUED: u8 = 2;

/// What else there is to do on the worker.
#[derive(Clone, Copy, PartialEq)]
enum Load {
    /// The next task ends at once.
    None,
    /// The next task computes for 20 us and ends, and the reader pauses before the next round.
    Light,
    /// The next task goes on until the reader is back.
    Full,
}

pub fn alone(bench: &Bench) {
    run(bench, Load::None);
}

pub fn beside_full_load(bench: &Bench) {
    run(bench, Load::Full);
}

pub fn beside_light_load(bench: &Bench) {
    run(bench, Load::Light);
}

struct Reader {
    fifo: File,
    load: Load,
    announced: bool,
    round: AtomicU8,
    since: Moment,
    back: AtomicBool,
    over: AtomicBool,
    latencies: Mutex<Latencies>,
}

fn run(bench: &Bench, load: Load) {
    let fifos = Fifos::new(1);
    // Read and write, as opening one end waits for the other.
    let fifo = OpenOptions::new().read(true).write(true).open(fifos.path(0)).expect("the FIFO opens");
    let reader = Arc::new(Reader {
        fifo,
        load,
        announced: bench.announced,
        round: AtomicU8::new(RAN),
        since: Moment::default(),
        back: AtomicBool::new(false),
        over: AtomicBool::new(false),
        latencies: Mutex::default(),
    });
    let rescuer = thread::spawn({
        let reader = reader.clone();
        move || reader.rescue()
    });
    let before = Usage::now();
    bench.run(reader.clone().block_again_and_again());
    reader.over.store(true, Ordering::Relaxed);
    rescuer.join().expect("the rescuer ends");
    let latencies = std::mem::take(&mut *reader.latencies.lock().expect("no panic"));
    before.report(latencies.count() as u64);
    latencies.report();
}

impl Reader {
    async fn block_again_and_again(self: Arc<Self>) {
        let (rounds, warm_up, never) = (share::of_count(3_000), share::of_count(1_000), share::of_count(100));
        let (warm_up_time, enough) = (share::of_time(Duration::from_secs(3)), share::of_time(Duration::from_secs(30)));
        let start = Instant::now();
        let mut warm = false;
        loop {
            {
                let mut latencies = self.latencies.lock().expect("no panic");
                if latencies.count() >= rounds || latencies.never(never) || start.elapsed() >= enough {
                    return;
                }
                if !warm && (latencies.count() == warm_up || start.elapsed() > warm_up_time) {
                    *latencies = Latencies::default();
                    warm = true;
                }
            }
            self.back.store(false, Ordering::Relaxed);
            self.since.set(Instant::now()); // before the round begins, for the rescuer
            self.round.store(WAITING, Ordering::Release);
            let next = tokio::spawn(self.clone().run_next());
            self.since.set(Instant::now());
            self.read().await;
            self.back.store(true, Ordering::Relaxed);
            yield_now().await;
            next.await.expect("the next task ends");
            if self.load == Load::Light {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn read(self: &Arc<Self>) {
        if self.announced {
            let reader = self.clone();
            spawn_blocking(move || reader.read_here()).await.expect("the read ends");
        } else {
            self.read_here();
        }
    }

    fn read_here(&self) {
        (&self.fifo).read_exact(&mut [0]).expect("the FIFO gives a byte");
    }

    async fn run_next(self: Arc<Self>) {
        let now = Instant::now();
        if self.changes_to(RAN) {
            self.latencies.lock().expect("no panic").record(self.since.before(now).expect("a round's start"));
            if self.load != Load::None {
                let mut value = 1;
                for _ in 0..2 {
                    value = steps(value, MICROS_10);
                    yield_now().await;
                }
                black_box(value);
            }
            self.let_go();
        }
        while self.load == Load::Full && !self.back.load(Ordering::Relaxed) {
            yield_now().await;
        }
    }

    /// Whether this ended the wait for the next task.
    fn changes_to(&self, end: u8) -> bool {
        self.round.compare_exchange(WAITING, end, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    fn rescue(&self) {
        while !self.over.load(Ordering::Relaxed) {
            thread::sleep(RESCUE / 4);
            let blocked = self.since.before(Instant::now()).unwrap_or_default();
            if blocked > RESCUE && self.changes_to(RESCUED) {
                self.latencies.lock().expect("no panic").record_given_up(blocked);
                self.let_go();
            }
        }
    }

    fn let_go(&self) {
        (&self.fifo).write_all(&[0]).expect("the FIFO takes a byte");
    }
}
