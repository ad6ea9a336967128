//! The song's key among the keys of the piano: which rows belong to it, and how its notes are written.
//!
//! Start at [`Scale::of`].

use dawg_dsp::pitch::tuning::{self, Note, Spelling};
use dawg_session::{Key, Mode};

/// A key, or none: then the white keys are told from the black ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    scale: tuning::Scale,
    known: bool,
}

impl Scale {
    /// That of a song.
    #[must_use]
    pub fn of(key: Option<Key>) -> Self {
        let (tonic, minor) = key.map_or((0, false), |key| (key.tonic, key.mode == Mode::Minor));
        Self { scale: tuning::Scale::new(tonic, minor), known: key.is_some() }
    }

    /// Whether a note belongs to it.
    #[must_use]
    pub fn has(self, note: Note) -> bool {
        self.scale.has(note)
    }

    /// Whether a note is the song's tonic.
    #[must_use]
    pub fn is_tonic(self, note: Note) -> bool {
        self.known && self.scale.is_tonic(note)
    }

    /// With sharps or flats, as the song's key is written.
    #[must_use]
    pub fn spelling(self) -> Spelling {
        self.scale.spelling()
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

    #[test]
    fn f_sharp_minor_has_three_sharps() {
        let scale = Scale::of(Some(Key { tonic: 6, mode: Mode::Minor }));
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
                let key = Key { tonic, mode };
                let name = Scale::of(Some(key)).name(Note(60 + tonic));
                let written = key_name(key);
                let tonic_of_key = written.split(' ').next().unwrap_or_default();
                assert_eq!(name.trim_end_matches(char::is_numeric), tonic_of_key, "{written}");
            }
        }
    }
}
