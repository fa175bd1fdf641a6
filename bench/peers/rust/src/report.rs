//! What the runner reads; the lines are described at `dev.pinion.bench.Sample`.

use std::time::Duration;

/// Prints a figure; infinity: it never happened.
pub fn metric(name: &str, value: f64) {
    if value == f64::INFINITY {
        println!("@metric {name} never");
    } else {
        println!("@metric {name} {value}");
    }
}

pub fn carrier(name: &str) {
    println!("@carrier {name}");
}

pub fn fair(slowest: u64, fastest: u64) {
    println!("@fair {slowest} {fastest}");
}

/// What so many equal tasks did in one common window: fastest over slowest, and how many did nothing.
pub fn uneven(done: &[u64]) {
    let (slowest, fastest) = extremes(done);
    metric("uneven", if slowest == 0 { f64::INFINITY } else { fastest as f64 / slowest as f64 });
    metric("starved", done.iter().filter(|&&each| each == 0).count() as f64);
}

/// Least and most; of nothing 0 and 0.
pub fn extremes(values: &[u64]) -> (u64, u64) {
    (values.iter().copied().min().unwrap_or(0), values.iter().copied().max().unwrap_or(0))
}

/// CPU time and context switches of the whole process so far.
pub struct Usage {
    cpu: Duration,
    voluntary: i64,
    involuntary: i64,
}

impl Usage {
    pub fn now() -> Self {
        // SAFETY: all zeros is a rusage, and the kernel writes into nothing else.
        let usage = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            assert_eq!(0, libc::getrusage(libc::RUSAGE_SELF, &mut usage), "getrusage failed");
            usage
        };
        let time = |value: libc::timeval| Duration::new(value.tv_sec as u64, value.tv_usec as u32 * 1_000);
        Usage { cpu: time(usage.ru_utime) + time(usage.ru_stime), voluntary: usage.ru_nvcsw, involuntary: usage.ru_nivcsw }
    }

    /// CPU time between an earlier moment and this.
    pub fn cpu_since(&self, earlier: &Usage) -> Duration {
        self.cpu - earlier.cpu
    }

    /// Reports what was used until now, for so many operations.
    pub fn report(&self, operations: u64) {
        self.report_until(&Usage::now(), operations);
    }

    pub fn report_until(&self, later: &Usage, operations: u64) {
        println!(
            "@usage {} {} {} {operations}",
            later.cpu_since(self).as_nanos(),
            later.voluntary - self.voluntary,
            later.involuntary - self.involuntary
        );
    }
}
