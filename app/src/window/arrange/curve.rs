//! The pitch of what was sung, over the waveform of its clip: a line, green where it is in tune, over the notes found.
//!
//! Start at [`over_wave`]. All takes of a track are drawn on the same scale, so that the eye compares them.

pub mod hover;
mod line;
mod notes;
mod ribbon;

use std::sync::Arc;

use dawg_dsp::pitch::tuning::Note;
use dawg_session::{Clip, Track};
use egui::{Color32, Galley, Rangef, Rect, Shape, Stroke, pos2, vec2};

use super::canvas::Sheet;
use super::index::Span;
use super::{Scene, wave};
use crate::look::{Tokens, regular};
use crate::pitches::curve::shift;
use crate::pitches::{Summary, Sung, notes_between, tuning_of};
use crate::waves::Unseen;
use crate::window::pitch;

/// Strength of the curve of what is not heard.
pub const UNHEARD: f32 = 0.5;

/// Strength of the waveform below a curve.
const WAVE: f32 = 0.38;

/// Semitones that are shown at least, and around what is sung.
const LEAST: f32 = 9.0;
const AROUND: f32 = 1.0;

/// A body must be so high for the names of the piano's keys, and so wide.
const NAMED: [f32; 2] = [52.0, 96.0];

/// Whether pitch is shown on a track: it has an input, or takes that were recorded, or is the selected one.
#[must_use]
pub fn carries_voice(track: &Track, selected: bool) -> bool {
    selected || !track.input.channels().is_empty() || track.lanes.iter().any(|lane| lane.take.is_some())
}

/// Draws the wave of a clip, and over it the pitch where that is shown and known. `strength` is the curve's, 0 to 1. Says
/// why there is no wave, where there is none.
pub fn over_wave(
    sheet: &Sheet<'_>,
    track: &Track,
    span: &Span,
    body: Rect,
    (colour, strength): (Color32, f32),
    out: &mut Vec<Shape>,
) -> Option<Unseen> {
    let voice = sheet.curves && carries_voice(track, sheet.selection.track == Some(track.id));
    let media = sheet.session.media.get(&span.clip.media).filter(|_| voice);
    let sung = media.and_then(|media| sheet.studio.pitches().of(media, sheet.session.a4_millihertz));
    let scale = sung.as_ref().and_then(|_| Scale::of(sheet, track, span, body));
    let (Some(sung), Some(scale)) = (sung, scale) else {
        return wave::draw(sheet, track, span, body, colour, out);
    };
    let unseen = wave::draw(sheet, track, span, body, colour.gamma_multiply(WAVE), out);
    if unseen.is_some() || scale.place.width() < 1.0 || body.height() < 10.0 {
        return unseen;
    }
    let keys = keys(sheet, &scale, out);
    notes::bars(sheet, &scale, &sung, strength, out);
    line::draw(sheet, &scale, &sung, strength, out);
    let names = notes::names(sheet, &scale, &sung, strength, out);
    // Once for a clip, however many pieces of it are drawn.
    let first = scale.place.left() <= sheet.x(span.from).max(sheet.rect.left()) + 1.0;
    for (place, galley) in
        keys.into_iter().filter(|(place, _)| first && !names.iter().any(|name| name.intersects(*place)))
    {
        out.push(Shape::rect_filled(place, 2.0, sheet.tokens.room.gamma_multiply(0.45)));
        out.push(Shape::galley(place.min + vec2(2.0, 0.0), galley, sheet.tokens.secondary));
    }
    None
}

/// Where keys and moments of a clip are on the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// The part of the body that is in sight.
    place: Rect,
    /// The key at the lower edge, in the song's tuning.
    low: f32,
    /// Points a semitone.
    row: f32,
    /// What keys at A4 = 440 Hz are raised by.
    shift: f32,
    /// The point at which frame 0 of the file would be, and frames a point.
    origin: f64,
    frames: f64,
}

