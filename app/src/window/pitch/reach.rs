//! Which part of the pitch and of the time is in sight, and how it follows the voice.
//!
//! Start at [`Reach::follow`]. The view rests while the voice stays in its middle, and glides after it when it leaves;
//! what a person has scrolled to stays, until they want to follow again.

use egui::{Rect, pos2};

use super::history::{History, RATE};
use crate::look::Tokens;

/// Semitones in sight: at least, at most.
const SPAN: [f32; 2] = [6.0, 72.0];
/// Those that are chosen by the drawer's height: as many as are drawn so high, between an octave and a bit and two and
/// a bit.
const ROW: f32 = 12.5;
const USUAL: [f32; 2] = [13.0, 30.0];
/// Seconds from the left edge to now.
const SECONDS: [f32; 3] = [10.0, 1.0, 60.0];
/// Where it looks before anybody sings: C4.
const HOME: f32 = 60.0;
/// The part of the height in which the voice moves about while the view rests.
const REST: f32 = 0.56;
/// Keys that can be brought into sight: those of the piano.
const KEYS: [f32; 2] = [21.0, 108.0];
/// Width of the column with the names of the notes.
pub(super) const NAMES: f32 = 44.0;
/// The part right of the column that lies before now, and the most points beyond it.
const BEFORE: f32 = 0.86;
const AHEAD: f32 = 200.0;

/// What is in sight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    middle: f32,
    span: f32,
    // The span is a person's own.
    zoomed: bool,
    seconds: f32,
    // Moments that lie between what is at the line of now and now.
    back: f64,
    end: u64,
    away: bool,
    // Somebody has been heard: from now on the view glides.
    settled: bool,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            middle: HOME,
            span: USUAL[1],
            zoomed: false,
            seconds: SECONDS[0],
            back: 0.0,
            end: 0,
            away: false,
            settled: false,
        }
    }
}

impl Reach {
    /// Shows as many semitones as there is room for, unless a person has chosen how many.
    pub(super) fn fit(&mut self, height: f32) {
        if !self.zoomed {
            self.span = (height / ROW).clamp(USUAL[0], USUAL[1]);
        }
    }

    /// Goes after the voice for so many seconds. Returns whether it is still on its way.
    pub(super) fn follow(&mut self, history: &History, seconds: f32) -> bool {
        let end = history.end();
        if self.back > 0.0 {
            // What is looked at stands still.
            let all = (end - history.start()) as f64;
            self.back = (self.back + end.saturating_sub(self.end) as f64).min(all);
        }
        self.end = end;
        let Some(voice) = history.voice.middle().filter(|_| !self.away) else { return false };
        let room = self.span * REST / 2.0;
        let to = self.middle.clamp(voice - room, voice + room);
        if !std::mem::replace(&mut self.settled, true) {
            self.middle = voice;
            return false;
        }
        // All but a twentieth of the way within the length of a motion.
        let part = 1.0 - (-3.0 * seconds / Tokens::MOTION).exp();
        self.middle += (to - self.middle) * part;
        let moves = (to - self.middle).abs() * 100.0 > self.span;
        if !moves {
            self.middle = to;
        }
        moves
    }

    /// Whether a person looks elsewhere.
    #[must_use]
    pub(super) fn is_away(&self) -> bool {
        self.away
    }

    /// Follows the voice again, as at the start.
    pub(super) fn come_back(&mut self) {
        let Self { middle, end, settled, span, .. } = *self;
        *self = Self { middle, end, settled, span, ..Self::default() };
    }

    /// Looks higher by semitones, and further back by seconds.
    pub(super) fn pan(&mut self, keys: f32, seconds: f32) {
        self.middle = (self.middle + keys).clamp(KEYS[0], KEYS[1]);
        self.back = (self.back + f64::from(seconds) * RATE).max(0.0);
        self.away = true;
    }

    /// Shows `by` times as many semitones, around one that stays where it is.
    pub(super) fn zoom_keys(&mut self, by: f32, around: f32) {
        let span = (self.span * by).clamp(SPAN[0], SPAN[1]);
        self.middle = (around + (self.middle - around) * span / self.span).clamp(KEYS[0], KEYS[1]);
        self.span = span;
        (self.away, self.zoomed) = (true, true);
    }

    /// Shows `by` times as many seconds.
    pub(super) fn zoom_time(&mut self, by: f32) {
        self.seconds = (self.seconds * by).clamp(SECONDS[1], SECONDS[2]);
    }

    /// Where things are in a rectangle, its column of names included.
    #[must_use]
    pub(super) fn field(&self, rect: Rect, pixels: f32) -> Field {
        let roll = rect.with_min_x((rect.left() + NAMES).min(rect.right()));
        let before = (roll.width() * BEFORE).max(roll.width() - AHEAD);
        let now = ((roll.left() + before) * pixels).round() / pixels;
        Field {
            rect,
            roll,
            now,
            points: ((now - roll.left()) / self.seconds / RATE as f32).max(1e-4),
            at_now: self.end as f64 - self.back,
            middle: self.middle,
            row: rect.height() / self.span,
        }
    }
}

/// Where things are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Field {
    /// All of it.
    pub rect: Rect,
    /// Right of the column of names.
    pub roll: Rect,
    /// The line of now.
    pub now: f32,
    /// Points a moment.
    pub points: f32,
    /// The moment at the line of now.
    pub at_now: f64,
    middle: f32,
    /// Points a semitone.
    pub row: f32,
}

impl Field {
    /// The point of a moment.
    #[must_use]
    pub(super) fn x(&self, moment: f64) -> f32 {
        self.now + (moment - self.at_now) as f32 * self.points
    }

    /// The moment at a point.
    #[must_use]
    pub(super) fn moment(&self, x: f32) -> f64 {
        self.at_now + f64::from((x - self.now) / self.points)
    }

    /// The height of a key of the piano.
    #[must_use]
    pub(super) fn y(&self, keys: f32) -> f32 {
        self.rect.center().y - (keys - self.middle) * self.row
    }

    /// The key of the piano at a height.
    #[must_use]
    pub(super) fn keys(&self, y: f32) -> f32 {
        self.middle + (self.rect.center().y - y) / self.row
    }

    /// The row of a key, from edge to edge.
    #[must_use]
    pub(super) fn row(&self, key: u8) -> Rect {
        let middle = self.y(f32::from(key));
        Rect::from_min_max(
            pos2(self.rect.left(), middle - self.row / 2.0),
            pos2(self.rect.right(), middle + self.row / 2.0),
        )
    }

    /// The keys of which something is in sight, lowest first.
    #[must_use]
    pub(super) fn rows(&self) -> std::ops::RangeInclusive<u8> {
        let low = (self.keys(self.rect.bottom()) + 0.5).floor().clamp(0.0, 127.0);
        let high = (self.keys(self.rect.top()) + 0.5).floor().clamp(0.0, 127.0);
        low as u8..=high as u8
    }
}

#[cfg(test)]
mod tests;
