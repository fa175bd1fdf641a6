//! How much of its usual length a measurement has: `dev.pinion.bench.program.Share`.

use std::sync::LazyLock;
use std::time::Duration;

/// Fewer of anything would tell nothing, unless there are fewer anyway.
const LEAST: usize = 50;

static SHARE: LazyLock<f64> = LazyLock::new(|| {
    let Ok(word) = std::env::var("BENCH_SHARE") else { return 1.0 };
    match word.parse() {
        Ok(share) if share > 0.0 && share <= 1.0 => share,
        _ => panic!("BENCH_SHARE is above 0 and at most 1, not {word}"),
    }
});

pub fn of_time(time: Duration) -> Duration {
    time.mul_f64(*SHARE)
}

pub fn of_count(count: usize) -> usize {
    count.min(LEAST).max((count as f64 * *SHARE).round() as usize)
}
