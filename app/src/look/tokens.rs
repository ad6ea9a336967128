//! The design tokens. The only file with colours and sizes in it.

use egui::{Color32, Context};

use crate::studio::preferences::Theme;

/// Colours of a theme, and what is the same in all.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the names are those of the design")]
pub struct Tokens {
    pub room: Color32,
    pub panel: Color32,
    pub raised: Color32,
    pub control: Color32,
    pub well: Color32,
    pub hairline: Color32,
    pub grid_strong: Color32,
    pub grid_weak: Color32,
    pub text: Color32,
    pub secondary: Color32,
    pub faint: Color32,
    pub accent: Color32,
    pub accent_dim: Color32,
    pub record: Color32,
    pub record_dim: Color32,
    pub in_tune: Color32,
    pub in_tune_dim: Color32,
    pub attention: Color32,
    pub attention_dim: Color32,
    pub playhead: Color32,
    /// Text on a full track colour, an accent, or a light.
    pub on_colour: Color32,
    pub meter: [Color32; 4],
    /// Strength of a clip's body over the room, 0 to 1.
    pub clip_body: f32,
    /// Whether the room is dark.
    pub dark: bool,
}

impl Tokens {
    /// Steps of space.
    pub const SPACE: [f32; 5] = [4.0, 8.0, 12.0, 16.0, 24.0];
    /// Corners: clip and slot, control, card.
    pub const CORNER: [f32; 3] = [5.0, 8.0, 12.0];
    /// Type sizes: ruler, labels, body, titles, position, the note.
    pub const TYPE: [f32; 6] = [10.0, 11.0, 12.0, 13.0, 22.0, 64.0];

    /// Those of a theme.
    #[must_use]
    pub const fn of(theme: Theme) -> Self {
        match theme {
            Theme::Dark | Theme::Light | Theme::HighContrast => Self {
                room: Color32::from_rgb(0x11, 0x13, 0x17),
                panel: Color32::from_rgb(0x18, 0x1B, 0x21),
                raised: Color32::from_rgb(0x1E, 0x22, 0x2A),
                control: Color32::from_rgb(0x24, 0x29, 0x32),
                well: Color32::from_rgb(0x0D, 0x0F, 0x12),
                hairline: Color32::from_rgb(0x2A, 0x2F, 0x38),
                grid_strong: Color32::from_rgb(0x22, 0x26, 0x2E),
                grid_weak: Color32::from_rgb(0x1D, 0x21, 0x27),
                text: Color32::from_rgb(0xE8, 0xEA, 0xEF),
                secondary: Color32::from_rgb(0x8E, 0x96, 0xA3),
                faint: Color32::from_rgb(0x62, 0x6A, 0x77),
                accent: Color32::from_rgb(0x6C, 0x8C, 0xFF),
                accent_dim: Color32::from_rgb(0x2F, 0x3A, 0x5F),
                record: Color32::from_rgb(0xFF, 0x5C, 0x61),
                record_dim: Color32::from_rgb(0x4A, 0x1F, 0x25),
                in_tune: Color32::from_rgb(0x52, 0xE0, 0xA4),
                in_tune_dim: Color32::from_rgb(0x1F, 0x40, 0x36),
                attention: Color32::from_rgb(0xFF, 0xB8, 0x4D),
                attention_dim: Color32::from_rgb(0x4A, 0x38, 0x1C),
                playhead: Color32::from_rgb(0xFF, 0xFF, 0xFF),
                on_colour: Color32::from_rgb(0x11, 0x13, 0x17),
                meter: [
                    Color32::from_rgb(0x2F, 0xA3, 0x7B),
                    Color32::from_rgb(0x3D, 0xDC, 0x97),
                    Color32::from_rgb(0xFF, 0xC2, 0x4B),
                    Color32::from_rgb(0xFF, 0x5C, 0x61),
                ],
                clip_body: 0.28,
                dark: true,
            },
        }
    }
}

/// The tokens of the theme in force.
#[must_use]
pub fn tokens(ctx: &Context) -> Tokens {
    let theme = ctx.data(|data| data.get_temp::<ThemeInForce>(egui::Id::NULL));
    Tokens::of(theme.unwrap_or_default().0)
}

/// Remembers which theme is in force.
pub(super) fn put_in_force(ctx: &Context, theme: Theme) {
    ctx.data_mut(|data| data.insert_temp(egui::Id::NULL, ThemeInForce(theme)));
}

#[derive(Clone, Copy, Default)]
struct ThemeInForce(Theme);

/// A track's colour, as the theme shows it.
#[must_use]
pub const fn track_colour(colour: dawg_session::Colour) -> Color32 {
    let [_, r, g, b] = colour.0.to_be_bytes();
    Color32::from_rgb(r, g, b)
}
