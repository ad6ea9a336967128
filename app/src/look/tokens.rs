//! The design tokens. The only file with colours and sizes in it.
//!
//! One set of names, three themes ([`Tokens::of`]). Clips and names on track colours are mixed in [`super::clip`].

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
    /// A control under the pointer.
    pub hover: Color32,
    /// A control while it is pressed.
    pub pressed: Color32,
    pub well: Color32,
    pub hairline: Color32,
    /// Around controls: seen only where contrast is asked for.
    pub outline: Color32,
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
    /// Sung beside the note: darker than `in_tune` on dark ground and on light, so that the two differ without hue.
    pub off_pitch: Color32,
    pub attention: Color32,
    pub attention_dim: Color32,
    pub playhead: Color32,
    /// Text on an accent or a light; on a track colour ask [`Tokens::on`].
    pub on_colour: Color32,
    /// The cap of a fader, the line on it, and the filled part of its rail.
    pub cap: Color32,
    pub cap_line: Color32,
    pub rail_fill: Color32,
    /// Behind a dialog, over the window.
    pub scrim: Color32,
    pub shadow: Color32,
    pub meter: [Color32; 4],
    /// Strength of a clip's body over the room, 0 to 1.
    pub clip_body: f32,
    /// Strength of a clip's header over the room, 0 to 1.
    pub clip_head: f32,
    /// How much text colour is mixed into waves and coloured text, so that they stand out from the body, 0 to 1.
    pub wave_depth: f32,
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
    /// Heights of controls: in a track header, in a form, in the top bar.
    pub const HEIGHT: [f32; 3] = [20.0, 26.0, 32.0];
    /// Pictures of icons: in a row, in a button, in an empty place.
    pub const ICON: [f32; 3] = [14.0, 16.0, 28.0];
    /// A line between things.
    pub const HAIRLINE: f32 = 1.0;
    /// The ring around what has the keyboard.
    pub const FOCUS: f32 = 2.0;
    /// The playhead and other lines that must be seen.
    pub const LINE: f32 = 1.5;
    /// Length of motion in seconds.
    pub const MOTION: f32 = 0.1;
    /// A caption of a tooltip or an explanation is not wider.
    pub const MEASURE: f32 = 320.0;

    /// Those of a theme.
    #[must_use]
    pub const fn of(theme: Theme) -> Self {
        match theme {
            Theme::Dark => DARK,
            Theme::Light => LIGHT,
            Theme::HighContrast => HIGH_CONTRAST,
        }
    }

    /// Colours of lines side by side that mean nothing else, as tracks have them: blue, pink, teal, violet, amber, slate.
    #[must_use]
    pub fn series(&self) -> [Color32; 6] {
        let colours = [0x006C_8CFF, 0x00E0_6C9F, 0x002F_BFA5, 0x009B_7BFF, 0x00E0_A23B, 0x007C_8798].map(rgb);
        // On paper they are deeper, so that a thin line is seen.
        let depth = if self.dark { 0.0 } else { 0.3 };
        colours.map(|colour| mix(colour, self.text, depth))
    }

    /// Dark ink on a colour, or light where dark would not be read: names on tracks are dark as long as that is possible,
    /// so that neighbours look alike.
    #[must_use]
    pub fn on(&self, ground: Color32) -> Color32 {
        let (dark, light) = (rgb(0x0B0C0F), Color32::WHITE);
        let fair = contrast(dark, ground);
        if fair >= ENOUGH || fair >= contrast(light, ground) { dark } else { light }
    }
}

/// Enough contrast for the names on clips, which are of medium weight.
const ENOUGH: f32 = 4.0;

/// A colour of a hexadecimal number.
const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

const DARK: Tokens = Tokens {
    room: rgb(0x111317),
    panel: rgb(0x181B21),
    raised: rgb(0x1E222A),
    control: rgb(0x242932),
    hover: rgb(0x2D333E),
    pressed: rgb(0x353C49),
    well: rgb(0x0D0F12),
    hairline: rgb(0x2A2F38),
    outline: Color32::TRANSPARENT,
    grid_strong: rgb(0x22262E),
    grid_weak: rgb(0x1D2127),
    text: rgb(0xE8EAEF),
    secondary: rgb(0x8E96A3),
    faint: rgb(0x626A77),
    accent: rgb(0x6C8CFF),
    accent_dim: rgb(0x2F3A5F),
    record: rgb(0xFF5C61),
    record_dim: rgb(0x4A1F25),
    in_tune: rgb(0x52E0A4),
    in_tune_dim: rgb(0x1F4036),
    off_pitch: rgb(0xFF7A30),
    attention: rgb(0xFFB84D),
    attention_dim: rgb(0x4A381C),
    playhead: rgb(0xFFFFFF),
    on_colour: rgb(0x0B0C0F),
    cap: rgb(0xE3E6EC),
    cap_line: rgb(0x181B21),
    rail_fill: rgb(0x6B7A90),
    scrim: Color32::from_black_alpha(140),
    shadow: Color32::from_black_alpha(120),
    meter: [rgb(0x2FA37B), rgb(0x3DDC97), rgb(0xFFC24B), rgb(0xFF5C61)],
    clip_body: 0.28,
    clip_head: 0.9,
    wave_depth: 0.0,
    dark: true,
};

