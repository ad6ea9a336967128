//! Reads a log as it grows, from its oldest line, over every file that is put aside meanwhile.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use jarvis::file_id::FileId;
use jarvis::process::log::numbered;

/// The most old logs that are looked for.
const OLD: usize = 100;
/// How much is read at a time, in bytes.
const PIECE: u64 = 1 << 20;

/// The files of a log, oldest first.
pub(super) fn files(path: &Path) -> Vec<PathBuf> {
    let old = (1..=OLD).map(|number| numbered(path, number)).take_while(|old| old.exists());
    let mut files: Vec<PathBuf> = old.collect();
    files.reverse();
    files.push(path.to_owned());
    files
}

/// One log that is followed.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) name: String,
    path: PathBuf,
    file: Option<File>,
    /// The beginning of a line whose end is not there yet.
    begun: Vec<u8>,
}

impl Tail {
    pub(super) fn new(path: PathBuf, name: String) -> Self {
        Self { name, path, file: None, begun: Vec::new() }
    }

    /// Whole lines that are new, about a megabyte of them at most; none: there is nothing new.
    pub(super) fn read(&mut self) -> io::Result<Vec<String>> {
        if self.file.is_none() {
            self.file = open(files(&self.path).first())?;
        }
        while let Some(file) = &mut self.file {
            // Asked before it is read: whatever is in it by now is read, and nothing more comes once it is put aside.
            let own = file.metadata()?;
            let aside = !is_at(&own, &self.path);
            if file.take(PIECE).read_to_end(&mut self.begun)? > 0 {
                let lines = self.whole_lines();
                if !lines.is_empty() {
                    return Ok(lines);
                }
            } else if !aside {
                break;
            } else if let Some(next) = self.after(&own)? {
                self.file = Some(next);
            } else {
                // Put aside just now, and the next is not there yet.
                break;
            }
        }
        Ok(Vec::new())
    }

    fn whole_lines(&mut self) -> Vec<String> {
        let end = match self.begun.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => at + 1,
            // A line without end is shown in pieces.
            None if self.begun.len() as u64 > PIECE => self.begun.len(),
            None => return Vec::new(),
        };
        let whole: Vec<u8> = self.begun.drain(..end).collect();
        String::from_utf8_lossy(&whole).lines().map(str::to_owned).collect()
    }

    /// The file that was written after the one that is `own`.
    fn after(&self, own: &Metadata) -> io::Result<Option<File>> {
        let number = || (1..=OLD).find(|number| is_at(own, &numbered(&self.path, *number)));
        loop {
            let found = number();
            let next = match found {
                Some(1) => Some(self.path.clone()),
                Some(number) => Some(numbered(&self.path, number - 1)),
                // It is thrown away already, and so may others be.
                None => files(&self.path).into_iter().next(),
            };
            let next = open(next.as_ref())?;
            // Unless all have got another number meanwhile.
            if number() == found {
                return Ok(next);
            }
        }
    }
}

/// None where there is no such file (yet).
fn open(path: Option<&PathBuf>) -> io::Result<Option<File>> {
    let Some(path) = path else { return Ok(None) };
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}

/// Whether the file that is `own` is the one at `path`.
fn is_at(own: &Metadata, path: &Path) -> bool {
    matches!(FileId::at(path), Ok(Some(other)) if other == FileId::of(own))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use jarvis::config::Logs;
    use jarvis::process::log::RotatingLog;

    use super::*;

    #[test]
    fn no_line_is_missed_or_told_twice_however_often_the_log_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("coach.log");
        let mut log = RotatingLog::new(path.clone(), Logs { bytes: 1000, keep: 9 });
        let mut tail = Tail::new(path, "coach".to_owned());
        assert!(tail.read().unwrap().is_empty());
        let mut seen = Vec::new();
        for number in 0..2000 {
            log.append(format!("line {number}\n").as_bytes());
            // Sometimes every line, sometimes not for four files.
            if number % 300 < 150 || number % 300 == 299 {
                while let Some(lines) = Some(tail.read().unwrap()).filter(|lines| !lines.is_empty()) {
                    seen.extend(lines);
                }
            }
        }
        seen.extend(tail.read().unwrap());
        let all: Vec<String> = (0..2000).map(|number| format!("line {number}")).collect();
        assert_eq!(seen, all);
    }

    #[test]
    fn a_line_is_shown_when_its_end_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("coach.log");
        let mut file = File::create(&path).unwrap();
        let mut tail = Tail::new(path, "coach".to_owned());
        file.write_all(b"hal").unwrap();
        assert!(tail.read().unwrap().is_empty());
        file.write_all(b"f\nmore").unwrap();
        assert_eq!(tail.read().unwrap(), ["half"]);
    }
}
