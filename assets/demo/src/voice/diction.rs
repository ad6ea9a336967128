//! Diction: when the mouth takes which posture, and how it gets from one to the next.

use super::Chases;
use super::phone::{INHALING, Phone, Posture, resting};
use crate::score::Grid;
use crate::score::lyrics::Sung;
use crate::units::Seconds;

/// The mouth at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mouth {
    /// The first three formants, in hertz.
    pub(crate) formants: [f32; 3],
    pub(crate) voicing: f32,
    pub(crate) breath: f32,
    pub(crate) hiss: f32,
    pub(crate) nasal: f32,
}

impl Mouth {
    /// Before the song.
    pub(crate) fn closed() -> Self {
        Self { formants: [500.0, 1_500.0, 2_500.0], voicing: 0.0, breath: 0.0, hiss: 0.0, nasal: 0.0 }
    }

    /// Below −100 dBFS, and so long since it was above that the throat has rung out.
    pub(crate) fn is_silent(&self) -> bool {
        self.voicing.max(self.breath).max(self.hiss) < 1e-5
    }
}

/// Movements begin this much early, because postures are reached with a lag.
pub(super) const LEAD_IN: Seconds = Seconds(0.018);
/// A gap of this length is enough to breathe in.
const BREATH: Seconds = Seconds(0.42);
/// A singer ends a note a little before its value is over.
const LIFT: Seconds = Seconds(0.025);

/// From a moment on, the mouth moves towards a posture.
#[derive(Clone, Copy, Debug)]
struct Cue {
    at: f32,
    posture: Posture,
}

/// Walks through the postures of a part.
#[derive(Debug)]
pub(crate) struct Diction {
    cues: Vec<Cue>,
    next: usize,
    posture: Posture,
    shape: Chases<4>,
    levels: Chases<3>,
}

impl Diction {
    pub(crate) fn new(part: &[Sung], late: Seconds, grid: Grid) -> Self {
        let closed = Mouth::closed();
        let [f1, f2, f3] = closed.formants;
        let posture = resting(INHALING);
        Self {
            cues: cues(part, Seconds(late.0 - LEAD_IN.0), grid),
            next: 0,
            posture,
            shape: Chases::at([f1, f2, f3, 0.0]),
            levels: Chases::at([0.0; 3]),
        }
    }

    /// Moves on to `now`, `span` after the last time.
    pub(crate) fn step(&mut self, now: Seconds, span: Seconds) -> Mouth {
        while let Some(cue) = self.cues.get(self.next).filter(|cue| cue.at <= now.0) {
            self.posture = cue.posture;
            self.next += 1;
        }
        let Posture { formants: [f1, f2, f3], voicing, breath, hiss, nasal, pace, .. } = self.posture;
        let [f1, f2, f3, nasal] = self.shape.step([f1, f2, f3, nasal], pace, span);
        // The levels of a held note begin softer than its posture is reached: a sung onset, not a spoken one.
        let [voicing, breath, hiss] = self.levels.step([voicing, breath, hiss], pace, span);
        Mouth { formants: [f1, f2, f3], voicing, breath, hiss, nasal }
    }
}

/// One syllable, over all the notes it is sung on.
#[derive(Debug)]
struct Syllable {
    /// In seconds, of the vowel.
    start: f32,
    /// In seconds, by the notes' values.
    end: f32,
    onset: Vec<Phone>,
    vowel: Option<Phone>,
    coda: Vec<Phone>,
}

impl Syllable {
    fn new(note: &Sung, start: f32, end: f32) -> Self {
        let vowel = note.phones.iter().position(|phone| phone.is_vowel());
        let (onset, rest) = note.phones.split_at(vowel.unwrap_or(0));
        let (vowel, coda) = match rest {
            [vowel, coda @ ..] if vowel.is_vowel() => (Some(*vowel), coda),
            coda => (None, coda),
        };
        Self { start, end, onset: onset.to_vec(), vowel, coda: coda.to_vec() }
    }

    /// When its first consonant begins.
    fn first(&self) -> f32 {
        self.start - holding(&self.onset)
    }
}

fn syllables(part: &[Sung], offset: f32, grid: Grid) -> Vec<Syllable> {
    let mut syllables: Vec<Syllable> = Vec::with_capacity(part.len());
    for note in part {
        let start = grid.moment(note.at()).0 + offset;
        let end = start + grid.moment(note.length as f32).0;
        let syllable = Syllable::new(note, start, end);
        match syllables.last_mut() {
            Some(tied) if syllable.vowel.is_none() => {
                tied.end = end;
                tied.coda.extend(syllable.coda);
            }
            _ => syllables.push(syllable),
        }
    }
    syllables
}

fn holding(phones: &[Phone]) -> f32 {
    phones.iter().flat_map(|phone| phone.postures()).map(|posture| posture.holds.0).sum()
}

/// Appends the postures of consonants from `at` on; returns the time after them.
fn spell(cues: &mut Vec<Cue>, phones: &[Phone], mut at: f32) -> f32 {
    for posture in phones.iter().flat_map(|phone| phone.postures()) {
        cues.push(Cue { at, posture: *posture });
        at += posture.holds.0;
    }
    at
}

fn cues(part: &[Sung], offset: Seconds, grid: Grid) -> Vec<Cue> {
    let syllables = syllables(part, offset.0, grid);
    let mut cues = Vec::new();
    let mut free = 0.0; // until here the mouth is busy
    for (n, syllable) in syllables.iter().enumerate() {
        let first = syllable.first();
        if first - free > BREATH.0 {
            cues.push(Cue { at: first - BREATH.0, posture: INHALING });
            cues.push(Cue { at: first - 0.13, posture: resting(INHALING) });
        }
        spell(&mut cues, &syllable.onset, first);
        // Over at the next one's first consonant, or shortly before the note's value is.
        let next = syllables.get(n + 1).map_or(f32::INFINITY, Syllable::first);
        let end = next.min(syllable.end - LIFT.0);
        let is_joined = syllables.get(n + 1).is_some_and(|next| next.start < syllable.end + 0.01);
        let end = if is_joined { next } else { end };
        let close = end - holding(&syllable.coda);
        hold(&mut cues, syllable, close);
        free = spell(&mut cues, &syllable.coda, close);
        if let Some(last) = cues.last().copied().filter(|_| !is_joined) {
            cues.push(Cue { at: free, posture: resting(last.posture) });
        }
    }
    cues
}

/// The vowel; a diphthong's second half comes at its end, but a short note's vowel still gets its half.
fn hold(cues: &mut Vec<Cue>, syllable: &Syllable, close: f32) {
    if let Some([nucleus, glide @ ..]) = syllable.vowel.map(Phone::postures) {
        cues.push(Cue { at: syllable.start, posture: *nucleus });
        for posture in glide {
            let at = (close - posture.holds.0).max(0.5 * (syllable.start + close));
            cues.push(Cue { at, posture: *posture });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::lyrics::{HARMONY, LEAD};
    use crate::units::Hertz;

    /// Red when `close` did not take off the coda.
    #[test]
    fn cues_are_in_time_order() {
        let grid = Grid { rate: Hertz(48_000.0) };
        for part in [LEAD, HARMONY] {
            for pair in cues(part, Seconds(0.0), grid).windows(2) {
                assert!(pair[0].at <= pair[1].at + 1e-4, "{pair:?}");
            }
        }
    }
}
