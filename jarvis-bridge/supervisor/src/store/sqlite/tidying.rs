//! Throwing away what is too old or too much, a step at a time.

use super::SqliteStore;
use crate::clock::Wall;
use crate::store::{DOUBTED, retention};

/// Between two steps of throwing away: when there is more to do, and when there was not.
const TIDY_MS: (i64, i64) = (1000, 60_000);
/// So many rows are worth a step at once.
const TIDY_ROWS: i64 = 10_000;

impl SqliteStore {
    /// Whether what is too old by this calendar may go; told when that changes.
    fn believes(&mut self, now: Wall) -> bool {
        let before = self.calendar.doubted();
        let believes = self.calendar.pass(now);
        let doubted = self.calendar.doubted();
        if doubted != before {
            if !believes {
                tracing::warn!(%now, "the calendar has leapt ahead: what is too old by it is kept for a day, until that is believed");
            }
            self.set(DOUBTED, doubted.map(|since| since.0.to_string()).unwrap_or_default());
        }
        believes
    }

    /// One step of throwing away what is too old or too much, when that is due.
    pub(super) fn tidy(&mut self, now: Wall) {
        let believes = self.believes(now);
        let since = now.0.abs_diff(self.tidied.0);
        let due = if self.more { TIDY_MS.0 } else { TIDY_MS.1 };
        if since < due.unsigned_abs() && self.written < TIDY_ROWS {
            return;
        }
        self.tidied = now;
        let written = std::mem::take(&mut self.written);
        let Some(connection) = &mut self.connection else { return };
        // By a calendar that is not believed nothing is too old.
        let calendar = if believes { now } else { Wall(0) };
        match retention::tidy(connection, &self.limits, calendar, written) {
            Ok(more) => self.more = more,
            Err(error) => self.failed(&error),
        }
    }
}
