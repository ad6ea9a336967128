//! Whether the calendar is to be believed when what is old is thrown away.
//!
//! A date that was mistyped, or that a machine without a battery made up, would make all that is kept too old, and for ever
//! gone before anybody looks. Start at [`Calendar::pass`].

use crate::clock::Wall;

const DAY: i64 = 86_400_000;
/// A step ahead of more than this is doubted, be it while we run or since an earlier owner wrote last.
const LEAP_MS: i64 = 30 * DAY;
/// until the calendar has stood so long.
const DOUBT_MS: i64 = DAY;

/// What is known of the calendar.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    newest: Option<Wall>,
    doubted: Option<Wall>,
}

impl Calendar {
    /// An earlier owner wrote last at that time, and doubted the calendar since then, if it did.
    pub(super) fn recall(&mut self, newest: Option<Wall>, doubted: Option<Wall>) {
        if self.newest.is_none() {
            self.newest = newest;
        }
        self.doubted = self.doubted.or(doubted);
    }

    /// It is `now`. True if what is too old then may go.
    pub(super) fn pass(&mut self, now: Wall) -> bool {
        if self.newest.is_some_and(|newest| now.0 - newest.0 > LEAP_MS) {
            self.doubted = Some(now);
        }
        self.newest = Some(now);
        // Set back, or it has stood long enough.
        self.doubted.take_if(|since| now < *since || now.0 - since.0 > DOUBT_MS);
        self.doubted.is_none()
    }

    /// Since when it is doubted.
    pub(super) fn doubted(&self) -> Option<Wall> {
        self.doubted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 20_000 * DAY;

    #[test]
    fn a_leap_ahead_is_believed_after_a_day_and_never_if_it_is_set_back() {
        // Seen red: with each date believed at once.
        let mut calendar = Calendar::default();
        assert!(
            calendar.pass(Wall(NOW))
                && calendar.pass(Wall(NOW + 1_000))
                && calendar.pass(Wall(NOW + 20 * DAY))
        );
        let ahead = NOW + 700 * DAY;
        assert!(!calendar.pass(Wall(ahead)) && !calendar.pass(Wall(ahead + 400_000)));
        assert!(calendar.pass(Wall(NOW + 20 * DAY + 400_000)), "set back");
        assert!(!calendar.pass(Wall(ahead)) && !calendar.pass(Wall(ahead + DAY)));
        assert!(calendar.pass(Wall(ahead + DAY + 1)), "it is so");
    }

    #[test]
    fn a_leap_since_the_last_owner_counts_and_its_doubt_goes_on() {
        // Seen red: with a program that begins believing what it finds.
        let mut calendar = Calendar::default();
        calendar.recall(Some(Wall(NOW)), None);
        assert!(!calendar.pass(Wall(NOW + 40 * DAY)));
        let doubted = calendar.doubted();
        let mut next = Calendar::default();
        next.recall(Some(Wall(NOW + 40 * DAY)), doubted);
        assert!(!next.pass(Wall(NOW + 40 * DAY + 1_000)));
        assert!(next.pass(Wall(NOW + 41 * DAY + 1)));
    }
}