// Warm greys; the lights are deeper than in the dark, so that they carry white text and are read on paper.
const LIGHT: Tokens = Tokens {
    room: rgb(0xE9E6E1),
    panel: rgb(0xF4F2EE),
    raised: rgb(0xFCFBF9),
    control: rgb(0xE5E2DC),
    hover: rgb(0xDBD7D0),
    pressed: rgb(0xCFCAC2),
    well: rgb(0xDDD9D2),
    hairline: rgb(0xD3CEC6),
    outline: Color32::TRANSPARENT,
    grid_strong: rgb(0xCFCAC1),
    grid_weak: rgb(0xDDD9D2),
    text: rgb(0x201E1B),
    secondary: rgb(0x5C5750),
    faint: rgb(0x8A847B),
    accent: rgb(0x3C5CDE),
    accent_dim: rgb(0xD0D9FA),
    record: rgb(0xC9262F),
    record_dim: rgb(0xF8D3D1),
    in_tune: rgb(0x0B744C),
    in_tune_dim: rgb(0xC5E8D7),
    off_pitch: rgb(0x822600),
    attention: rgb(0x925500),
    attention_dim: rgb(0xF7E0B5),
    playhead: rgb(0x1B1917),
    on_colour: Color32::WHITE,
    cap: rgb(0xFFFFFF),
    cap_line: rgb(0x3A3733),
    rail_fill: rgb(0x8A909E),
    scrim: Color32::from_black_alpha(80),
    shadow: Color32::from_black_alpha(48),
    meter: [rgb(0x1F8F68), rgb(0x2CB57D), rgb(0xE09810), rgb(0xD83038)],
    clip_body: 0.34,
    clip_head: 0.9,
    wave_depth: 0.42,
    dark: false,
};

// Black and white, every control outlined; colour only ever repeats what a shape or a word says.
const HIGH_CONTRAST: Tokens = Tokens {
    room: rgb(0x000000),
    panel: rgb(0x090A0C),
    raised: rgb(0x121418),
    control: rgb(0x1C1F25),
    hover: rgb(0x303540),
    pressed: rgb(0x454C5A),
    well: rgb(0x23272F),
    hairline: rgb(0x6F7785),
    outline: rgb(0x8D95A3),
    grid_strong: rgb(0x4A505B),
    grid_weak: rgb(0x2B3038),
    text: rgb(0xFFFFFF),
    secondary: rgb(0xD6DAE2),
    faint: rgb(0xA6ADBA),
    accent: rgb(0x9CB6FF),
    accent_dim: rgb(0x1C388E),
    record: rgb(0xFF7C7F),
    record_dim: rgb(0x740C15),
    in_tune: rgb(0x5CFFB8),
    in_tune_dim: rgb(0x005033),
    off_pitch: rgb(0xFF8D3A),
    attention: rgb(0xFFD357),
    attention_dim: rgb(0x5C3F00),
    playhead: rgb(0xFFFFFF),
    on_colour: rgb(0x000000),
    cap: rgb(0xFFFFFF),
    cap_line: rgb(0x000000),
    rail_fill: rgb(0xB6BECC),
    scrim: Color32::from_black_alpha(190),
    shadow: Color32::from_black_alpha(200),
    meter: [rgb(0x1FB884), rgb(0x4DFFAE), rgb(0xFFD357), rgb(0xFF6B70)],
    clip_body: 0.3,
    clip_head: 0.95,
    wave_depth: 0.25,
    dark: true,
};

/// The tokens of the theme in force.
#[must_use]
pub fn tokens(ctx: &Context) -> Tokens {
    let theme = ctx.data(|data| data.get_temp::<ThemeInForce>(egui::Id::NULL));
    Tokens::of(theme.unwrap_or_default().0)
}

/// Remembers which theme is in force. Says whether it is another than before.
pub(super) fn put_in_force(ctx: &Context, theme: Theme) -> bool {
    ctx.data_mut(|data| {
        let before = data.get_temp::<ThemeInForce>(egui::Id::NULL);
        data.insert_temp(egui::Id::NULL, ThemeInForce(theme));
        before.is_none_or(|before| before.0 != theme)
    })
}

#[derive(Clone, Copy, Default)]
struct ThemeInForce(Theme);

/// How strongly two colours differ in brightness, 1 to 21 (WCAG 2.2, "contrast ratio").
#[must_use]
pub fn contrast(one: Color32, other: Color32) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Color32) -> f32 {
    let [r, g, b, _] = egui::Rgba::from(colour).to_array();
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// One colour over another with a strength of 0 to 1, opaque: nothing beneath shines through.
#[must_use]
pub fn mix(under: Color32, over: Color32, strength: f32) -> Color32 {
    let blend = |a: u8, b: u8| {
        (f32::from(a) + (f32::from(b) - f32::from(a)) * strength.clamp(0.0, 1.0)).round() as u8
    };
    Color32::from_rgb(blend(under.r(), over.r()), blend(under.g(), over.g()), blend(under.b(), over.b()))
}

/// A track's colour, as the song has it.
#[must_use]
pub const fn track_colour(colour: dawg_session::Colour) -> Color32 {
    rgb(colour.0)
}
