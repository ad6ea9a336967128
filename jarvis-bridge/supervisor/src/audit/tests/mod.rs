//! What is done to a trail, and what is said of it then.

mod beginnings;
mod cost;
mod lost;
mod refused;
mod tampered;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::entropy::Entropy;

/// Chance that is none.
struct Counted(u8);

impl Entropy for Counted {
    fn bytes(&mut self) -> [u8; 16] {
        self.0 += 1;
        [self.0; 16]
    }
}

struct Place {
    _folder: TempDir,
    layout: Layout,
}

fn record(number: i64) -> Record {
    Record {
        at: Wall(number),
        by: By::name("cli"),
        action: "restart".to_owned(),
        target: "coach".to_owned(),
        reason: format!("reason {number}"),
        outcome: "done".to_owned(),
    }
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::within(folder.path());
        layout.make().unwrap();
        Self { _folder: folder, layout }
    }

    /// A trail of `entries`.
    fn with(entries: i64) -> Self {
        let place = Self::new();
        let mut audit = place.open(0);
        (1..=entries).for_each(|number| audit.append(record(number)));
        assert_eq!(audit.check(), Ok(()));
        place
    }

    fn open(&self, now: i64) -> Audit {
        Audit::open(&self.layout, Wall(now), &mut Counted(now as u8))
    }

    fn verify(&self) -> Verdict {
        verify(&self.layout)
    }

    /// Opens it once more and verifies.
    fn reopened(&self, now: i64) -> Verdict {
        assert!(self.open(now).gap.is_none());
        self.verify()
    }

    /// Does something behind the supervisor's back, past its triggers.
    fn tamper(&self, statement: &str) {
        tamper(&self.layout.audit(), statement);
    }

    fn newest(&self) -> Vec<Entry> {
        newest(&self.layout, 100).unwrap()
    }

    fn actions(&self) -> Vec<String> {
        self.newest().into_iter().map(|entry| entry.record.action).collect()
    }

    /// The files that were kept aside, by name; not what a reader of a database leaves beside it.
    fn aside(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.layout.folder()).unwrap().flatten();
        let names = files.map(|file| file.file_name().into_string().unwrap());
        let mut names: Vec<String> = names
            .filter(|name| name.contains("damaged") && !name.contains("-shm") && !name.contains("-wal"))
            .collect();
        names.sort();
        names
    }
}

/// A turn, and what it began beside itself is over.
fn tended(audit: &mut Audit, now: Moment, wall: Wall) {
    audit.tend(now, wall);
    while audit.reopening.is_some() {
        audit.hear(Duration::from_secs(1), wall);
    }
}

fn at(seconds: u64) -> Moment {
    Moment::ORIGIN.after(Duration::from_secs(seconds))
}

fn tamper(path: &std::path::Path, statement: &str) {
    let connection = Connection::open(path).unwrap();
    let drop = "DROP TRIGGER IF EXISTS entries_stay; DROP TRIGGER IF EXISTS entries_stay_so;";
    connection.execute_batch(&format!("{drop} {statement}")).unwrap();
}

fn whole(verdict: &Verdict) -> u64 {
    match verdict {
        Verdict::Whole { entries, .. } => *entries,
        other => panic!("{other:?}"),
    }
}

fn kind(verdict: &Verdict) -> (u64, &str, Option<&str>) {
    match verdict {
        Verdict::Tampered { seq, kind, file } => (*seq, kind, file.as_deref()),
        other => panic!("{other:?}"),
    }
}
