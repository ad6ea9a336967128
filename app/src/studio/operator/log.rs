//! Lines that services wrote: the end of what is on the disk, and what comes in after it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// So many lines are kept, of all services together.
pub const MOST: usize = 5_000;
/// So many bytes at the end of a service's log are read.
const TAIL: u64 = 96 * 1024;

/// A line of a service's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose.
    pub service: Arc<str>,
    /// What it wrote.
    pub text: Arc<str>,
}

impl Line {
    /// A line of a service.
    #[must_use]
    pub fn new(service: &str, text: &str) -> Self {
        Self { service: service.into(), text: text.into() }
    }
}

/// The last lines of a log; none where there is no log yet.
///
/// # Errors
/// As the disk says.
pub fn tail(path: &Path) -> io::Result<Vec<String>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        file => file?,
    };
    let length = file.metadata()?.len();
    let skipped = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(skipped))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // The first is cut where the reading began.
    if skipped > 0 && !lines.is_empty() {
        lines.remove(0);
    }
    Ok(lines)
}

/// Puts what was read from the disk before what came in meanwhile, of which the disk has the beginning too.
#[must_use]
pub fn join(disk: Vec<String>, live: &[Arc<str>]) -> Vec<Arc<str>> {
    let most = disk.len().min(live.len());
    let same = |count: &usize| {
        let end = disk[disk.len() - count..].iter().map(String::as_str);
        end.eq(live[..*count].iter().map(|line| &**line))
    };
    let shared = (1..=most).rev().find(same).unwrap_or(0);
    disk.into_iter().map(Into::into).chain(live[shared..].iter().cloned()).collect()
}

/// Keeps the newest.
pub(super) fn push(lines: &mut VecDeque<Line>, line: Line) {
    while lines.len() >= MOST {
        lines.pop_front();
    }
    lines.push_back(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_comes_before_the_news_and_nothing_is_told_twice() {
        let join = |disk: &[&str], live: &[&str]| {
            let disk = disk.iter().map(|line| (*line).to_owned()).collect();
            let live: Vec<Arc<str>> = live.iter().map(|line| (*line).into()).collect();
            join(disk, &live).join(" ")
        };
        // Seen red: with the news simply put behind.
        assert_eq!(join(&["a", "b", "c"], &["b", "c", "d"]), "a b c d");
        assert_eq!(join(&["a", "b"], &["c"]), "a b c");
        assert_eq!(join(&[], &["c"]), "c");
        assert_eq!(join(&["a", "a"], &["a", "a", "a"]), "a a a");
    }

    #[test]
    fn of_a_large_log_whole_lines_of_the_end_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("coach.log");
        assert!(tail(&path).unwrap().is_empty());
        let text: String = (0..20_000).map(|number| format!("line {number}\n")).collect();
        std::fs::write(&path, text).unwrap();
        let lines = tail(&path).unwrap();
        assert_eq!(lines.last().unwrap(), "line 19999");
        // Seen red: with the first, cut line left in.
        assert!(
            lines.len() > 5_000 && lines.iter().all(|line| line.starts_with("line ")),
            "{:?}",
            lines.first()
        );
    }
}
