//! The notes of a song's key, and how they are written in it.
//!
//! Start at [`Scale::new`].

use super::{Note, Spelling};

/// Semitones above the tonic.
const MAJOR: [u8; 7] = [0, 2, 4, 5, 7, 9, 11];
const MINOR: [u8; 7] = [0, 2, 3, 5, 7, 8, 10];

/// Major, or natural minor, upon a tonic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    tonic: u8,
    minor: bool,
}

impl Scale {
    /// `tonic` 0 = C to 11 = B; others wrap round.
    #[must_use]
    pub fn new(tonic: u8, minor: bool) -> Self {
        Self { tonic: tonic % 12, minor }
    }

    /// Whether a note belongs to the key.
    #[must_use]
    pub fn has(self, note: Note) -> bool {
        let above = (note.class() + 12 - self.tonic) % 12;
        if self.minor { MINOR.contains(&above) } else { MAJOR.contains(&above) }
    }

    /// Whether a note is the key's tonic.
    #[must_use]
    pub fn is_tonic(self, note: Note) -> bool {
        note.class() == self.tonic
    }

    /// Sharps or flats, as the key is written: of two names for one key the one with fewer signs; of the two with six signs
    /// each, F♯ major and E♭ minor, as they are met more often.
    #[must_use]
    pub fn spelling(self) -> Spelling {
        let flats = if self.minor {
            matches!(self.tonic, 0 | 2 | 3 | 5 | 7 | 10)
        } else {
            matches!(self.tonic, 1 | 3 | 5 | 8 | 10)
        };
        if flats { Spelling::Flats } else { Spelling::Sharps }
    }
}
