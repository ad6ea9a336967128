//! The audio side of captures: what comes in goes into rings, with a log of where the song was.
//!
//! Start at [`Taps`]. Real-time safe but for [`Taps::new`]. One log serves all captures of a roll, since they
//! start and end together; the writer on the other side is in `super::writer`.

use rtrb::{Consumer, Producer, RingBuffer};

use super::punch::Punch;
use crate::plan::MAX_CHANNELS;

/// A line of the transport log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLine {
    /// The first captured frame came with this device frame.
    Started {
        /// Device frame of capture frame 0.
        device_frame: u64,
    },
    /// From this capture frame on the song rolls from this position.
    Segment {
        /// Frames captured before.
        capture_frame: u64,
        /// Song frame.
        position: i64,
    },
    /// From here on the song rolls in this loop (first song frame, and the one after the last), or in none.
    Looped {
        /// The loop.
        range: Option<(i64, i64)>,
    },
    /// At this capture frame takes begin or end.
    Punched {
        /// Frames captured before.
        capture_frame: u64,
        /// They begin.
        on: bool,
    },
    /// At this capture frame the song stopped.
    Stopped {
        /// Frames captured before.
        capture_frame: u64,
    },
    /// Nothing more comes; so many frames were captured.
    Ended {
        /// Frames captured in all.
        capture_frame: u64,
    },
}

/// One captured track.
#[derive(Debug)]
struct Tap {
    // Hardware channels, from 0.
    channels: [u16; MAX_CHANNELS],
    count: usize,
    // Interleaved samples.
    samples: Producer<f32>,
    // (frame, frames): so many frames, from that one on, did not fit and are to be silence.
    gaps: Producer<(u64, u64)>,
    // A gap that goes on.
    missing: u64,
}

/// All captures of one roll.
#[derive(Debug)]
pub struct Taps {
    taps: Vec<Tap>,
    log: Producer<LogLine>,
    captured: u64,
    punch: Punch,
    // Punched in by hand.
    by_hand: bool,
    // Frames still to capture after the stop: one round trip.
    trail: u64,
    left: Option<u64>,
}

/// The writer's side of one capture.
#[derive(Debug)]
pub struct TapReader {
    /// Channels of the capture.
    pub channels: usize,
    /// Interleaved samples.
    pub samples: Consumer<f32>,
    /// `(frame, frames)` that are to be silence.
    pub gaps: Consumer<(u64, u64)>,
}

impl Taps {
    /// Captures of these hardware channels (from 1), with rings of `seconds` at `rate`, that go on for `trail`
    /// frames after the stop. Not real-time safe.
    #[must_use]
    pub fn new(
        inputs: &[&[u16]],
        rate: u32,
        seconds: u32,
        trail: u64,
    ) -> (Box<Self>, Vec<TapReader>, Consumer<LogLine>) {
        let (log, log_reader) = RingBuffer::new(4_096);
        let mut taps = Vec::new();
        let mut readers = Vec::new();
        for input in inputs {
            let count = input.len().clamp(1, MAX_CHANNELS);
            let mut channels = [0; MAX_CHANNELS];
            for (slot, channel) in channels.iter_mut().zip(*input) {
                *slot = channel.saturating_sub(1);
            }
            let (samples, samples_reader) = RingBuffer::new((rate * seconds) as usize * count);
            let (gaps, gaps_reader) = RingBuffer::new(1_024);
            taps.push(Tap { channels, count, samples, gaps, missing: 0 });
            readers.push(TapReader { channels: count, samples: samples_reader, gaps: gaps_reader });
        }
        (
            Box::new(Self {
                taps,
                log,
                captured: 0,
                punch: Punch::All(None),
                by_hand: false,
                trail,
                left: None,
            }),
            readers,
            log_reader,
        )
    }

    /// The same, of which only this becomes takes.
    #[must_use]
    pub fn punching(mut self: Box<Self>, punch: Punch) -> Box<Self> {
        self.punch = punch;
        self
    }

