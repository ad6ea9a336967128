//! What the bar shows at which width: parts step back in a fixed order, so that they never overlap.

use crate::look::Tokens;

/// Widths of the parts, in points.
pub(super) mod wide {
    pub(crate) const BRAND: f32 = 74.0;
    pub(crate) const MENU: f32 = 32.0;
    pub(crate) const SONG: f32 = 140.0;
    pub(crate) const SONG_SHORT: f32 = 76.0;
    pub(crate) const BUTTON: f32 = 32.0;
    pub(crate) const LAMP: f32 = 30.0;
    pub(crate) const POSITION: f32 = 110.0;
    pub(crate) const TIME: f32 = 98.0;
    pub(crate) const TEMPO: f32 = 66.0;
    pub(crate) const METER: f32 = 52.0;
    pub(crate) const KEY: f32 = 62.0;
    pub(crate) const COUNT_IN: f32 = 96.0;
    pub(crate) const COUNT_IN_SHORT: f32 = 52.0;
    pub(crate) const COUNT_IN_SIGN: f32 = 16.0;
    /// Arrange, Mix, Studio, JARVIS.
    pub(crate) const TABS: [f32; 4] = [60.0, 38.0, 54.0, 56.0];
    pub(crate) const TAB_MENU: f32 = 90.0;
    pub(crate) const STATUS: f32 = 122.0;
    pub(crate) const JARVIS: f32 = 126.0;
}

/// The gaps between buttons of a group, between groups, and between the bar's thirds.
pub(super) const GAPS: [f32; 3] = [Tokens::SPACE[0], Tokens::SPACE[1], Tokens::SPACE[2]];

/// How much is said about the count-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountIn {
    Words,
    Short,
    /// Only that there is something to choose.
    Sign,
    Hidden,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each part is there or not")]
pub(super) struct Fit {
    pub(super) brand: bool,
    /// Width of the song's name; 0 hides it.
    pub(super) song: f32,
    pub(super) history: bool,
    pub(super) to_start: bool,
    pub(super) time: bool,
    pub(super) meter: bool,
    pub(super) key: bool,
    pub(super) count_in: CountIn,
    /// All views side by side, not in a menu.
    pub(super) tabs: bool,
    pub(super) status: bool,
    pub(super) jarvis: bool,
    pub(super) headphones: bool,
}

/// In this order parts step back. All of it stays in reach: by menus, by keys, by the palette.
const STEPS: [fn(&mut Fit); 15] = [
    |fit| fit.count_in = CountIn::Short,
    // Its sign stands on its tab then.
    |fit| fit.jarvis = false,
    |fit| fit.song = wide::SONG_SHORT,
    |fit| fit.brand = false,
    |fit| fit.count_in = CountIn::Sign,
    |fit| fit.headphones = false,
    |fit| fit.tabs = false,
    |fit| fit.history = false,
    |fit| fit.time = false,
    |fit| fit.key = false,
    |fit| fit.meter = false,
    |fit| fit.count_in = CountIn::Hidden,
    |fit| fit.to_start = false,
    |fit| fit.status = false,
    |fit| fit.song = 0.0,
];

impl Fit {
    const ALL: Self = Self {
        brand: true,
        song: wide::SONG,
        history: true,
        to_start: true,
        time: true,
        meter: true,
        key: true,
        count_in: CountIn::Words,
        tabs: true,
        status: true,
        jarvis: true,
        headphones: true,
    };

    /// What fits.
    pub(super) fn to(width: f32) -> Self {
        let mut fit = Self::ALL;
        for step in STEPS {
            if fit.width() <= width {
                break;
            }
            step(&mut fit);
        }
        // What is to spare goes to the song's name.
        if fit.song > 0.0 {
            fit.song += (width - fit.width()).clamp(0.0, 80.0).floor();
        }
        fit
    }

    fn width(&self) -> f32 {
        2.0 * Tokens::SPACE[2] + self.left() + self.middle() + self.right() + 2.0 * GAPS[2]
    }

    pub(super) fn left(&self) -> f32 {
        let brand = if self.brand { wide::BRAND } else { wide::MENU };
        let song = if self.song > 0.0 { GAPS[1] + self.song } else { 0.0 };
        let history = if self.history { GAPS[1] + 2.0 * wide::BUTTON + GAPS[0] } else { 0.0 };
        brand + song + history
    }

    pub(super) fn middle(&self) -> f32 {
        let buttons = if self.to_start { 6.0 } else { 5.0 };
        let count_in = match self.count_in {
            CountIn::Words => GAPS[0] + wide::COUNT_IN,
            CountIn::Short => GAPS[0] + wide::COUNT_IN_SHORT,
            CountIn::Sign => wide::COUNT_IN_SIGN,
            CountIn::Hidden => 0.0,
        };
        buttons * wide::BUTTON
            + (buttons - 1.0) * GAPS[0]
            + 2.0 * GAPS[1]
            + self.well()
            + wide::BUTTON
            + count_in
    }

    pub(super) fn well(&self) -> f32 {
        let optional = [(self.time, wide::TIME), (self.meter, wide::METER), (self.key, wide::KEY)];
        let optional = optional.into_iter().filter_map(|(shown, width)| shown.then_some(width)).sum::<f32>();
        wide::LAMP + wide::POSITION + wide::TEMPO + optional + GAPS[1]
    }

    pub(super) fn right(&self) -> f32 {
        let tabs = if self.tabs { wide::TABS.iter().sum() } else { wide::TAB_MENU };
        let status = if self.status { GAPS[1] + wide::STATUS } else { 0.0 };
        let jarvis = if self.jarvis { GAPS[1] + wide::JARVIS } else { 0.0 };
        let headphones = if self.headphones { GAPS[1] + wide::BUTTON } else { 0.0 };
        tabs + headphones + status + jarvis
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen red: with the last two steps left out.
    #[test]
    fn the_bar_fits_from_the_smallest_window_on() {
        for width in 620..2_000_u16 {
            let width = f32::from(width);
            assert!(Fit::to(width).width() <= width, "{width}: {:?}", Fit::to(width));
        }
        let (small, usual, large) = (Fit::to(960.0), Fit::to(1_280.0), Fit::to(1_600.0));
        assert!(small.meter && small.status && small.to_start, "{small:?}");
        assert!(usual.tabs && usual.history && usual.time && usual.key, "{usual:?}");
        assert!(small.count_in != CountIn::Hidden, "how a recording begins is in sight: {small:?}");
        assert!(large.jarvis && large.brand && large.count_in != CountIn::Hidden, "{large:?}");
    }
}
