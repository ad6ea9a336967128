//! Pauses after what failed, longer each time.

use std::time::Duration;

use jarvis::clock::Moment;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(4);

/// When something may be tried again.
#[derive(Debug)]
pub(crate) struct Pause {
    length: Duration,
    until: Moment,
}

impl Pause {
    /// At once.
    pub(crate) fn none() -> Self {
        Self { length: Duration::ZERO, until: Moment::ORIGIN }
    }

    pub(crate) fn is_over(&self, now: Moment) -> bool {
        now >= self.until
    }

    /// It was tried.
    pub(crate) fn tried(&mut self, now: Moment, well: bool) {
        self.length = if well { Duration::ZERO } else { (self.length * 2).clamp(FIRST, LONGEST) };
        self.until = now.after(self.length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_and_begins_anew() {
        // Seen red: without the longest.
        let mut pause = Pause::none();
        let lengths = [false, false, false, false, false, true, false].map(|well| {
            pause.tried(Moment::ORIGIN, well);
            pause.length.as_millis()
        });
        assert_eq!(lengths, [500, 1_000, 2_000, 4_000, 4_000, 0, 500]);
        assert!(!pause.is_over(Moment::ORIGIN) && pause.is_over(Moment::ORIGIN.after(FIRST)));
    }
}
