//! In which order curves are found: what was wished for last comes first, and of what came into sight together the
//! uppermost.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Instant;

use dawg_session::MediaId;

/// Wishes within so many milliseconds came into sight together.
const TOGETHER: u128 = 500;

/// When what was wished for.
#[derive(Debug)]
pub(super) struct Wishes {
    began: Instant,
    // When it was wished for last, and its number when it was first.
    at: HashMap<MediaId, (u128, u64)>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { began: Instant::now(), at: HashMap::new() }
    }
}

impl Wishes {
    /// It is in sight.
    pub(super) fn wish(&mut self, media: MediaId) {
        let (now, number) = (self.began.elapsed().as_millis() / TOGETHER, self.at.len() as u64);
        self.at.entry(media).or_insert((now, number)).0 = now;
    }

    /// The highest comes first.
    pub(super) fn rank(&self, media: MediaId) -> Option<(u128, Reverse<u64>)> {
        self.at.get(&media).map(|(now, number)| (*now, Reverse(*number)))
    }
}
