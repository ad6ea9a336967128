//! What is told of a note: its centre, how it drifts, its vibrato.
//!
//! Start at [`measure`].

use std::f64::consts::TAU;

use super::steps::{Span, smoothed};
use super::{SungNote, Vibrato, median};
use crate::pitch::ESTIMATES_A_SECOND;
use crate::pitch::tuning::Tuning;
use crate::units::{Cents, Hertz};

const RATE: f64 = ESTIMATES_A_SECOND as f64;
/// Vibrato: waves a second, and cents from the lowest to the highest, with room for what measuring leaves.
const RATES: std::ops::RangeInclusive<f64> = 3.9..=8.15;
const EXTENTS: std::ops::RangeInclusive<f64> = 28.0..=260.0;
/// How often it must cross its middle. A wave that crosses it three times is no vibrato yet, but it is averaged out.
const CROSSINGS: usize = 5;
const CROSSINGS_AVERAGED: usize = 3;
/// How much of a stretch's movement its wave must be.
const REGULAR: f64 = 0.55;
/// Estimates over which one wave is fitted: 0.7 s, for nobody keeps a rate for longer.
const STRETCH: usize = 140;
/// The fewest estimates that hold five crossings of the fastest vibrato.
const FEWEST: usize = 56;
/// Estimates of the shortest note whose drift can be told.
const DRIFTS: usize = 20;
/// Cents from its neighbours' median at which an estimate is a glitch.
const GLITCH: f32 = 80.0;
/// The most moments that a line is laid through.
const MOMENTS: usize = 48;
/// Cents beside the line: further out at a note's end is still the way in, or already the way out.
const BESIDE: f32 = 25.0;

/// Measures a note in a curve (cents, an estimate each) whose first estimate has the number `first`.
pub(super) fn measure(curve: &[f32], first: u64, span: &Span, tuning: Tuning) -> Option<SungNote> {
    let sung = without_glitches(curve.get(span.whole.clone())?);
    let still = span.still.start - span.whole.start..span.still.end - span.whole.start;
    let still = sung.get(still)?;
    let wave = wave(still);
    let period = wave.map_or(1.0, |(wave, _)| RATE / f64::from(wave.rate.0));
    let steady = averaged(still, period);
    let line = Line::through(&steady);
    let beside = |(at, cents): &(usize, f32)| (*cents - line.at(*at)).abs() > BESIDE;
    let most = steady.len() / 3;
    let way_in = steady.iter().copied().enumerate().take(most).take_while(beside).count();
    let way_out = steady.iter().copied().enumerate().rev().take(most).take_while(beside).count();
    let held = &steady[way_in..steady.len() - way_out];
    let centre = median(&mut held.to_vec());
    // Within half a period of the ends the average stands still.
    let flat = ((period / 2.0) as usize).min(held.len() / 3);
    let slope = Line::through(&held[flat..held.len() - flat]).slope;
    let drift = if still.len() < DRIFTS { 0.0 } else { slope * (held.len() - 1) as f32 };
    let vibrato = wave.filter(|(_, crossings)| *crossings >= CROSSINGS).map(|(wave, _)| wave);
    let pitch = tuning.pitch(centre / 100.0);
    let (note, cents) = tuning.nearest(pitch)?;
    let seconds = |at: usize| (first + at as u64) as f64 / RATE;
    let (start, end) = (seconds(span.whole.start), seconds(span.whole.end));
    Some(SungNote { start, end, note, pitch, cents, drift: Cents(drift), vibrato })
}

/// The curve, but for what its neighbours outvote: octave glitches. (The votes themselves would flatten a vibrato.)
fn without_glitches(curve: &[f32]) -> Vec<f32> {
    let voted = smoothed(curve).into_iter();
    voted
        .zip(curve)
        .map(|(voted, cents)| if (cents - voted).abs() > GLITCH { voted } else { *cents })
        .collect()
}

/// The mean over one period (in estimates) about each moment: what waves with it is gone. As long as the curve; at the ends
/// the periods next to them count.
pub(super) fn averaged(curve: &[f32], period: f64) -> Vec<f32> {
    let reach = (period - 1.0) / 2.0;
    let whole = reach.floor() as usize;
    if reach <= 0.0 || curve.len() < 2 * (whole + 1) + 1 {
        return curve.to_vec();
    }
    let part = reach - whole as f64;
    let mean = |at: usize| {
        let at = at.clamp(whole + 1, curve.len() - whole - 2);
        let inner: f64 = curve[at - whole..=at + whole].iter().map(|cents| f64::from(*cents)).sum();
        let outer = f64::from(curve[at - whole - 1]) + f64::from(curve[at + whole + 1]);
        ((inner + part * outer) / period) as f32
    };
    (0..curve.len()).map(mean).collect()
}

/// A straight line through a curve.
struct Line {
    slope: f32,
    /// Its height at 0.
    level: f32,
}

