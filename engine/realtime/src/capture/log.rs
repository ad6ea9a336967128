//! The transport log as the writer gathers it: lines from the audio thread become segments and punches.
//!
//! Start at [`Log`].

use dawg_session::{Onward, Punched, Segment, TransportLog};
use rtrb::Consumer;

use super::punch::Punch;
use super::tap::LogLine;

/// The log so far.
pub(super) struct Log {
    lines: Consumer<LogLine>,
    log: TransportLog,
    // Whether the last segment still grows.
    open: bool,
    // The loop in which the song rolls.
    looped: Option<(i64, i64)>,
    ended: Option<u64>,
    // Whether there is more than the store was told.
    news: bool,
}

impl Log {
    pub(super) fn new(lines: Consumer<LogLine>, punch: Punch) -> Self {
        Self { lines, log: Self::before(punch), open: false, looped: None, ended: None, news: false }
    }

    /// The log of a roll that has not begun.
    pub(super) fn before(punch: Punch) -> TransportLog {
        let punches = (punch == Punch::Quick).then(Vec::new);
        TransportLog { punches, ..TransportLog::default() }
    }

    /// Takes in what the audio thread has said.
    pub(super) fn read(&mut self) {
        while let Ok(line) = self.lines.pop() {
            self.note(line);
        }
    }

    /// Whether nobody is there who could say more.
    pub(super) fn is_abandoned(&self) -> bool {
        self.lines.is_abandoned()
    }

    /// Frames captured in all, once that is known.
    pub(super) fn ended(&self) -> Option<u64> {
        self.ended
    }

    /// Whether the song turned, stopped, or was punched since [`told`](Self::told).
    pub(super) fn has_news(&self) -> bool {
        self.news
    }

    /// The store has it.
    pub(super) fn told(&mut self) {
        self.news = false;
    }

    /// Whether somebody had to punch in and nobody did.
    pub(super) fn is_unwanted(&self) -> bool {
        self.log.punches.as_ref().is_some_and(Vec::is_empty)
    }

    /// The log with the running segment as long as `frames` captured frames make it.
    pub(super) fn until(&self, frames: i64) -> TransportLog {
        let mut log = self.log.clone();
        if let (true, Some(segment)) = (self.open, log.segments.last_mut()) {
            segment.length = (frames - segment.capture_frame).max(0);
        }
        log.onward = match self.looped {
            _ if !self.open && !log.segments.is_empty() => Onward::Stopped,
            Some((start, end)) => Onward::Looping(start, end),
            None => Onward::Rolling,
        };
        log
    }

    fn note(&mut self, line: LogLine) {
        self.news |= !matches!(line, LogLine::Started { .. });
        match line {
            LogLine::Started { .. } => {}
            LogLine::Looped { range } => self.looped = range,
            LogLine::Punched { capture_frame, on } => self.punch(capture_frame as i64, on),
            LogLine::Segment { capture_frame, position } => {
                self.close(capture_frame as i64);
                let (capture_frame, song_position) = (capture_frame as i64, position);
                self.log.segments.push(Segment { capture_frame, song_position, length: 0 });
                self.open = true;
            }
            LogLine::Stopped { capture_frame } => {
                self.close(capture_frame as i64);
                self.punch(capture_frame as i64, false);
            }
            LogLine::Ended { capture_frame } => self.ended = Some(capture_frame),
        }
    }

    fn close(&mut self, capture_frame: i64) {
        if let (true, Some(segment)) = (self.open, self.log.segments.last_mut()) {
            segment.length = capture_frame - segment.capture_frame;
        }
        self.open = false;
    }

    fn punch(&mut self, capture_frame: i64, on: bool) {
        let Some(punches) = &mut self.log.punches else { return };
        match (on, punches.last_mut()) {
            (false, Some(last @ Punched { to: None, .. })) => last.to = Some(capture_frame),
            // Out and in again within no time is no edge.
            (true, Some(last)) if last.to == Some(capture_frame) => last.to = None,
            (true, last) if last.as_ref().is_none_or(|last| last.to.is_some()) => {
                punches.push(Punched { from: capture_frame, to: None });
            }
            _ => {}
        }
    }
}
