//! The middle of what waves: vibrato and trills become the line that they wave about.
//!
//! Start at [`flatten`].

use std::ops::Range;

/// Cents that a curve must turn back for a turning point: less is no wave but noise.
const TURN: f32 = 20.0;
/// Estimates of half a wave: 40 ms (12.5 Hz) to 190 ms (2.6 Hz).
const HALF: std::ops::RangeInclusive<usize> = 8..=38;
/// Cents from one extreme to the next.
const SWING: std::ops::RangeInclusive<f32> = TURN..=350.0;
/// Half waves that make a wave regular.
const FEWEST: usize = 3;
/// How much of the way between two extremes lies in the middle half of the time: a third in a sine. Less is a step between
/// two notes that are held.
const SMOOTH: f32 = 0.21;

/// A turning point: where, and how high.
type Turn = (usize, f32);

/// Replaces the regular waves of `curve` (cents, an estimate each) by their middle.
pub(super) fn flatten(curve: &mut [f32]) {
    let turns = turns(curve);
    let mut from = 0;
    while from + FEWEST < turns.len() {
        let end = chain_end(&turns, from);
        let chain = &turns[from..=end];
        if end - from >= FEWEST && smoothness(curve, chain) >= SMOOTH {
            lay_middle(curve, chain);
        }
        from = end.max(from + 1);
    }
}

/// Where the curve turns, high and low in turn.
fn turns(curve: &[f32]) -> Vec<Turn> {
    let mut turns = Vec::new();
    let Some(first) = curve.first() else { return turns };
    let (mut low, mut high) = ((0, *first), (0, *first));
    // +1 while it rises, −1 while it falls, 0 before it is known.
    let mut way = 0;
    for (at, cents) in curve.iter().copied().enumerate() {
        if cents > high.1 {
            high = (at, cents);
        }
        if cents < low.1 {
            low = (at, cents);
        }
        if way >= 0 && high.1 - cents >= TURN {
            turns.extend((way > 0).then_some(high));
            (way, low) = (-1, (at, cents));
            high = low;
        } else if way <= 0 && cents - low.1 >= TURN {
            turns.extend((way < 0).then_some(low));
            (way, high) = (1, (at, cents));
            low = high;
        }
        // While it rises only the highest counts, and the other way round.
        match way {
            1 => low = high,
            -1 => high = low,
            _ => {}
        }
    }
    turns
}

/// The last turning point of the regular wave that begins at `from`; `from` itself if there is none.
fn chain_end(turns: &[Turn], from: usize) -> usize {
    let mut end = from;
    while end + 1 < turns.len() && is_half_wave(turns[end], turns[end + 1]) {
        if end > from && !go_together(turns[end - 1], turns[end], turns[end + 1]) {
            break;
        }
        end += 1;
    }
    end
}

fn is_half_wave(a: Turn, b: Turn) -> bool {
    HALF.contains(&(b.0 - a.0)) && SWING.contains(&(a.1 - b.1).abs())
}

/// Whether two half waves are alike enough to be of one wave about one pitch.
fn go_together(a: Turn, b: Turn, c: Turn) -> bool {
    let (first, second) = ((a.1 - b.1).abs(), (b.1 - c.1).abs());
    let (short, long) = ((b.0 - a.0).min(c.0 - b.0), (b.0 - a.0).max(c.0 - b.0));
    let swings_alike = first.max(second) <= 1.9 * first.min(second);
    swings_alike && long <= 2 * short && (a.1 - c.1).abs() / 2.0 <= (0.35 * first.max(second)).max(25.0)
}

/// How much of the time the wave is in the middle half of its way.
fn smoothness(curve: &[f32], chain: &[Turn]) -> f32 {
    let mut between = 0;
    for pair in chain.windows(2) {
        let (middle, quarter) = ((pair[0].1 + pair[1].1) / 2.0, (pair[0].1 - pair[1].1).abs() / 4.0);
        between += curve[pair[0].0..pair[1].0].iter().filter(|c| (**c - middle).abs() < quarter).count();
    }
    let whole = chain.last().map_or(0, |last| last.0) - chain.first().map_or(0, |first| first.0);
    between as f32 / whole.max(1) as f32
}

/// Writes the middle of a wave over it.
fn lay_middle(curve: &mut [f32], chain: &[Turn]) {
    let last = chain.len() - 1;
    let middle = |n: usize| match n {
        0 => (chain[0].1 + chain[1].1) / 2.0,
        n if n == last => (chain[n - 1].1 + chain[n].1) / 2.0,
        n => (chain[n - 1].1 + 2.0 * chain[n].1 + chain[n + 1].1) / 4.0,
    };
    let before = run_in(curve, chain[0], middle(0), chain[1].0 - chain[0].0, false);
    let behind = run_in(curve, chain[last], middle(last), chain[last].0 - chain[last - 1].0, true);
    curve[before].fill(middle(0));
    curve[behind].fill(middle(last));
    for n in 0..last {
        let (from, to) = (chain[n].0, chain[n + 1].0);
        let step = (middle(n + 1) - middle(n)) / (to - from) as f32;
        for (k, cents) in curve[from..to].iter_mut().enumerate() {
            *cents = middle(n) + step * k as f32;
        }
    }
}

/// What belongs to the wave beyond its outermost turning point: up to where the curve crosses the middle, or all of it
/// where it ends within a wave.
fn run_in(curve: &[f32], turn: Turn, middle: f32, half: usize, forwards: bool) -> Range<usize> {
    let is_high = turn.1 > middle;
    let inside = |cents: &f32| (*cents > middle) == is_high;
    let near = |cents: &f32| (*cents - middle).abs() <= 1.5 * (turn.1 - middle).abs();
    if forwards {
        let rest = &curve[turn.0..];
        let all = rest.len() <= 2 * half && rest.iter().all(near);
        let beyond = rest.iter().take(half).take_while(|cents| inside(cents)).count();
        turn.0..turn.0 + if all { rest.len() } else { beyond }
    } else {
        let rest = &curve[..turn.0];
        let all = rest.len() <= 2 * half && rest.iter().all(near);
        let beyond = rest.iter().rev().take(half).take_while(|cents| inside(cents)).count();
        turn.0 - if all { rest.len() } else { beyond }..turn.0
    }
}
