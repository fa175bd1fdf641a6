//! How late things happen on an idle scheduler: the end of a sleep, and the run after a wake from outside.

use crate::latencies::{Latencies, Moment};
use crate::report::Usage;
use crate::{share, Bench};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

pub fn sleep(bench: &Bench) {
    const MICROS_50: Duration = Duration::from_micros(50);
    const MICROS_200: Duration = Duration::from_micros(200);
    const MILLIS_1: Duration = Duration::from_millis(1);
    let (before, micros_50, micros_200, millis_1) = bench.run(async {
        lateness(MICROS_200, 100).await;
        let before = Usage::now();
        let micros_50 = lateness(MICROS_50, share::of_count(3_000)).await;
        let micros_200 = lateness(MICROS_200, share::of_count(1_500)).await;
        (before, micros_50, micros_200, lateness(MILLIS_1, share::of_count(400)).await)
    });
    before.report((micros_50.count() + micros_200.count() + millis_1.count()) as u64);
    micros_50.report_percentiles("50us-p50", "50us-p99");
    micros_200.report_percentiles("200us-p50", "200us-p99");
    millis_1.report_percentiles("1ms-p50", "1ms-p99");
}

async fn lateness(length: Duration, times: usize) -> Latencies {
    let mut late = Latencies::default();
    for _ in 0..times {
        let due = Instant::now() + length;
        tokio::time::sleep(length).await;
        late.record(Instant::now().saturating_duration_since(due));
    }
    late
}

/// From a plain thread's `notify_one` to the task's next instruction, half a millisecond after its last answer, when it has long been asleep.
pub fn wake(bench: &Bench) {
    const WARM_UP: usize = 500;
    const WAKES: usize = 1_000;
    let woken = Arc::new((Notify::new(), Moment::default(), AtomicUsize::new(0)));
    let sleeper = bench.runtime.spawn({
        let woken = woken.clone();
        async move {
            let (notify, at, answered) = &*woken;
            let mut late = Latencies::default();
            for wake in 0..WARM_UP + WAKES {
                notify.notified().await;
                if wake >= WARM_UP {
                    late.record(at.before(Instant::now()).expect("the waker's time"));
                }
                answered.store(wake + 1, Ordering::Release);
            }
            late
        }
    });
    let (notify, at, answered) = &*woken;
    let mut before = Usage::now();
    for wake in 0..WARM_UP + WAKES {
        if wake == WARM_UP {
            before = Usage::now();
        }
        thread::sleep(Duration::from_micros(500));
        at.set(Instant::now());
        notify.notify_one();
        while answered.load(Ordering::Acquire) != wake + 1 {
            thread::sleep(Duration::from_micros(20));
        }
    }
    before.report(WAKES as u64);
    bench.runtime.block_on(sleeper).expect("the sleeper ends").report_percentiles("p50", "p99");
}
