//! When the device's cycles were: what its time was at any moment, and for how long it stood.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// One callback: the device's frame at the begin of its cycle, and [when](crate::monotonic) it came.
#[derive(Debug, Default)]
struct Cycle {
    frame: AtomicU64,
    at: AtomicU64,
}

/// Noted by a callback in memory that is reserved; what comes when it is full is not.
///
/// (The server's own estimate, `jack_frame_time`, is of no use where it halts: it goes back by up to 140 ms then.)
#[derive(Debug)]
pub(crate) struct Cycles {
    noted: Vec<Cycle>,
    count: AtomicUsize,
    rate: u32,
    period: u32,
}

impl Cycles {
    pub(crate) fn new(rate: u32, period: u32, longest: Duration) -> Self {
        let count = longest.as_secs_f64() * f64::from(rate) / f64::from(period);
        let noted = (0..count.ceil() as usize).map(|_| Cycle::default()).collect();
        Self { noted, count: AtomicUsize::new(0), rate, period }
    }

    /// Real-time safe; for one thread.
    pub(crate) fn note(&self, frame: u32, at: u64) {
        let count = self.count.load(Ordering::Relaxed);
        if let Some(cycle) = self.noted.get(count) {
            cycle.frame.store(u64::from(frame), Ordering::Relaxed);
            cycle.at.store(at, Ordering::Relaxed);
            self.count.store(count + 1, Ordering::Release);
        }
    }

    /// The device's frame at this moment; none before the first cycle and after the last.
    pub(crate) fn frame_at(&self, at: u64) -> Option<f64> {
        let all = self.all();
        let next = all.iter().position(|(_, began)| *began > at)?;
        let (frame, began) = *all.get(next.checked_sub(1)?)?;
        let since = (at - began) as f64 / 1e9 * f64::from(self.rate);
        Some(frame as f64 + since.min(f64::from(self.period)))
    }

    /// For how long it stood between two moments: by what its cycles came later than a period after one another.
    pub(crate) fn stood(&self, from: u64, to: u64) -> Duration {
        let period = u64::from(self.period) * 1_000_000_000 / u64::from(self.rate);
        let all = self.all();
        let within = all.windows(2).filter(|two| two[1].1 > from && two[0].1 < to);
        Duration::from_nanos(within.map(|two| (two[1].1 - two[0].1).saturating_sub(period)).sum())
    }

    fn all(&self) -> Vec<(u64, u64)> {
        let noted = &self.noted[..self.count.load(Ordering::Acquire)];
        let both = |cycle: &Cycle| (cycle.frame.load(Ordering::Relaxed), cycle.at.load(Ordering::Relaxed));
        noted.iter().map(both).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen red: with the frame going on while no cycle comes.
    #[test]
    fn its_time_goes_on_by_cycles_and_stands_between_them() {
        let cycles = Cycles::new(48_000, 480, Duration::from_millis(50));
        let ms = |at: u64| at * 1_000_000;
        for (frame, at) in [(960, 100), (1_440, 110), (1_920, 190), (2_400, 200), (2_880, 210), (3_360, 220)]
        {
            cycles.note(frame, ms(at));
        }
        assert_eq!(cycles.frame_at(ms(99)), None);
        assert_eq!(cycles.frame_at(ms(105)), Some(1_200.0));
        assert_eq!(cycles.frame_at(ms(189)), Some(1_920.0), "it stood");
        assert_eq!(cycles.frame_at(ms(211)), None, "the last that there was room for");
        assert_eq!(cycles.stood(ms(100), ms(220)), Duration::from_millis(70));
        assert_eq!(cycles.stood(ms(195), ms(220)), Duration::ZERO);
    }
}
