//! What opening found.

/// A row that could not be used and was put aside, into the table `damaged_rows`; nothing is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its number in the journal.
    pub seq: i64,
    /// What is wrong with it.
    pub reason: String,
    /// Whether its changes are missing from the song. If not, a snapshot has them, and only undo ends here.
    pub lost: bool,
}

/// What opening found: nothing, mostly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Journal rows that could not be used.
    pub set_aside: Vec<SetAside>,
    /// Numbers of the snapshots that could not be used; the song was built from an earlier one.
    pub damaged_snapshots: Vec<i64>,
    /// Captures whose row could not be read; their files are in `audio/`.
    pub damaged_captures: usize,
    /// Rows replayed since the snapshot.
    pub replayed: usize,
}

impl OpenReport {
    /// Whether everything was as it should be.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.set_aside.is_empty() && self.damaged_snapshots.is_empty() && self.damaged_captures == 0
    }

    /// What to tell the user, a sentence each. Empty when all is well.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let mut messages = Vec::new();
        let mut lost = self.set_aside.iter().filter(|row| row.lost);
        if let Some(first) = lost.next() {
            messages.push(format!(
                "The history of this song is damaged at step {} ({}). Everything before it is kept; it and {} later \
                 steps were set aside, not deleted. Listen through the song, and do again what is missing.",
                first.seq,
                first.reason,
                lost.count()
            ));
        }
        for row in self.set_aside.iter().filter(|row| !row.lost) {
            messages.push(format!(
                "Step {} of this song's history is damaged ({}) and was set aside. The song itself is complete; undo \
                 reaches back to that step and no further.",
                row.seq, row.reason
            ));
        }
        if !self.damaged_snapshots.is_empty() {
            messages.push(format!(
                "A saved state of this song was damaged; it was built again from its history, {} steps. Nothing needs \
                 to be done, but look after the disk.",
                self.replayed
            ));
        }
        if self.damaged_captures > 0 {
            messages.push(format!(
                "{} unfinished recordings have lost their notes on where they belong: import their files from the \
                 song's audio folder.",
                self.damaged_captures
            ));
        }
        messages
    }
}
