//! The song's key among the keys of the piano: which rows belong to it, and how its notes are written.
//!
//! Start at [`Scale::of`].

use dawg_dsp::pitch::tuning::{Note, Spelling};
use dawg_session::{Key, Mode};

/// Semitones above the tonic.
const MAJOR: [bool; 12] = [true, false, true, false, true, true, false, true, false, true, false, true];
const MINOR: [bool; 12] = [true, false, true, true, false, true, false, true, true, false, true, false];

/// A key, or none: then the white keys are told from the black ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    key: Option<Key>,
}

impl Scale {
    /// That of a song.
    #[must_use]
    pub const fn of(key: Option<Key>) -> Self {
        Self { key }
    }

    /// Whether a note belongs to it.
    #[must_use]
    pub fn has(self, note: Note) -> bool {
        let (tonic, steps) = match self.key {
            Some(Key { tonic, mode: Mode::Minor }) => (tonic % 12, MINOR),
            Some(Key { tonic, mode: Mode::Major }) => (tonic % 12, MAJOR),
            None => (0, MAJOR),
        };
        steps[usize::from((note.class() + 12 - tonic) % 12)]
    }

    /// Whether a note is the song's tonic.
    #[must_use]
    pub fn is_tonic(self, note: Note) -> bool {
        self.key.is_some_and(|key| key.tonic % 12 == note.class())
    }

    /// With sharps or flats, as the song's key is written.
    #[must_use]
    pub fn spelling(self) -> Spelling {
        // The circle of fifths: D♭, E♭, F, A♭ and B♭ major have flats, and so have their relative minors. F♯ major has
        // sharps; its relative is written E♭ minor.
        let flats = self.key.is_some_and(|key| match key.mode {
            Mode::Major => matches!(key.tonic % 12, 1 | 3 | 5 | 8 | 10),
            Mode::Minor => matches!(key.tonic % 12, 0 | 2 | 3 | 5 | 7 | 10),
        });
        if flats { Spelling::Flats } else { Spelling::Sharps }
    }

    /// A note's name.
    #[must_use]
    pub fn name(self, note: Note) -> String {
        note.name(self.spelling())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::top_bar::key_name;

    fn key(tonic: u8, mode: Mode) -> Key {
        Key { tonic, mode }
    }

    #[test]
    fn f_sharp_minor_has_three_sharps() {
        let scale = Scale::of(Some(key(6, Mode::Minor)));
        let names: Vec<String> =
            (54..66).map(Note).filter(|note| scale.has(*note)).map(|note| scale.name(note)).collect();
        assert_eq!(names, ["F♯3", "G♯3", "A3", "B3", "C♯4", "D4", "E4"]);
        assert!(scale.is_tonic(Note(66)) && !scale.is_tonic(Note(65)));
    }

    /// The drawer writes a tonic as the bar above writes the key.
    #[test]
    fn a_tonic_is_written_as_its_key_is() {
        for tonic in 0..12 {
            for mode in [Mode::Major, Mode::Minor] {
                let key = key(tonic, mode);
                let name = Scale::of(Some(key)).name(Note(60 + tonic));
                let written = key_name(key);
                let tonic_of_key = written.split(' ').next().unwrap_or_default();
                assert_eq!(name.trim_end_matches(char::is_numeric), tonic_of_key, "{written}");
            }
        }
    }
}
