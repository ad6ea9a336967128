//! The bundled fonts (`assets/fonts`) and their sizes.

use std::sync::{Arc, OnceLock};

use egui::{Context, FontData, FontDefinitions, FontFamily, FontId, FontTweak};

/// The name of the family for names of tracks, values and what is on.
pub const MEDIUM: &str = "medium";
/// The name of the family for titles.
pub const SEMIBOLD: &str = "semibold";

// Characters that ours lacks: emoji here, other scripts from the system.
const FALLBACK: &str = "emoji";

/// Installs the bundled fonts. Once, before the first frame.
pub fn fonts(ctx: &Context) {
    let installed = egui::Id::unique("bundled fonts");
    if ctx.data(|data| data.get_temp::<bool>(installed)).is_none() {
        ctx.set_fonts(definitions());
        ctx.data_mut(|data| data.insert_temp(installed, true));
    }
}

/// Text of a size in the regular weight.
#[must_use]
pub fn regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Text of a size in the medium weight.
#[must_use]
pub fn medium(size: f32) -> FontId {
    static FAMILY: OnceLock<FontFamily> = OnceLock::new();
    FontId::new(size, FAMILY.get_or_init(|| FontFamily::Name(MEDIUM.into())).clone())
}

/// Text of a size in the semibold weight.
#[must_use]
pub fn semibold(size: f32) -> FontId {
    static FAMILY: OnceLock<FontFamily> = OnceLock::new();
    FontId::new(size, FAMILY.get_or_init(|| FontFamily::Name(SEMIBOLD.into())).clone())
}

fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let emoji = FontTweak { scale: 0.85, ..FontTweak::default() };
    let bundled: [(&str, &'static [u8], FontTweak); 4] = [
        ("regular", include_bytes!("../../../assets/fonts/DAWGSans-Regular.ttf"), FontTweak::default()),
        (MEDIUM, include_bytes!("../../../assets/fonts/DAWGSans-Medium.ttf"), FontTweak::default()),
        (SEMIBOLD, include_bytes!("../../../assets/fonts/DAWGSans-SemiBold.ttf"), FontTweak::default()),
        (FALLBACK, include_bytes!("../../../assets/fonts/NotoEmoji-Regular.ttf"), emoji),
    ];
    for (name, bytes, tweak) in bundled {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes).tweak(tweak)));
    }
    let families = [
        (FontFamily::Proportional, "regular"),
        (FontFamily::Monospace, "regular"), // its figures are tabular, and that is what columns here need
        (FontFamily::Name(MEDIUM.into()), MEDIUM),
        (FontFamily::Name(SEMIBOLD.into()), SEMIBOLD),
    ];
    for (family, first) in families {
        fonts.families.insert(family, vec![first.to_owned(), FALLBACK.to_owned()]);
    }
    fonts
}
