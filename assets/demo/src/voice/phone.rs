//! Phones: the sounds of speech, each a posture of the mouth or two.
//!
//! Formants of vowels after Peterson and Barney ("Control methods used in a study of the vowels", 1952),
//! rounded as singers round them; consonants after Klatt (1980, tables II and III).

use crate::units::Seconds;

/// A sound of speech. Vowels by the names of ARPABET, long ones doubled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phone {
    Ah,
    Ao,
    Eh,
    Er,
    Ih,
    Ii,
    Uu,
    Aw,
    Ay,
    Ey,
    Ow,
    /// Humming with closed lips: sung like a vowel.
    Mm,
    D,
    Dh,
    L,
    M,
    N,
    R,
    S,
    T,
    V,
    W,
    Z,
}

/// A posture the mouth moves towards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Posture {
    /// The first three formants, in hertz.
    pub(crate) formants: [f32; 3],
    /// Level of the vocal folds.
    pub(crate) voicing: f32,
    /// Level of breath through the throat.
    pub(crate) breath: f32,
    /// Level of noise at the teeth.
    pub(crate) hiss: f32,
    /// 0: the nose is shut; 1: all goes through it.
    pub(crate) nasal: f32,
    /// How fast the mouth gets there: the time constant.
    pub(crate) pace: Seconds,
    /// How long it stays; vowels are as long as their note.
    pub(crate) holds: Seconds,
}

const fn vowel(f1: f32, f2: f32, f3: f32) -> Posture {
    Posture {
        formants: [f1, f2, f3],
        voicing: 1.0,
        breath: 0.0,
        hiss: 0.0,
        nasal: 0.0,
        pace: Seconds(0.014),
        holds: Seconds(0.0),
    }
}

/// The second half of a diphthong: reached slowly.
const fn offglide(f1: f32, f2: f32, f3: f32) -> Posture {
    Posture { pace: Seconds(0.038), holds: Seconds(0.17), ..vowel(f1, f2, f3) }
}

const fn sonorant(formants: [f32; 3], voicing: f32, nasal: f32, holds: f32) -> Posture {
    let [f1, f2, f3] = formants;
    Posture { voicing, nasal, pace: Seconds(0.011), holds: Seconds(holds), ..vowel(f1, f2, f3) }
}

const fn obstruent(formants: [f32; 3], voicing: f32, breath: f32, hiss: f32, holds: f32) -> Posture {
    let pace = Seconds(0.006);
    Posture { breath, hiss, pace, ..sonorant(formants, voicing, 0.0, holds) }
}

const AA: Posture = vowel(720.0, 1_180.0, 2_500.0);
const AH: Posture = vowel(630.0, 1_220.0, 2_450.0);
const AO: Posture = vowel(560.0, 900.0, 2_450.0);
const EH: Posture = vowel(550.0, 1_770.0, 2_500.0);
const ER: Posture = vowel(480.0, 1_350.0, 1_750.0);
const IH: Posture = vowel(410.0, 1_950.0, 2_550.0);
const II: Posture = vowel(310.0, 2_220.0, 2_900.0);
const UU: Posture = vowel(340.0, 900.0, 2_300.0);
const OW: Posture = vowel(500.0, 950.0, 2_400.0);
const EY: Posture = vowel(470.0, 1_950.0, 2_550.0);
const TO_II: Posture = offglide(390.0, 2_050.0, 2_600.0);
const TO_UU: Posture = offglide(380.0, 880.0, 2_350.0);

const ALVEOLAR: [f32; 3] = [280.0, 1_650.0, 2_600.0];
const HUM: Posture = Posture { pace: Seconds(0.014), ..sonorant([270.0, 1_050.0, 2_200.0], 0.75, 1.0, 0.0) };

impl Phone {
    /// Whether a note can be held on it.
    pub(crate) fn is_vowel(self) -> bool {
        use Phone::*;
        matches!(self, Ah | Ao | Eh | Er | Ih | Ii | Uu | Aw | Ay | Ey | Ow | Mm)
    }

    /// Its postures in time.
    pub(crate) fn postures(self) -> &'static [Posture] {
        match self {
            Phone::Ah => const { &[AH] },
            Phone::Ao => const { &[AO] },
            Phone::Eh => const { &[EH] },
            Phone::Er => const { &[ER] },
            Phone::Ih => const { &[IH] },
            Phone::Ii => const { &[II] },
            Phone::Uu => const { &[UU] },
            Phone::Aw => const { &[AA, TO_UU] },
            Phone::Ay => const { &[AA, TO_II] },
            Phone::Ey => const { &[EY, TO_II] },
            Phone::Ow => const { &[OW, TO_UU] },
            Phone::Mm => const { &[HUM] },
            Phone::M => const { &[sonorant([270.0, 1_050.0, 2_200.0], 0.6, 1.0, 0.075)] },
            Phone::N => const { &[sonorant([270.0, 1_500.0, 2_500.0], 0.6, 1.0, 0.070)] },
            Phone::L => const { &[sonorant([350.0, 1_080.0, 2_750.0], 0.55, 0.0, 0.070)] },
            Phone::R => const { &[sonorant([340.0, 1_080.0, 1_500.0], 0.7, 0.0, 0.080)] },
            Phone::W => const { &[sonorant([300.0, 650.0, 2_200.0], 0.6, 0.0, 0.085)] },
            Phone::Dh => const { &[obstruent([280.0, 1_300.0, 2_500.0], 0.4, 0.05, 0.03, 0.050)] },
            Phone::V => const { &[obstruent([250.0, 1_100.0, 2_150.0], 0.35, 0.06, 0.04, 0.070)] },
            Phone::Z => const { &[obstruent(ALVEOLAR, 0.35, 0.0, 0.28, 0.075)] },
            Phone::S => const { &[obstruent(ALVEOLAR, 0.0, 0.0, 0.42, 0.120)] },
            Phone::D => {
                const {
                    &[
                        obstruent(ALVEOLAR, 0.18, 0.0, 0.0, 0.040),
                        obstruent(ALVEOLAR, 0.45, 0.05, 0.35, 0.014),
                    ]
                }
            }
            Phone::T => {
                const {
                    &[
                        obstruent(ALVEOLAR, 0.0, 0.0, 0.0, 0.045),
                        obstruent(ALVEOLAR, 0.0, 0.10, 0.55, 0.018),
                        obstruent([420.0, 1_650.0, 2_600.0], 0.0, 0.22, 0.06, 0.022),
                    ]
                }
            }
        }
    }
}

/// A breath through an open mouth.
pub(crate) const INHALING: Posture = Posture {
    voicing: 0.0,
    breath: 0.026,
    hiss: 0.008,
    pace: Seconds(0.055),
    ..vowel(600.0, 1_450.0, 2_500.0)
};

/// Silence in the posture that was last sung.
pub(crate) const fn resting(after: Posture) -> Posture {
    Posture { voicing: 0.0, breath: 0.0, hiss: 0.0, pace: Seconds(0.03), ..after }
}