    /// Notes the device frame of the first captured frame.
    pub fn started(&mut self, device_frame: u64) {
        self.line(LogLine::Started { device_frame });
    }

    /// Notes in which loop the song rolls.
    pub fn looped(&mut self, range: Option<(i64, i64)>) {
        self.line(LogLine::Looped { range });
    }

    /// Notes that the song rolls from `position` from here on. After a stop it does so without these captures.
    pub fn segment(&mut self, position: i64) {
        if self.left.is_none() {
            self.line(LogLine::Segment { capture_frame: self.captured, position });
        }
    }

    /// Notes that takes begin, or end, here, if that is a matter of hands.
    pub fn punch(&mut self, on: bool) {
        if self.punch == Punch::Quick && self.left.is_none() && self.by_hand != on {
            self.by_hand = on;
            self.line(LogLine::Punched { capture_frame: self.captured, on });
        }
    }

    /// Whether song frame `position`, which is played now, becomes part of a take.
    #[must_use]
    pub fn wants(&self, position: i64) -> bool {
        self.left.is_none() && self.punch.wants(position, self.by_hand)
    }

    /// Frames from song frame `position` until [`wants`](Self::wants) changes by itself, if it will.
    #[must_use]
    pub fn until_turn(&self, position: i64) -> Option<i64> {
        self.punch.until_turn(position)
    }

    /// Notes that the song stopped; what was sung until then is still on its way in.
    pub fn stopped(&mut self) {
        if self.left.is_none() {
            self.line(LogLine::Stopped { capture_frame: self.captured });
            self.left = Some(self.trail);
        }
    }

    /// Frames that still belong to the captures, of `frames` at hand.
    #[must_use]
    pub fn reach(&self, frames: usize) -> usize {
        self.left.map_or(frames, |left| frames.min(left.min(usize::MAX as u64) as usize))
    }

    /// Takes `input` (planar hardware channels), frames `from..to` of it.
    pub fn take(&mut self, input: &[&[f32]], from: usize, to: usize) {
        for tap in &mut self.taps {
            tap.take(self.captured, input, from, to);
        }
        let frames = (to - from) as u64;
        self.captured += frames;
        if let Some(left) = &mut self.left {
            *left -= (*left).min(frames);
        }
    }

    /// Whether the last frame is in; then the end is in the log, too.
    pub fn ended(&mut self) -> bool {
        let ended = self.left == Some(0);
        if ended {
            for tap in &mut self.taps {
                tap.close_gap(self.captured);
            }
            self.line(LogLine::Ended { capture_frame: self.captured });
        }
        ended
    }

    fn line(&mut self, line: LogLine) {
        // 4,096 turns while the writer stalls cannot be: a loop lasts at least 10 ms, and the rings hold 10 s.
        let _ = self.log.push(line);
    }
}

impl Tap {
    fn take(&mut self, captured: u64, input: &[&[f32]], from: usize, to: usize) {
        let frames = to - from;
        let Ok(mut chunk) = self.samples.write_chunk(frames * self.count) else {
            self.missing += frames as u64;
            return;
        };
        if self.missing > 0 && self.gaps.push((captured - self.missing, self.missing)).is_ok() {
            self.missing = 0;
        }
        if self.missing > 0 {
            // Nowhere to note the gap: it must go on, or everything after it would be misplaced.
            self.missing += frames as u64;
            return;
        }
        let (first, second) = chunk.as_mut_slices();
        for (index, sample) in first.iter_mut().chain(second).enumerate() {
            let channel = usize::from(self.channels[index % self.count]);
            *sample = input.get(channel).map_or(0.0, |channel| channel[from + index / self.count]);
        }
        chunk.commit_all();
    }

    fn close_gap(&mut self, captured: u64) {
        if self.missing > 0 && self.gaps.push((captured - self.missing, self.missing)).is_ok() {
            self.missing = 0;
        }
    }
}

#[cfg(test)]
#[path = "tap_tests.rs"]
mod tests;
