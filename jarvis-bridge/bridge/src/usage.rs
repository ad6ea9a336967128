//! Usage on its way from whoever uses something to the bridge: a ring, and behind it, for what did not fit, a queue of the
//! writer's own. Nothing is dropped.
//!
//! Start at [`UsageWriter::tell`], which never waits.

use std::collections::VecDeque;

use jarvis::clock::{Clock, SystemClock};
use jarvis::entropy::{Entropy, SystemEntropy};
use jarvis::usage::Usage;

/// Places in the ring. The bridge comes four times a second, and a person does not use 256 things in that time; only a bridge
/// that waits for its disk lets it fill up.
const RING: usize = 256;
/// Characters of a detail that are kept: what people read, not a whole report.
const DETAIL: usize = 300;

/// The end of whoever uses things.
#[derive(Debug)]
pub struct UsageWriter {
    ring: rtrb::Producer<Usage>,
    /// What did not fit, oldest first.
    waiting: VecDeque<Usage>,
    clock: SystemClock,
    /// The beginning of every id.
    ours: String,
    told: u64,
}

/// A writer, and the bridge's end of its ring.
#[must_use]
pub fn ring() -> (UsageWriter, rtrb::Consumer<Usage>) {
    let (ring, reader) = rtrb::RingBuffer::new(RING);
    let (clock, ours) = (SystemClock::new(), SystemEntropy.nonce());
    (UsageWriter { ring, waiting: VecDeque::new(), clock, ours, told: 0 }, reader)
}

impl UsageWriter {
    /// `what` was used now, such as `take_recorded`; `detail` for people, cut after 300 characters. Does not wait.
    pub fn tell(&mut self, what: &str, detail: Option<String>) {
        self.told += 1;
        let detail = detail.map(|detail| match detail.char_indices().nth(DETAIL) {
            Some((end, _)) => format!("{}…", &detail[..end]),
            None => detail,
        });
        let id = format!("{}-{}", self.ours, self.told);
        self.waiting.push_back(Usage { id, at: self.clock.wall(), what: what.to_owned(), detail });
        self.retry();
    }

    /// Pushes what did not fit before, if it fits now. Cheap; to be called now and then.
    pub fn retry(&mut self) {
        while let Some(used) = self.waiting.pop_front() {
            if let Err(rtrb::PushError::Full(used)) = self.ring.push(used) {
                self.waiting.push_front(used);
                return;
            }
        }
    }

    /// How many do not fit yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_comes_later_and_in_order() {
        // Seen red: with `PushError` ignored, 44 of 300 are missing.
        let (mut writer, mut reader) = ring();
        for number in 0..300 {
            writer.tell("thing", Some(number.to_string()));
        }
        assert_eq!(writer.waiting(), 300 - RING);
        let mut seen = Vec::new();
        while seen.len() < 300 {
            seen.extend(std::iter::from_fn(|| reader.pop().ok()));
            writer.retry();
        }
        let told: Vec<usize> =
            seen.iter().map(|used| used.detail.as_ref().unwrap().parse().unwrap()).collect();
        assert_eq!(told, (0..300).collect::<Vec<_>>());
        let ids: std::collections::BTreeSet<&str> = seen.iter().map(|used| used.id.as_str()).collect();
        assert_eq!(ids.len(), 300);
    }

    #[test]
    fn a_long_detail_is_cut_between_characters() {
        // Seen red: with bytes counted in place of characters.
        let (mut writer, mut reader) = ring();
        writer.tell("error", Some("ä".repeat(400)));
        assert_eq!(reader.pop().unwrap().detail.unwrap().chars().count(), 301);
    }
}