impl Scale {
    /// Of a clip; none while nothing of its track is known to be sung.
    pub(super) fn of(sheet: &Sheet<'_>, track: &Track, span: &Span, body: Rect) -> Option<Self> {
        let revision = sheet.studio.work()?.revision();
        let (low, high) = sheet.studio.pitches().reach(track, revision)?;
        let shift = shift(tuning_of(sheet.session));
        let (low, high) = (low + shift - AROUND, high + shift + AROUND);
        let more = (LEAST - (high - low)).max(0.0) / 2.0;
        let (low, high) = (low - more, high + more);
        let frames = sheet.timeline.frames_per_point;
        let start = f64::from(sheet.rect.left()) + (span.from as f64 - sheet.timeline.left) / frames;
        Some(Self {
            place: body.intersect(sheet.rect.with_min_y(f32::NEG_INFINITY).with_max_y(f32::INFINITY)),
            low,
            row: (body.height() - 2.0).max(1.0) / (high - low),
            shift,
            origin: start - span.clip.offset.0 as f64 / frames,
            frames,
        })
    }

    /// The height of a key in the song's tuning.
    fn y(&self, keys: f32) -> f32 {
        let y = self.place.bottom() - 1.0 - (keys - self.low) * self.row;
        y.clamp(self.place.top(), self.place.bottom())
    }

    /// The point of a frame of the file.
    fn x(&self, frame: f64) -> f32 {
        (self.origin + frame / self.frames) as f32
    }

    /// The frame of the file at a point.
    fn frame(&self, x: f32) -> f64 {
        (f64::from(x) - self.origin) * self.frames
    }

    /// The keys in sight.
    fn reach(&self) -> Rangef {
        Rangef::new(self.low, self.low + self.place.height() / self.row)
    }
}

/// Lines at a few keys of the piano: the song's tonic and its fifth, or C and G. Returns their names, and where these are
/// to stand.
fn keys(sheet: &Sheet<'_>, scale: &Scale, out: &mut Vec<Shape>) -> Vec<(Rect, Arc<Galley>)> {
    let mut names = Vec::new();
    let place = scale.place;
    if place.height() < NAMED[0] || place.width() < NAMED[1] {
        return names;
    }
    let (key, in_key) = (sheet.session.key, pitch::scale::Scale::of(sheet.session.key));
    let tonic = key.map_or(0, |key| key.tonic % 12);
    let reach = scale.reach();
    let ink = sheet.tokens.text;
    for number in (reach.min.ceil().max(0.0) as u8)..=(reach.max.floor().clamp(0.0, 127.0) as u8) {
        let above = (number + 12 - tonic) % 12;
        if above != 0 && above != 7 {
            continue;
        }
        let y = sheet.sharp(scale.y(f32::from(number)));
        out.push(Shape::hline(place.x_range(), y, Stroke::new(1.0 / sheet.pixels, ink.gamma_multiply(0.22))));
        let name = in_key.name(Note(number));
        let galley = sheet.text(&name, regular(Tokens::TYPE[0]), sheet.tokens.secondary, f32::INFINITY);
        let at = pos2(place.left() + Tokens::SPACE[0], y - galley.size().y);
        if at.y >= place.top() {
            names.push((Rect::from_min_size(at, galley.size()).expand2(vec2(2.0, 0.0)), galley));
        }
    }
    names
}

/// The notes of a clip in words, while curves are shown and its is known: "12 notes, 83 % in tune".
#[must_use]
pub fn summary(scene: &Scene<'_>, track: &Track, clip: &Clip) -> Option<String> {
    let selected = scene.view.selection.track == Some(track.id);
    if !scene.view.panels.curves || !carries_voice(track, selected) {
        return None;
    }
    let sung = scene.studio.pitches().known(clip.media)?;
    Some(Summary::of(part(&sung, clip)).to_string())
}

/// The notes that sound in a clip.
fn part<'a>(sung: &'a Sung, clip: &Clip) -> &'a [dawg_dsp::pitch::notes::SungNote] {
    let second = |frame: i64| sung.curve.seconds(frame as f64);
    notes_between(&sung.notes, second(clip.offset.0), second(clip.offset.0 + clip.length.0))
}

/// The colour of what is sung in tune, or beside it.
fn ink(tokens: &Tokens, in_tune: bool) -> Color32 {
    if in_tune { tokens.in_tune } else { tokens.off_pitch }
}
