//! The words and the tune.
//!
//! > Low light, the room is mine, / I lay the melody down in time.
//! > No one around, the world is slow, / and all I need is a little more time.
//! >
//! > One more line, one more night, / let it all run until the morning light.
//! > One more line, one more night, / and I'm alive, I'm alive.
//! >
//! > One more line.

use super::STEPS;
use crate::units::Pitch;
use crate::voice::phone::Phone::{self, *};

/// A note and what is sung on it. The vowel falls on the step; consonants before it lead in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sung {
    pub(crate) bar: usize,
    /// Sixteenth in the bar.
    pub(crate) step: usize,
    /// In sixteenths.
    pub(crate) length: usize,
    pub(crate) pitch: Pitch,
    /// One syllable, with exactly one vowel; none carries on the vowel before.
    pub(crate) phones: &'static [Phone],
}

impl Sung {
    /// Sixteenths from the start of the song.
    pub(crate) fn at(&self) -> f32 {
        (self.bar * STEPS + self.step) as f32
    }
}

const fn sung(bar: usize, step: usize, length: usize, pitch: Pitch, phones: &'static [Phone]) -> Sung {
    Sung { bar, step, length, pitch, phones }
}

const F3S: Pitch = Pitch(54.0);
const A3: Pitch = Pitch(57.0);
const B3: Pitch = Pitch(59.0);
const C4S: Pitch = Pitch(61.0);
const E4: Pitch = Pitch(64.0);
const F4S: Pitch = Pitch(66.0);
const G4S: Pitch = Pitch(68.0);
const A4: Pitch = Pitch(69.0);
const B4: Pitch = Pitch(71.0);

/// The lead's hum in the intro: the hook to come.
pub(crate) const HUM: &[Sung] = &[
    sung(2, 0, 2, E4, &[Mm]),
    sung(2, 2, 2, F4S, &[]),
    sung(2, 4, 10, A4, &[Uu]),
    sung(3, 0, 2, E4, &[Mm]),
    sung(3, 2, 2, F4S, &[]),
    sung(3, 4, 8, C4S, &[Uu]),
];

/// The lead vocal.
pub(crate) const LEAD: &[Sung] = &[
    // Verse.
    sung(4, 2, 2, A3, &[L, Ow]),
    sung(4, 4, 5, C4S, &[L, Ay, T]),
    sung(4, 10, 2, B3, &[Dh, Ah]),
    sung(4, 12, 4, A3, &[R, Uu, M]),
    sung(5, 0, 2, F3S, &[Ih, Z]),
    sung(5, 2, 9, A3, &[M, Ay, N]),
    sung(6, 0, 2, C4S, &[Ay]),
    sung(6, 2, 2, C4S, &[L, Ey]),
    sung(6, 4, 2, B3, &[Dh, Ah]),
    sung(6, 6, 2, A3, &[M, Eh]),
    sung(6, 8, 2, B3, &[L, Ah]),
    sung(6, 10, 2, C4S, &[D, Ii]),
    sung(6, 12, 6, E4, &[D, Aw, N]),
    sung(7, 2, 2, C4S, &[Ih, N]),
    sung(7, 4, 8, B3, &[T, Ay, M]),
    sung(8, 2, 2, A3, &[N, Ow]),
    sung(8, 4, 2, C4S, &[W, Ah, N]),
    sung(8, 6, 2, C4S, &[Ah]),
    sung(8, 8, 5, E4, &[R, Aw, N, D]),
    sung(8, 14, 2, E4, &[Dh, Ah]),
    sung(9, 0, 4, F4S, &[W, Er, L, D]),
    sung(9, 4, 2, E4, &[Ih, Z]),
    sung(9, 6, 8, C4S, &[S, L, Ow]),
    sung(10, 0, 2, C4S, &[Ah, N]),
    sung(10, 2, 4, E4, &[Ao, L]),
    sung(10, 6, 2, C4S, &[Ay]),
    sung(10, 8, 4, E4, &[N, Ii, D]),
    sung(10, 12, 2, C4S, &[Ih, Z]),
    sung(10, 14, 2, B3, &[Ah]),
    sung(11, 0, 2, C4S, &[L, Ih]),
    sung(11, 2, 2, C4S, &[T, Ah, L]),
    sung(11, 4, 2, F4S, &[M, Ao, R]),
    sung(11, 6, 7, G4S, &[T, Ay, M]),
    // Hook.
    sung(12, 0, 2, E4, &[W, Ah, N]),
    sung(12, 2, 2, F4S, &[M, Ao, R]),
    sung(12, 4, 9, A4, &[L, Ay, N]),
    sung(13, 0, 2, E4, &[W, Ah, N]),
    sung(13, 2, 2, F4S, &[M, Ao, R]),
    sung(13, 4, 9, G4S, &[N, Ay, T]),
    sung(14, 0, 2, F4S, &[L, Eh, T]),
    sung(14, 2, 2, E4, &[Ih, T]),
    sung(14, 4, 4, F4S, &[Ao, L]),
    sung(14, 8, 4, C4S, &[R, Ah, N]),
    sung(14, 12, 2, A3, &[Ah, N]),
    sung(14, 14, 2, C4S, &[T, Ih, L]),
    sung(15, 0, 2, E4, &[Dh, Ah]),
    sung(15, 2, 4, F4S, &[M, Ao, R]),
    sung(15, 6, 2, E4, &[N, Ih, N]),
    sung(15, 8, 6, C4S, &[L, Ay, T]),
    sung(16, 0, 2, E4, &[W, Ah, N]),
    sung(16, 2, 2, F4S, &[M, Ao, R]),
    sung(16, 4, 9, A4, &[L, Ay, N]),
    sung(17, 0, 2, E4, &[W, Ah, N]),
    sung(17, 2, 2, F4S, &[M, Ao, R]),
    sung(17, 4, 9, B4, &[N, Ay, T]),
    sung(18, 0, 2, A4, &[Ah, N]),
    sung(18, 2, 2, G4S, &[Ay, M]),
    sung(18, 4, 2, F4S, &[Ah]),
    sung(18, 6, 8, F4S, &[L, Ay, V]),
    sung(19, 0, 2, E4, &[Ay, M]),
    sung(19, 2, 2, F4S, &[Ah]),
    sung(19, 4, 6, E4, &[L, Ay]),
    sung(19, 10, 4, C4S, &[V]),
    // Ending.
    sung(20, 4, 4, C4S, &[W, Ah, N]),
    sung(20, 8, 8, E4, &[M, Ao, R]),
    sung(21, 0, 22, F4S, &[L, Ay, N]),
];

