//! Waiting for what cannot notify us (processes, ports, sockets), never without a limit.

use std::time::{Duration, Instant};

/// How often [`until`] looks: well below a period of the audio server at 256 frames (5.3 ms).
const EVERY: Duration = Duration::from_millis(1);

/// So long it is asked at least before the host's share is looked at again.
const LEAST: Duration = Duration::from_millis(200);
/// What the machine's host has taken away prolongs a limit, but to no more than so many times itself.
const MOST: u32 = 5;

/// Asks until there is an answer, every millisecond; `None` once `limit` has passed without one. For what must come in time, and
/// for pauses.
pub fn poll<T>(limit: Duration, mut answer: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = answer() {
            return Some(found);
        }
        if start.elapsed() >= limit {
            return None;
        }
        std::thread::sleep(EVERY);
    }
}

/// Asks until there is an answer, every millisecond; `None` once this machine had `limit` for it. For what takes as long as it
/// takes: while the host of a virtual machine runs others, no program of it gets on.
pub fn patiently<T>(limit: Duration, answer: impl FnMut() -> Option<T>) -> Option<T> {
    while_ours(limit, stolen, answer)
}

fn while_ours<T>(
    limit: Duration,
    stolen: impl Fn() -> Duration,
    mut answer: impl FnMut() -> Option<T>,
) -> Option<T> {
    let (start, before) = (Instant::now(), stolen());
    let mut left = limit;
    loop {
        if let Some(found) = poll(left, &mut answer) {
            return Some(found);
        }
        let had = start.elapsed().saturating_sub(stolen().saturating_sub(before));
        if had >= limit || start.elapsed() >= limit * MOST {
            return None;
        }
        left = (limit - had).max(LEAST);
    }
}

/// For how long the host has not let this machine run since it was started, on average of its cores; nothing where it does not
/// say.
fn stolen() -> Duration {
    let told = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let all = told.lines().next().and_then(|line| line.split_whitespace().nth(8)?.parse::<u64>().ok());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    Duration::from_millis(all.unwrap_or_default() * 10 / cores) // USER_HZ is 100 on every Linux that Rust runs on
}

/// Waits until `condition` holds; fails the test, naming `what` was waited for, once this machine
/// had `limit` for it.
#[track_caller]
pub fn until(limit: Duration, what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    if patiently(limit, || condition().then_some(())).is_none() {
        panic!("waited {:.0?} in vain: {what}", start.elapsed());
    }
}

/// Nanoseconds of the system's monotonic clock, which all processes share.
pub fn monotonic() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For how long it is asked in vain, in units of a limit, while the host takes such a share.
    fn waited(share: f64) -> f64 {
        const LIMIT: Duration = Duration::from_millis(400);
        let start = Instant::now();
        assert_eq!(while_ours(LIMIT, || start.elapsed().mul_f64(share), || None::<()>), None);
        start.elapsed().as_secs_f64() / LIMIT.as_secs_f64()
    }

    // Seen red: with what was stolen left out, and without an end.
    #[test]
    fn a_limit_is_of_the_time_that_the_machine_had() {
        assert!((1.0..1.4).contains(&waited(0.0)), "nothing stolen");
        assert!((2.0..2.9).contains(&waited(0.5)), "half of it stolen");
        assert!((5.0..6.0).contains(&waited(1.0)), "all of it stolen: an end there must be");
    }
}
