//! What a sidecar writes: into its log, and its last line and its port kept in mind.
//!
//! Read in large pieces, so that a sidecar that writes without end costs little; written whole lines at a time, so that
//! its two outputs do not run into each other.

use std::io::{ErrorKind, Read};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::super::log::RotatingLog;
use super::super::{Fate, RunId};
use super::News;

/// One read, and the longest line that is kept together.
const PIECE: usize = 64 * 1024;
/// How much of the last line is kept in mind.
const LAST_LINE: usize = 500;

/// Where both outputs of a sidecar meet.
#[derive(Debug)]
pub(super) struct Output {
    run: RunId,
    name: Arc<str>,
    news: News,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    log: RotatingLog,
    last_line: Option<String>,
}

impl Output {
    pub(super) fn new(run: RunId, name: Arc<str>, log: RotatingLog, news: News) -> Self {
        Self { run, name, news, kept: Mutex::new(Kept { log, last_line: None }) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn last_line(&self) -> Option<String> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).last_line.clone()
    }

    fn keep(&self, lines: &[u8]) {
        // That it is ready is told to the supervisor, and explains no death.
        let says = |line: &&[u8]| !line.trim_ascii().is_empty() && port(line).is_none();
        let last = lines.split(|byte| *byte == b'\n').rev().find(says);
        if tracing::enabled!(tracing::Level::DEBUG) {
            for line in String::from_utf8_lossy(lines).lines() {
                tracing::debug!(sidecar = %self.name, "{line}");
            }
        }
        self.news.lines(&self.name, lines);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.log.append(lines);
        if let Some(last) = last {
            let end = last.len().min(LAST_LINE);
            let last = String::from_utf8_lossy(last.get(..end).unwrap_or(last));
            kept.last_line = Some(last.trim().to_owned());
        }
    }
}

/// Reads `pipe` to its end. `speaks`: it may say at which port the sidecar listens.
pub(super) fn read(mut pipe: impl Read, mut speaks: bool, output: &Output) {
    let mut buffer = vec![0; PIECE];
    let mut filled = 0;
    loop {
        let Some(room) = buffer.get_mut(filled..) else { return };
        let count = match pipe.read(room) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        let fresh = filled;
        filled += count;
        // What was there before holds no end of a line.
        let written = buffer.get(fresh..filled).unwrap_or_default();
        let end = match written.iter().rposition(|byte| *byte == b'\n') {
            Some(last) => fresh + last + 1,
            None if filled == buffer.len() => filled,
            None => continue,
        };
        let lines = buffer.get(..end).unwrap_or_default();
        if speaks && let Some(port) = lines.split(|byte| *byte == b'\n').find_map(port) {
            speaks = false;
            output.news.tell(output.run, Fate::Listens(port));
        }
        output.keep(lines);
        buffer.copy_within(end..filled, 0);
        filled -= end;
    }
    if let Some(rest) = buffer.get(..filled)
        && !rest.is_empty()
    {
        output.keep(&[rest, b"\n"].concat());
    }
}

#[derive(Deserialize)]
struct Line {
    ready: Ready,
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
}

/// The port in `{"ready":{"port":N}}`.
fn port(line: &[u8]) -> Option<u16> {
    let line = line.trim_ascii();
    if !line.starts_with(b"{") {
        return None;
    }
    serde_json::from_slice::<Line>(line).ok().map(|line| line.ready.port).filter(|port| *port != 0)
}