impl Line {
    /// By the median of all slopes between two moments (Theil, 1950; Sen, 1968): a quarter of the curve may be anywhere.
    fn through(curve: &[f32]) -> Self {
        let step = curve.len().div_ceil(MOMENTS).max(1);
        let moments: Vec<(f32, f32)> =
            curve.iter().enumerate().step_by(step).map(|(at, cents)| (at as f32, *cents)).collect();
        let mut slopes = Vec::with_capacity(moments.len() * moments.len() / 2);
        for (n, a) in moments.iter().enumerate() {
            slopes.extend(moments[n + 1..].iter().map(|b| (b.1 - a.1) / (b.0 - a.0)));
        }
        let slope = median(&mut slopes);
        let mut levels: Vec<f32> = moments.iter().map(|(at, cents)| cents - slope * at).collect();
        Self { slope, level: median(&mut levels) }
    }

    fn at(&self, moment: usize) -> f32 {
        self.level + self.slope * moment as f32
    }
}

/// A wave fitted to a stretch.
#[derive(Debug, Clone, Copy)]
struct Wave {
    rate: f64,
    /// Half of its extent, in cents.
    height: f64,
    /// How much of the stretch's movement it is, 0 to 1.
    share: f64,
}

/// The longest regular wave of what is held, and how often it crosses its middle.
fn wave(still: &[f32]) -> Option<(Vibrato, usize)> {
    if still.len() < FEWEST {
        return None;
    }
    let stretch = still.len().min(STRETCH);
    let last = still.len() - stretch;
    let starts = (0..last).step_by(STRETCH / 2).chain([last]);
    let mut run: Vec<(usize, Wave)> = Vec::new();
    let mut best: Option<(Vibrato, usize)> = None;
    for start in starts.map(Some).chain([None]) {
        let wave = start.and_then(|start| Some((start, regular(&still[start..start + stretch])?)));
        run.extend(wave);
        if wave.is_some() || run.is_empty() {
            continue;
        }
        let part = &still[run[0].0..run[run.len() - 1].0 + stretch];
        let mut rates: Vec<f32> = run.iter().map(|(_, wave)| wave.rate as f32).collect();
        let mut heights: Vec<f32> = run.iter().map(|(_, wave)| wave.height as f32).collect();
        let (rate, height) = (median(&mut rates), median(&mut heights));
        let crossings = crossings(part, height);
        if crossings >= CROSSINGS_AVERAGED && best.is_none_or(|(_, most)| crossings > most) {
            best = Some((Vibrato { rate: Hertz(rate), extent: Cents(2.0 * height) }, crossings));
        }
        run.clear();
    }
    best
}

/// The wave of a stretch, where it is one of vibrato.
fn regular(stretch: &[f32]) -> Option<Wave> {
    let mut best = Wave { rate: 0.0, height: 0.0, share: 0.0 };
    let mut try_rate = |rate: f64| {
        let wave = fit(stretch, rate);
        if wave.share > best.share {
            best = wave;
        }
        best.rate
    };
    let mut near = 0.0;
    for quarter in 13..=36 {
        near = try_rate(f64::from(quarter) / 4.0);
    }
    let mut step = 0.125;
    while step > 0.01 && near > 0.0 {
        try_rate(near - step);
        near = try_rate(near + step);
        step /= 2.0;
    }
    let is_one =
        RATES.contains(&best.rate) && EXTENTS.contains(&(2.0 * best.height)) && best.share >= REGULAR;
    is_one.then_some(best)
}

/// Fits a line and a sine of this rate by least squares. About the stretch's middle the sine's even part only meets the
/// mean, its odd part only the slope, so that two pairs of equations are all.
fn fit(stretch: &[f32], rate: f64) -> Wave {
    let n = stretch.len() as f64;
    let middle = (n - 1.0) / 2.0;
    let mean = stretch.iter().map(|cents| f64::from(*cents)).sum::<f64>() / n;
    let turn = TAU * rate / RATE;
    let (step_sin, step_cos) = turn.sin_cos();
    let (mut sin, mut cos) = (-turn * middle).sin_cos();
    let (mut c, mut cc, mut cy) = (0.0, 0.0, 0.0);
    let (mut tt, mut ts, mut ss, mut ty, mut sy, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (k, cents) in stretch.iter().enumerate() {
        let (t, y) = (k as f64 - middle, f64::from(*cents) - mean);
        c += cos;
        cc += cos * cos;
        cy += cos * y;
        tt += t * t;
        ts += t * sin;
        ss += sin * sin;
        ty += t * y;
        sy += sin * y;
        yy += y * y;
        (sin, cos) = (sin * step_cos + cos * step_sin, cos * step_cos - sin * step_sin);
    }
    // What is left to explain once mean and slope are taken out.
    let (even, odd, left) = (cc - c * c / n, ss - ts * ts / tt.max(1e-9), yy - ty * ty / tt.max(1e-9));
    let a = cy / even.max(1e-9);
    let b = (sy - ts * ty / tt.max(1e-9)) / odd.max(1e-9);
    let share = (a * a * even + b * b * odd) / left.max(1e-9);
    Wave { rate, height: a.hypot(b), share }
}

/// How often a wave of this height crosses the line that it waves about.
fn crossings(part: &[f32], height: f32) -> usize {
    let line = Line::through(part);
    let (mut side, mut count) = (0, 0);
    for (at, cents) in part.iter().enumerate() {
        let beside = cents - line.at(at);
        let now = if beside.abs() < height * 0.25 { side } else { beside.signum() as i32 };
        count += usize::from(side != 0 && now != side);
        side = now;
    }
    count
}
