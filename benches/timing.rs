//! Many times of the same thing, and how they are told: median, 99th of a hundred, worst.
//!
//! Start at [`Times`].

use std::time::{Duration, Instant};

/// Whether a bench is only to be tried (`cargo bench -- --quick` or `--test`).
#[must_use]
pub fn quick() -> bool {
    std::env::args().any(|argument| argument == "--quick" || argument == "--test")
}

/// Times of one thing, done many times.
#[derive(Debug, Default, Clone)]
pub struct Times {
    all: Vec<Duration>,
}

impl Times {
    /// Adds one.
    pub fn add(&mut self, time: Duration) {
        self.all.push(time);
    }

    /// Adds the time that `work` takes, and returns what it returns.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.add(start.elapsed());
        result
    }

    /// The time that this share (0 to 1) of all did not exceed.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.all.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        sorted.get((share * last as f64).round() as usize).copied().unwrap_or_default()
    }

    /// Half were quicker.
    #[must_use]
    pub fn median(&self) -> Duration {
        self.quantile(0.5)
    }

    /// None was slower.
    #[must_use]
    pub fn worst(&self) -> Duration {
        self.quantile(1.0)
    }

    /// `| 0.123 ms | 0.150 ms | 1.234 ms |`: median, 99 of 100, worst, as cells of a Markdown table.
    #[must_use]
    pub fn cells(&self) -> String {
        let cell = |time: Duration| format!(" {:.3} ms |", time.as_secs_f64() * 1e3);
        format!("|{}{}{}", cell(self.median()), cell(self.quantile(0.99)), cell(self.worst()))
    }
}

/// Lets time pass, as it does while a device plays: a hand calls blocks faster than they would be played.
#[allow(clippy::disallowed_methods, reason = "the pause itself is the point")]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}
