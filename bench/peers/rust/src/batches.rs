//! Work that comes in units: warms up, finds how many units fill a window, then times windows.

use crate::report::{metric, Usage};
use crate::share;
use std::time::{Duration, Instant};

pub const WARM_UP: Duration = Duration::from_millis(500);
pub const WINDOWS: usize = 7;

pub fn window() -> Duration {
    share::of_time(Duration::from_millis(100))
}

/// Reports `op`: nanoseconds an operation, so many of them a unit. `batch` does so many units and returns when all of it has ended.
pub fn measure(operations_per_unit: usize, mut batch: impl FnMut(usize)) {
    let units = warm_up(&mut batch);
    let mut per_operation = Vec::new();
    let before = Usage::now();
    for _ in 0..WINDOWS {
        let started = Instant::now();
        batch(units);
        per_operation.push(started.elapsed().as_nanos() as f64 / (units * operations_per_unit) as f64);
    }
    before.report((WINDOWS * units * operations_per_unit) as u64);
    metric("op", median(per_operation));
}

/// Runs ever larger batches for the warm-up's time; returns how many units fill a window.
fn warm_up(batch: &mut impl FnMut(usize)) -> usize {
    let end = Instant::now() + WARM_UP;
    let mut units = 1;
    loop {
        let started = Instant::now();
        batch(units);
        let per_unit = started.elapsed().as_nanos().max(1) as f64 / units as f64;
        let fitting = ((window().as_nanos() as f64 / per_unit) as usize).max(1);
        if Instant::now() >= end && fitting <= 2 * units {
            return fitting;
        }
        units = fitting.min(2 * units);
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