/// A voice below the lead, at the chord's next note down; it leaves the fast line to the lead.
pub(crate) const HARMONY: &[Sung] = &[
    sung(12, 0, 2, C4S, &[W, Ah, N]),
    sung(12, 2, 2, E4, &[M, Ao, R]),
    sung(12, 4, 9, F4S, &[L, Ay, N]),
    sung(13, 0, 2, B3, &[W, Ah, N]),
    sung(13, 2, 2, B3, &[M, Ao, R]),
    sung(13, 4, 9, E4, &[N, Ay, T]),
    sung(14, 0, 8, A3, &[Uu]),
    sung(14, 8, 8, C4S, &[]),
    sung(15, 0, 8, B3, &[Uu]),
    sung(15, 8, 6, A3, &[L, Ay, T]),
    sung(16, 0, 2, C4S, &[W, Ah, N]),
    sung(16, 2, 2, E4, &[M, Ao, R]),
    sung(16, 4, 9, F4S, &[L, Ay, N]),
    sung(17, 0, 2, B3, &[W, Ah, N]),
    sung(17, 2, 2, B3, &[M, Ao, R]),
    sung(17, 4, 9, G4S, &[N, Ay, T]),
    sung(18, 0, 2, F4S, &[Ah, N]),
    sung(18, 2, 2, E4, &[Ay, M]),
    sung(18, 4, 2, C4S, &[Ah]),
    sung(18, 6, 8, C4S, &[L, Ay, V]),
    sung(19, 0, 2, B3, &[Ay, M]),
    sung(19, 2, 2, C4S, &[Ah]),
    sung(19, 4, 6, B3, &[L, Ay]),
    sung(19, 10, 4, A3, &[V]),
    sung(21, 0, 22, A3, &[L, Ay, N]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::chord_at;

    /// Red with a length of 3 for the second note.
    #[test]
    fn notes_do_not_overlap() {
        for part in [HUM, LEAD, HARMONY] {
            for pair in part.windows(2) {
                assert!(pair[0].at() + pair[0].length as f32 <= pair[1].at(), "{:?}", pair[0]);
            }
        }
    }

    /// Red with A4 on "night", over the chord of E.
    #[test]
    fn long_notes_belong_to_their_chord() {
        for note in LEAD.iter().chain(HARMONY).filter(|note| note.length >= 6) {
            let chord = chord_at(note.bar, note.step);
            let class = |pitch: &Pitch| pitch.0 as i32 % 12;
            let member = chord.voicing.iter().chain([&chord.root]).any(|p| class(p) == class(&note.pitch));
            assert!(member, "{note:?}");
        }
    }
}
