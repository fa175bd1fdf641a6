use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// A count-down for one waiter, with one atomic operation an arrival.
pub struct Latch {
    left: AtomicUsize,
    none_left: Notify,
}

impl Latch {
    pub fn new(count: usize) -> Self {
        Latch { left: AtomicUsize::new(count), none_left: Notify::new() }
    }

    /// For the next round; only by the waiter, and only after `wait`.
    pub fn reset(&self, count: usize) {
        self.left.store(count, Ordering::Relaxed);
    }

    pub fn count_down(&self) {
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.none_left.notify_one();
        }
    }

    pub async fn wait(&self) {
        while self.left.load(Ordering::Acquire) > 0 {
            self.none_left.notified().await;
        }
    }
}
