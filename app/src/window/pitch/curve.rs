//! The curve of what is sung: a ribbon whose weight is how sure the pitch is, and whose colour how it is in tune.
//!
//! Start at [`draw`]. One mesh for all of it. Where a pixel holds several moments they become one piece, as high as the
//! voice went in it, so that a minute costs no more than a second.

use dawg_dsp::pitch::notes::SungNote;
use egui::{Color32, Mesh, Painter, Pos2, Shape, Vec2, pos2, vec2};

use super::history::{History, Moment, RATE};
use super::reach::Field;
use super::voice::Tune;
use crate::look::{Tokens, mix};

/// Semitones between two moments that no voice covers: the line is broken there.
const BREAK: f32 = 1.0;
/// Semitones by which the middle of a wave may seem to lie beside that of its note.
const WAVE: f32 = 0.3;
/// Half the line's weight in points where nothing is known of the pitch, and where it is certain.
const WEIGHT: [f32; 2] = [0.4, 1.5];
/// Strength of its colour likewise.
const STRENGTH: [f32; 2] = [0.45, 1.0];

/// A piece of the curve: one moment, or those of one pixel.
#[derive(Debug, Clone, Copy)]
struct Piece {
    at: Pos2,
    // Half its height in points, and half of the weight in it.
    half: f32,
    colour: Color32,
}

/// The colour of a pitch that lies so far beside its note.
#[must_use]
pub(super) fn colour(tune: Tune, tokens: &Tokens) -> Color32 {
    if tune == Tune::In { tokens.in_tune } else { tokens.off_pitch }
}

/// Draws what of it is in sight. Returns how many pieces it has.
pub(super) fn draw(painter: &Painter, field: &Field, history: &History, tokens: &Tokens) -> usize {
    let mut ribbon = Ribbon {
        mesh: Mesh::default(),
        run: Vec::with_capacity(256),
        feather: 1.0 / painter.pixels_per_point(),
        pieces: 0,
    };
    let pixel = 0.8 / painter.pixels_per_point();
    let bucket = ((pixel / field.points).floor() as u64).max(1);
    let from = field.moment(field.roll.left()).max(0.0) as u64 / bucket * bucket;
    let to = field.moment(field.now).ceil().max(0.0) as u64;
    let mut waves = Waves::of(history);
    let mut pool = Pool::default();
    let mut last: Option<f32> = None;
    for (number, moment) in history.range(from, to) {
        let leaps = last.is_some_and(|last| (moment.keys - last).abs() > BREAK);
        if number % bucket == 0 || !moment.sung() || leaps {
            ribbon.add(pool.piece(field, tokens));
        }
        if !moment.sung() || leaps {
            ribbon.end();
        }
        last = moment.sung().then_some(moment.keys);
        if moment.sung() {
            pool.take(number, moment, waves.cents(number, moment));
        }
    }
    ribbon.add(pool.piece(field, tokens));
    ribbon.end();
    let pieces = ribbon.pieces;
    painter.add(Shape::mesh(ribbon.mesh));
    pieces
}

/// The notes with vibrato, to ask moment after moment.
struct Waves<'a> {
    notes: std::iter::Peekable<Box<dyn Iterator<Item = &'a SungNote> + 'a>>,
}

impl<'a> Waves<'a> {
    fn of(history: &'a History) -> Self {
        let notes: Box<dyn Iterator<Item = &SungNote>> =
            Box::new(history.notes().filter(|note| note.vibrato.is_some()));
        Self { notes: notes.peekable() }
    }

    /// How far beside its key a moment lies: within a vibrato, the whole of which is judged as one.
    fn cents(&mut self, number: u64, moment: &Moment) -> f32 {
        let seconds = number as f64 / RATE;
        while self.notes.next_if(|note| note.end <= seconds).is_some() {}
        let middle = |note: &&SungNote| f32::from(note.note.0) + note.cents.0 / 100.0;
        let wave = self.notes.peek().filter(|note| {
            // The way up to it is not part of it.
            note.start <= seconds && (moment.centre - middle(note)).abs() < WAVE
        });
        wave.map_or((moment.centre - moment.centre.round()) * 100.0, |note| note.cents.0)
    }
}

/// The moments of one piece.
#[derive(Debug, Default)]
struct Pool {
    count: f32,
    number: f64,
    keys: f32,
    low: f32,
    high: f32,
    cents: f32,
    confidence: f32,
}

impl Pool {
    fn take(&mut self, number: u64, moment: &Moment, cents: f32) {
        if self.count == 0.0 {
            (self.low, self.high) = (moment.keys, moment.keys);
        }
        self.count += 1.0;
        self.number += number as f64;
        self.keys += moment.keys;
        (self.low, self.high) = (self.low.min(moment.keys), self.high.max(moment.keys));
        self.cents += cents;
        self.confidence += moment.confidence;
    }

    fn piece(&mut self, field: &Field, tokens: &Tokens) -> Option<Piece> {
        let of = std::mem::take(self);
        if of.count == 0.0 {
            return None;
        }
        let confidence = of.confidence / of.count;
        let sure = confidence * confidence;
        let weight = WEIGHT[0] + (WEIGHT[1] - WEIGHT[0]) * sure;
        let strength = STRENGTH[0] + (STRENGTH[1] - STRENGTH[0]) * sure;
        let tall = (of.high - of.low) * field.row / 2.0;
        // One moment is a point of a line; several are as high as the voice went.
        let half = if of.count > 1.0 { weight.max(tall + weight * 0.6) } else { weight };
        Some(Piece {
            at: pos2(field.x(of.number / f64::from(of.count)), field.y(of.keys / of.count)),
            half,
            colour: mix(tokens.room, colour(Tune::of(of.cents / of.count), tokens), strength),
        })
    }
}

/// The mesh that grows.
struct Ribbon {
    mesh: Mesh,
    run: Vec<Piece>,
    feather: f32,
    pieces: usize,
}

impl Ribbon {
    fn add(&mut self, piece: Option<Piece>) {
        self.run.extend(piece);
    }

    /// Ends a line: its pieces become triangles, soft at the edges.
    fn end(&mut self) {
        self.pieces += self.run.len();
        if let [one] = self.run[..] {
            // A sound of one moment is a dot.
            let stub = Piece { at: one.at + vec2(self.feather, 0.0), ..one };
            self.run.push(stub);
        }
        for n in 0..self.run.len() {
            let piece = self.run[n];
            let before = self.run[n.saturating_sub(1)].at;
            let after = self.run[(n + 1).min(self.run.len() - 1)].at;
            let along = (after - before).normalized();
            let across = if along == Vec2::ZERO { Vec2::DOWN } else { along.rot90() };
            self.cut(piece, across, n > 0);
        }
        self.run.clear();
    }

    /// Four points across the line, joined to those before.
    fn cut(&mut self, piece: Piece, across: Vec2, joined: bool) {
        let first = self.mesh.vertices.len() as u32;
        let (inner, outer) = ((piece.half - self.feather / 2.0).max(0.0), piece.half + self.feather / 2.0);
        for (side, colour) in [
            (-outer, Color32::TRANSPARENT),
            (-inner, piece.colour),
            (inner, piece.colour),
            (outer, Color32::TRANSPARENT),
        ] {
            self.mesh.colored_vertex(piece.at + across * side, colour);
        }
        if !joined {
            return;
        }
        let before = first - 4;
        for side in 0..3 {
            let (a, b) = (before + side, before + side + 1);
            let (c, d) = (first + side, first + side + 1);
            self.mesh.add_triangle(a, b, c);
            self.mesh.add_triangle(b, d, c);
        }
    }
}
