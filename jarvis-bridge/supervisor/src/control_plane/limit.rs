//! How often a client may ask: at most so many requests in any window of time, and at most so many at once.
//!
//! Pure: whoever asks says what time it is. One bucket for each token's kind; all that show a wrong token share one for
//! their address. Start at [`Limit::take`].

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use crate::clock::Moment;
use crate::config;

/// Addresses that show wrong tokens are told apart up to this many; all others share one bucket.
const STRANGERS: usize = 64;

/// Whose bucket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// The client of this kind.
    Kind(String),
    /// Somebody without a right token, at this address.
    Stranger(IpAddr),
    /// All strangers beyond those that are told apart.
    Crowd,
}

/// The buckets.
#[derive(Debug)]
pub(super) struct Limit {
    requests: usize,
    window: Duration,
    burst: f64,
    /// Requests a second.
    rate: f64,
    buckets: BTreeMap<Who, Bucket>,
}

#[derive(Debug)]
struct Bucket {
    /// How much of the burst is left, at `at`.
    left: f64,
    at: Moment,
    /// When the requests in the window were let in, oldest first.
    past: VecDeque<Moment>,
}

impl Limit {
    pub(super) fn new(config: &config::ControlPlane) -> Self {
        Self {
            requests: config.requests,
            window: config.window,
            burst: f64::from(config.burst),
            rate: config.requests as f64 / config.window.as_secs_f64(),
            buckets: BTreeMap::new(),
        }
    }

    /// Lets a request in, or says how long to wait; what is refused does not count.
    pub(super) fn take(&mut self, who: Who, now: Moment) -> Result<(), Duration> {
        let who = self.bounded(who, now);
        let (burst, rate, window) = (self.burst, self.rate, self.window);
        let fresh = || Bucket { left: burst, at: now, past: VecDeque::new() };
        let bucket = self.buckets.entry(who).or_insert_with(fresh);
        bucket.left = (bucket.left + now.since(bucket.at).as_secs_f64() * rate).min(burst);
        bucket.at = now;
        bucket.forget(now, window);
        let refilled = Duration::from_secs_f64(((1.0 - bucket.left) / rate).max(0.0));
        let oldest = bucket.past.front().filter(|_| bucket.past.len() >= self.requests);
        let moved = oldest.map_or(Duration::ZERO, |oldest| oldest.after(window).since(now));
        let wait = refilled.max(moved);
        if !wait.is_zero() {
            return Err(wait);
        }
        bucket.left -= 1.0;
        bucket.past.push_back(now);
        Ok(())
    }

    /// Strangers are forgotten once they have been quiet for a window, and never become many.
    fn bounded(&mut self, who: Who, now: Moment) -> Who {
        if !matches!(who, Who::Stranger(_)) || self.buckets.contains_key(&who) {
            return who;
        }
        let window = self.window;
        self.buckets.retain(|who, bucket| {
            bucket.forget(now, window);
            matches!(who, Who::Kind(_)) || !bucket.past.is_empty()
        });
        let strangers = self.buckets.keys().filter(|who| matches!(who, Who::Stranger(_))).count();
        if strangers < STRANGERS { who } else { Who::Crowd }
    }
}

impl Bucket {
    fn forget(&mut self, now: Moment, window: Duration) {
        while self.past.front().is_some_and(|past| now.since(*past) >= window) {
            self.past.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn cli() -> Who {
        Who::Kind("cli".to_owned())
    }

    fn limit() -> Limit {
        Limit::new(&config::ControlPlane::default())
    }

    #[test]
    fn sixty_at_once_and_five_hundred_in_any_quarter_of_an_hour() {
        // Seen red: with the burst alone looked at.
        let mut limit = limit();
        let mut now = Moment::ORIGIN;
        let first = (0..100).filter(|_| limit.take(cli(), now).is_ok()).count();
        assert_eq!(first, 60);
        // Whoever waits as long as it is told is let in, never earlier.
        let mut let_in = vec![now; first];
        while now < Moment::ORIGIN.after(40 * MINUTE) {
            if let Err(wait) = limit.take(cli(), now) {
                assert!(limit.take(cli(), now.after(wait.mul_f64(0.9))).is_err());
                now = now.after(wait + Duration::from_millis(1));
                assert_eq!(limit.take(cli(), now), Ok(()));
            }
            let_in.push(now);
        }
        for from in &let_in {
            let within = let_in.iter().filter(|at| *at >= from && at.since(*from) < 15 * MINUTE).count();
            assert!(within <= 500, "{within} in a quarter of an hour");
        }
        let lasting = let_in.len() - 500;
        assert!(lasting >= 800, "{lasting} in the last 25 minutes");
    }

    #[test]
    fn each_kind_has_its_own_and_strangers_at_one_address_share() {
        // Seen red: with a bucket for each of 64,000 strangers.
        let mut limit = limit();
        let at = |last: u8| Who::Stranger(Ipv4Addr::new(127, 0, 0, last).into());
        while limit.take(at(1), Moment::ORIGIN).is_ok() {}
        assert!(limit.take(cli(), Moment::ORIGIN).is_ok());
        assert!(limit.take(at(2), Moment::ORIGIN).is_ok());
        for last in 0..=255 {
            let _ = limit.take(at(last), Moment::ORIGIN);
        }
        assert!(limit.buckets.len() <= STRANGERS + 2, "{}", limit.buckets.len());
        // A quarter of an hour later they are forgotten.
        assert!(limit.take(at(1), Moment::ORIGIN.after(15 * MINUTE)).is_ok());
        let _ = limit.take(at(200), Moment::ORIGIN.after(31 * MINUTE));
        assert_eq!(limit.buckets.len(), 2);
    }
}
