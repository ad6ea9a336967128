//! Patterns: what the band plays, a line of sixteen characters a bar, one a sixteenth.
//!
//! Drums: `X` accent, `x` plain, `o` ghost; `2`, `3`, `4` that many strokes within the step; `O` an open hat.
//! Bass and keys: `-` holds the stroke before it, over the bar line too.

use super::{BARS, ENDING, HOOK, LAST_CHORD, STEPS, VERSE};

/// One stroke of a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) bar: usize,
    /// Sixteenth in the bar.
    pub(crate) step: usize,
    /// In sixteenths, holds included.
    pub(crate) length: usize,
    pub(crate) symbol: u8,
}

impl Stroke {
    /// Sixteenths from the start of the song.
    pub(crate) fn at(&self) -> f32 {
        (self.bar * STEPS + self.step) as f32
    }
}

/// A part: which line it plays in which bar.
pub(crate) type Part = fn(bar: usize) -> &'static str;

/// All strokes of a part, in time.
pub(crate) fn strokes(part: Part) -> Vec<Stroke> {
    let mut strokes: Vec<Stroke> = Vec::new();
    for bar in 0..BARS {
        for (step, symbol) in part(bar).bytes().enumerate() {
            match (symbol, strokes.last_mut()) {
                (b'-', Some(held)) => held.length += 1,
                (b'.' | b'-', _) => {}
                _ => strokes.push(Stroke { bar, step, length: 1, symbol }),
            }
        }
    }
    strokes
}

pub(crate) fn kick(bar: usize) -> &'static str {
    match bar {
        ..VERSE => "",
        11 => "X......x..x.....",
        VERSE..HOOK if bar.is_multiple_of(2) => "X......x..x.....",
        VERSE..HOOK => "X......x..x..x..",
        HOOK..ENDING if bar.is_multiple_of(2) => "X..x...x..X.....",
        HOOK..ENDING => "X..x...x..X...x.",
        ENDING => "X.......X.......",
        LAST_CHORD => "X",
        _ => "",
    }
}

pub(crate) fn snare(bar: usize) -> &'static str {
    match bar {
        ..VERSE => "",
        11 | 19 => "....X.......X.xX",
        VERSE..HOOK => "....X.......X...",
        HOOK..ENDING if bar % 4 == 1 => "....X..o.o..X...",
        HOOK..ENDING => "....X.......X..o",
        ENDING => "....X.......x.XX",
        LAST_CHORD => "X",
        _ => "",
    }
}

pub(crate) fn hat(bar: usize) -> &'static str {
    match bar {
        2 => "x...x...x...x...",
        3 => "x.o.x.o.x.o.x.3x",
        VERSE..HOOK => match bar % 4 {
            0 => "x.xox.xox.xox.xo",
            1 => "x.xox.x2x.xox.xo",
            2 => "x.xoxoxox.xOx.xo",
            _ => "x.xox.xox.3ox.24",
        },
        HOOK..ENDING => match bar % 4 {
            0 => "xoxoxoxoxoxox3xo",
            1 => "xoxox2xoxoxOxoxo",
            2 => "xoxoxoxo3oxox2xo",
            _ => "xoxoxOxoxo2o3x44",
        },
        ENDING => "x.o.x.o.x.o.x.34",
        LAST_CHORD => "O",
        _ => "",
    }
}

/// Roots under the kick. `O` slides up an octave, `F` a fifth.
pub(crate) fn bass(bar: usize) -> &'static str {
    match bar {
        ..VERSE => "",
        VERSE..HOOK => match bar % 4 {
            0 => "R------R--R-----",
            1 => "R------R--R--F--",
            2 => "R------R--R-----",
            _ => "R------R--R--O--",
        },
        HOOK..ENDING if bar.is_multiple_of(2) => "R--R---R--R-----",
        HOOK..ENDING => "R--R---R--R---O-",
        ENDING => "R-------R-------",
        LAST_CHORD => "R---------------",
        22 => "--------........",
        _ => "",
    }
}

/// `C` strikes the chord, `c` softly.
pub(crate) fn keys(bar: usize) -> &'static str {
    match bar {
        ..VERSE => "C---------c-----",
        VERSE..HOOK => "C------c--C-----",
        HOOK..ENDING => "C--c---c--C---c-",
        ENDING => "C-------C-------",
        LAST_CHORD => "C---------------",
        22 => "--------------..",
        _ => "",
    }
}

/// Digits are notes of the chord, from the lowest up; `4` is the lowest an octave higher.
pub(crate) fn bells(bar: usize) -> &'static str {
    match bar {
        1 => "........3...4.2.",
        3 => "........2...3.4.",
        HOOK..ENDING => match bar % 4 {
            3 => "0.2.3.4.3.2.1.2.",
            _ => "..2...3...4...3.",
        },
        ENDING => "",
        LAST_CHORD => "..0.1.2.3.4.....",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when bar 3 of the hat had 17 characters.
    #[test]
    fn every_line_fits_its_bar() {
        for part in [kick, snare, hat, bass, keys, bells] {
            for bar in 0..BARS {
                assert!(part(bar).len() <= STEPS, "{} in bar {bar}", part(bar));
            }
        }
    }

    /// Red when `strokes` pushed the `-`.
    #[test]
    fn holds_lengthen() {
        let bass = strokes(bass);
        let first = Stroke { bar: VERSE, step: 0, length: 7, symbol: b'R' };
        assert_eq!(bass[0], first);
        let last = bass.last().map(|stroke| (stroke.bar, stroke.length));
        assert_eq!(last, Some((LAST_CHORD, 24)));
    }

    /// The 808 has no attack of its own: the kick gives it. Red with a root on step 4 of a verse bar.
    #[test]
    fn every_root_falls_on_a_kick() {
        let kicks = strokes(kick);
        for root in strokes(bass).iter().filter(|stroke| stroke.symbol == b'R') {
            assert!(kicks.iter().any(|kick| kick.at() == root.at()), "{root:?}");
        }
    }
}
