//! The machine's clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Bell, Clock, Moment, Wall};

/// The longest one wait lasts: within it a suspend is noticed after the machine woke up.
const GLANCE: Duration = Duration::from_secs(1);

/// The machine's clock. On Linux awake time is `CLOCK_MONOTONIC` and sleep what `CLOCK_BOOTTIME` has more of; elsewhere
/// awake time is the standard library's, and sleep is not told.
#[derive(Debug)]
pub struct SystemClock {
    began: imp::Start,
}

impl SystemClock {
    /// Begins now.
    #[must_use]
    pub fn new() -> Self {
        Self { began: imp::start() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment::ORIGIN.after(imp::awake(&self.began))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the calendar")]
    fn wall(&self) -> Wall {
        let now = SystemTime::now();
        let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Wall(match now.duration_since(UNIX_EPOCH) {
            Ok(since) => millis(since),
            Err(before) => -millis(before.duration()),
        })
    }

    fn slept(&self) -> Duration {
        imp::slept(&self.began)
    }

    fn wait(&self, until: Moment, bell: &Bell) {
        let span = until.since(self.now()).min(GLANCE);
        if !span.is_zero() {
            bell.wait(span);
        }
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    #[derive(Debug)]
    pub(super) struct Start {
        awake: Duration,
        asleep: Duration,
    }

    pub(super) fn start() -> Start {
        Start { awake: read(ClockId::Monotonic), asleep: asleep() }
    }

    pub(super) fn awake(start: &Start) -> Duration {
        read(ClockId::Monotonic).saturating_sub(start.awake)
    }

    pub(super) fn slept(start: &Start) -> Duration {
        asleep().saturating_sub(start.asleep)
    }

    /// Both clocks are not read at one instant, so a moment is missing or too much: whoever asks allows for it.
    fn asleep() -> Duration {
        let monotonic = read(ClockId::Monotonic);
        read(ClockId::Boottime).saturating_sub(monotonic)
    }

    fn read(clock: ClockId) -> Duration {
        let now = clock_gettime(clock);
        Duration::new(
            u64::try_from(now.tv_sec).unwrap_or(0),
            u32::try_from(now.tv_nsec).unwrap_or(0).min(999_999_999),
        )
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use std::time::{Duration, Instant};

    #[derive(Debug)]
    pub(super) struct Start(Instant);

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
    pub(super) fn start() -> Start {
        Start(Instant::now())
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
    pub(super) fn awake(start: &Start) -> Duration {
        start.0.elapsed()
    }

    pub(super) fn slept(_: &Start) -> Duration {
        Duration::ZERO
    }
}
