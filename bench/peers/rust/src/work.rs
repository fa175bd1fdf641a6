/// Steps of about 10 us.
pub const MICROS_10: usize = 5_000;

/// Marsaglia's xorshift, so many times over; a `value` of 0 stays 0. What it gives goes to `std::hint::black_box`.
pub fn steps(mut value: u64, steps: usize) -> u64 {
    for _ in 0..steps {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
    }
    value
}
