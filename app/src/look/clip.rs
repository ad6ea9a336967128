//! Colours of what carries a track's colour: the parts of a clip, and names upon it. Made so that the header's text
//! and the wave are read in every theme, whatever colour a track was given.

use egui::Color32;

use super::tokens::{Tokens, mix};

/// The colours of a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClipColours {
    /// The strip with the name.
    pub header: Color32,
    /// The name.
    pub name: Color32,
    /// Beneath the wave.
    pub body: Color32,
    /// The wave, notes, fades, the gain line.
    pub wave: Color32,
    /// Around it when selected.
    pub outline: Color32,
}

/// How a clip stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// As always.
    #[default]
    Plain,
    /// Chosen by the person: brighter.
    Selected,
    /// Not heard: grey.
    Muted,
}

impl Tokens {
    /// The colours of a clip on a track of a colour.
    #[must_use]
    pub fn clip(&self, track: Color32, standing: Standing) -> ClipColours {
        let hue = match standing {
            Standing::Plain => track,
            Standing::Selected => mix(track, Color32::WHITE, if self.dark { 0.16 } else { 0.08 }),
            Standing::Muted => self.muted(),
        };
        let stronger = if standing == Standing::Selected { 0.14 } else { 0.0 };
        let header = mix(self.room, hue, (self.clip_head + stronger).min(1.0));
        let body = mix(self.room, hue, self.clip_body + stronger);
        let name =
            if standing == Standing::Muted { mix(self.on(header), header, 0.15) } else { self.on(header) };
        ClipColours { header, name, body, wave: self.ink(hue), outline: self.ink(mix(hue, self.text, 0.35)) }
    }

    /// What a track's colour becomes where it is not heard.
    #[must_use]
    pub fn muted(&self) -> Color32 {
        mix(self.secondary, self.room, if self.dark { 0.35 } else { 0.25 })
    }

    /// A track's colour as ink: for lines, waves and words on the room or a clip's body.
    #[must_use]
    pub fn ink(&self, track: Color32) -> Color32 {
        mix(track, self.text, self.wave_depth)
    }
}
