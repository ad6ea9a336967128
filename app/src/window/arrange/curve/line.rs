//! The line of a pitch curve: each moment where there is room, a band for each column of the screen where there is not.
//!
//! Start at [`draw`].

use dawg_dsp::pitch::Estimate;
use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::units::Hertz;
use dawg_media::pitch::Span;
use egui::{Color32, Shape, pos2};

use super::ribbon::{Edges, Piece, Ribbon};
use super::{Scale, ink};
use crate::look::Tokens;
use crate::pitches::curve::{BREAK, is_in_tune, keys};
use crate::pitches::{Centre, Curve, Sung, notes_between, tuning_of};

use super::super::canvas::Sheet;

/// Half the line's weight in points where nothing is known of the pitch, and where it is certain; its strength likewise.
const WEIGHT: [f32; 2] = [0.4, 1.3];
const STRENGTH: [f32; 2] = [0.4, 1.0];

/// From so many estimates a column on, the curve is seen from afar.
const AFAR: f64 = 8.0;

/// How many moments of a column are asked whether they are in tune.
const ASKED: usize = 4;

/// Draws what of a curve is in sight.
pub(super) fn draw(sheet: &Sheet<'_>, scale: &Scale, sung: &Sung, strength: f32, out: &mut Vec<Shape>) {
    let curve = &*sung.curve;
    let second = |x: f32| curve.seconds(scale.frame(x));
    let notes = notes_between(&sung.notes, second(scale.place.left()), second(scale.place.right()));
    let centre = Centre::of(curve, notes, tuning_of(sheet.session));
    let brush = Brush { tokens: sheet.tokens, strength, shift: scale.shift };
    let column = scale.frames / f64::from(sheet.pixels);
    let a_column = curve.number(column);
    let shape = if a_column < AFAR {
        near(sheet, scale, curve, (brush, centre), a_column)
    } else {
        afar(sheet, scale, curve, (brush, centre), column)
    };
    out.push(shape);
}

#[derive(Clone, Copy)]
struct Brush {
    tokens: Tokens,
    strength: f32,
    shift: f32,
}

impl Brush {
    /// Half the weight and the colour for what is known so surely.
    fn of(self, in_tune: bool, confidence: f32) -> (f32, Color32) {
        let sure = confidence.clamp(0.0, 1.0).powi(2);
        let between = |[low, high]: [f32; 2]| low + (high - low) * sure;
        (between(WEIGHT), ink(&self.tokens, in_tune).gamma_multiply(between(STRENGTH) * self.strength))
    }
}

