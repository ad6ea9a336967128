//! Where a curve stands still, and where it goes on to the next note.
//!
//! Start at [`split`].

use std::ops::Range;

use super::{median, waves};

/// Estimates at each side of a moment that tell how fast the pitch moves there.
const NEAR: usize = 4;
/// The same, for slow slides between notes.
const FAR: usize = 15;
/// Cents per estimate: slower than this (700 a second) it stands still.
const STILL: f32 = 3.5;
/// The same for slow slides: 200 a second.
const STILL_FAR: f32 = 1.0;
/// The fewest estimates that are a stand: 25 ms, and 100 ms in a slow slide.
const STAND: usize = 5;
const STAND_FAR: usize = 20;
/// Cents between two stands that are one note.
const SAME: f32 = 60.0;
/// Estimates between two notes that belong half to each; a longer way is a glide and belongs to none.
const WAY: usize = 40;
/// The same, before the first and behind the last note.
const SCOOP: usize = 60;
/// Estimates of a glide that its notes keep.
const KEPT: usize = 10;
/// The fewest estimates of a note: 60 ms.
const SHORTEST: usize = 12;
/// The fewest estimates that must stand still beside a glide, 80 ms: less is a bend in it.
const LANDED: usize = 16;
/// A note stands still for one part in this many of its time; what stands less is a bend in a glide.
const HELD: usize = 4;
/// Octave glitches up to this many estimates at each side of a moment are outvoted.
const OUTVOTED: usize = 3;

/// A note: where it is, and which part of it is neither way in nor way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) whole: Range<usize>,
    pub(super) still: Range<usize>,
}

/// A stretch in which the pitch stands still, and how high.
#[derive(Debug, Clone)]
struct Stand {
    range: Range<usize>,
    level: f32,
}

impl Stand {
    fn of(curve: &[f32], range: Range<usize>) -> Self {
        let level = median(&mut curve[range.clone()].to_vec());
        Self { range, level }
    }
}

/// The notes in a curve (cents, an estimate each) that is sung without a break.
pub(super) fn split(curve: &[f32]) -> Vec<Span> {
    let mut line = smoothed(curve);
    waves::flatten(&mut line);
    let mut stands = joined(&line, slow_slides(&line, stands(&line, 0..line.len(), NEAR, STILL, STAND)));
    drop_bends(&mut stands, line.len());
    let mut spans: Vec<Span> = Vec::with_capacity(stands.len());
    for (n, stand) in stands.iter().enumerate() {
        let start = match n.checked_sub(1).map(|before| (&stands[before], spans[before].whole.end)) {
            None if stand.range.start <= SCOOP => 0,
            Some((before, end)) if stand.range.start - before.range.end <= WAY => end,
            _ => stand.range.start - KEPT.min(stand.range.start),
        };
        let end = match stands.get(n + 1) {
            None if line.len() - stand.range.end <= SCOOP => line.len(),
            Some(next) if next.range.start - stand.range.end <= WAY => halfway(&line, stand, next),
            _ => (stand.range.end + KEPT).min(line.len()),
        };
        spans.push(Span { whole: start..end, still: stand.range.clone() });
    }
    spans.retain(|span| span.whole.len() >= SHORTEST && span.still.len() * HELD >= span.whole.len());
    spans
}

/// Each moment's median with its neighbours: an octave glitch of a few estimates is gone, an edge stays.
pub(super) fn smoothed(curve: &[f32]) -> Vec<f32> {
    let mut near = [0.0; 2 * OUTVOTED + 1];
    let voted = |at: usize| {
        // As many at either side, so that a curve that rises keeps its ends.
        let reach = OUTVOTED.min(at).min(curve.len() - 1 - at);
        let near = &mut near[..2 * reach + 1];
        near.copy_from_slice(&curve[at - reach..=at + reach]);
        median(near)
    };
    (0..curve.len()).map(voted).collect()
}

/// Where the line moves slower than `still`, measured over `reach` estimates at each side.
fn stands(line: &[f32], within: Range<usize>, reach: usize, still: f32, fewest: usize) -> Vec<Stand> {
    let mut found = Vec::new();
    let mut from = within.start;
    for at in within.clone() {
        if slope(&line[within.clone()], at - within.start, reach).abs() >= still {
            if at - from >= fewest {
                found.push(Stand::of(line, from..at));
            }
            from = at + 1;
        }
    }
    if within.end.saturating_sub(from) >= fewest {
        found.push(Stand::of(line, from..within.end));
    }
    found
}

/// Cents per estimate about a moment, by least squares.
fn slope(line: &[f32], at: usize, reach: usize) -> f32 {
    let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(line.len()));
    let middle = (to - from - 1) as f32 / 2.0;
    let (mut along, mut whole) = (0.0, 0.0);
    for (k, cents) in line[from..to].iter().enumerate() {
        let x = k as f32 - middle;
        along += x * (cents - line[at]);
        whole += x * x;
    }
    if whole > 0.0 { along / whole } else { 0.0 }
}

/// A stand that is a slow slide to or from notes that are held becomes these notes; a slow slide alone stays one.
fn slow_slides(line: &[f32], stands: Vec<Stand>) -> Vec<Stand> {
    let mut found = Vec::with_capacity(stands.len());
    for stand in stands {
        let held = self::stands(line, stand.range.clone(), FAR, STILL_FAR, STAND_FAR);
        let beside = |cents: &f32| held.iter().all(|held| (held.level - cents).abs() >= SAME);
        let slides = !held.is_empty() && line[stand.range.clone()].iter().any(beside);
        if slides { found.extend(held) } else { found.push(stand) }
    }
    found
}

/// Neighbours of one height become one.
fn joined(line: &[f32], stands: Vec<Stand>) -> Vec<Stand> {
    let mut found: Vec<Stand> = Vec::with_capacity(stands.len());
    for stand in stands {
        match found.last_mut() {
            Some(last)
                if (last.level - stand.level).abs() < SAME && stand.range.start - last.range.end <= WAY =>
            {
                *last = Stand::of(line, last.range.start..stand.range.end);
            }
            _ => found.push(stand),
        }
    }
    found
}

/// Drops what stands only for a moment beside a glide.
fn drop_bends(stands: &mut Vec<Stand>, length: usize) {
    let mut n = 0;
    while n < stands.len() {
        let start = n.checked_sub(1).map_or(0, |before| stands[before].range.end);
        let end = stands.get(n + 1).map_or(length, |next| next.range.start);
        let Range { start: from, end: to } = stands[n].range;
        if to - from < LANDED && (from - start > WAY || end - to > WAY) {
            stands.remove(n);
            // The way that the one before it leaves is longer now.
            n = n.saturating_sub(1);
        } else {
            n += 1;
        }
    }
}

/// Where the line passes halfway from one note to the next.
fn halfway(line: &[f32], from: &Stand, to: &Stand) -> usize {
    let (middle, rises) = ((from.level + to.level) / 2.0, to.level > from.level);
    let way = &line[from.range.end..to.range.start];
    let passed = way.iter().position(|cents| (*cents > middle) == rises);
    from.range.end + passed.unwrap_or(way.len() / 2)
}