/// Moments, or a few of them to a column, which stand on a grid of the file's own.
fn near(
    sheet: &Sheet<'_>,
    scale: &Scale,
    curve: &Curve,
    (brush, mut centre): (Brush, Centre<'_>),
    a_column: f64,
) -> Shape {
    let pool = (a_column.floor() as usize).max(1);
    let edges = if pool == 1 { Edges::Line } else { Edges::Columns };
    let mut ribbon = Ribbon::new(edges, sheet.pixels);
    let place = scale.place;
    let number = |x: f32| curve.number(scale.frame(x));
    let last = (number(place.right()).ceil().max(0.0) as usize).min(curve.estimates().len());
    let first = (number(place.left()).floor().max(0.0) as usize / pool * pool).min(last);
    let mut before = f32::NAN;
    for (n, estimates) in curve.estimates()[first..last].chunks(pool).enumerate() {
        let at = first + n * pool;
        let Some(pooled) = Pooled::of(estimates, at, &mut centre) else {
            ribbon.end();
            continue;
        };
        // Written so that the first (NaN) begins a line.
        if (pooled.keys() - before).abs() > BREAK.max((pooled.high - pooled.low) * 2.0) {
            ribbon.end();
        }
        before = pooled.keys();
        let middle = at as f64 + (estimates.len() - 1) as f64 / 2.0;
        let x = scale.x(curve.frame(middle)).clamp(place.left(), place.right());
        let (weight, colour) = brush.of(is_in_tune(pooled.middle), pooled.confidence);
        let (top, bottom) = (scale.y(pooled.high + brush.shift), scale.y(pooled.low + brush.shift));
        let half = (bottom - top) / 2.0 + weight;
        ribbon.add(Piece { at: pos2(x, top.midpoint(bottom)), half, colour });
    }
    ribbon.shape()
}

/// A few moments in one.
struct Pooled {
    low: f32,
    high: f32,
    middle: f32,
    confidence: f32,
}

impl Pooled {
    /// Of those in which somebody sings; keys at A4 = 440 Hz.
    fn of(estimates: &[Estimate], first: usize, centre: &mut Centre<'_>) -> Option<Self> {
        let sung = estimates.iter().enumerate().map(|(n, estimate)| (estimate, n, keys(estimate)));
        let sung = sung.filter(|(.., keys)| !keys.is_nan());
        let mut count = 0.0;
        let mut all = Self { low: f32::INFINITY, high: f32::NEG_INFINITY, middle: 0.0, confidence: 0.0 };
        for (estimate, n, keys) in sung {
            (all.low, all.high) = (all.low.min(keys), all.high.max(keys));
            all.confidence += estimate.confidence;
            // The first stands for all: a mean of two notes would be neither.
            if count == 0.0 {
                all.middle = centre.at(first + n);
            }
            count += 1.0;
        }
        all.confidence /= count;
        (count > 0.0).then_some(all)
    }

    fn keys(&self) -> f32 {
        self.low.midpoint(self.high)
    }
}

/// A band for each column: from the lowest to the highest that is sung in it.
fn afar(
    sheet: &Sheet<'_>,
    scale: &Scale,
    curve: &Curve,
    (brush, mut centre): (Brush, Centre<'_>),
    column: f64,
) -> Shape {
    let place = scale.place;
    let mut ribbon = Ribbon::new(Edges::Hard, sheet.pixels);
    let first = (scale.frame(place.left()) / column).floor().max(0.0);
    let last = (scale.frame(place.right()) / column)
        .ceil()
        .min(curve.frame(curve.estimates().len() as f64) / column);
    if last <= first {
        return ribbon.shape();
    }
    let mut columns = vec![Span::default(); (last - first).ceil() as usize];
    let end = first + columns.len() as f64;
    curve.overview().columns((first * column) as u64, (end * column) as u64, &mut columns);
    for (n, span) in columns.iter().enumerate() {
        let from = first + n as f64;
        if span.voiced <= 0.0 {
            ribbon.end();
            continue;
        }
        let keys = |hertz: f32| Tuning::default().keys(Hertz(hertz)).unwrap_or(0.0) + brush.shift;
        let (top, bottom) = (scale.y(keys(span.highest)), scale.y(keys(span.lowest)));
        let in_tune = in_tune(curve, (from * column, (from + 1.0) * column), &mut centre);
        let (weight, colour) = brush.of(in_tune, span.confidence);
        let at =
            pos2(scale.x((from + 0.5) * column).clamp(place.left(), place.right()), top.midpoint(bottom));
        let half = (bottom - top) / 2.0 + weight;
        // A leap is no glide.
        if ribbon.last().is_some_and(|last| (last.at.y - at.y).abs() > last.half + half + 2.0 * scale.row) {
            ribbon.end();
        }
        ribbon.add(Piece { at, half, colour });
    }
    ribbon.shape()
}

/// Whether most of some moments between two frames are in tune.
fn in_tune(curve: &Curve, (from, to): (f64, f64), centre: &mut Centre<'_>) -> bool {
    let place = |frame: f64| (curve.number(frame).max(0.0) as usize).min(curve.estimates().len());
    let (from, to) = (place(from), place(to));
    let sung = (from..to).step_by(((to - from) / ASKED).max(1)).map(|number| centre.at(number));
    let (mut all, mut good) = (0, 0);
    for keys in sung.filter(|keys| !keys.is_nan()) {
        all += 1;
        good += i32::from(is_in_tune(keys));
    }
    all == 0 || 2 * good >= all
}
