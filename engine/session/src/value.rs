//! Small values that are checked where they enter, so that nobody has to check them again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a value was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ValueError {
    /// A gain that is NaN, infinite, negative or above [`Gain::MAX`].
    #[error("a gain of {0} is out of range: give a linear gain from 0 (silence) to 15.849 (+24 dB)")]
    Gain(f64),
    /// A pan that is NaN or beyond the ends.
    #[error("a pan of {0} is out of range: give −1 (left) to 1 (right)")]
    Pan(f64),
    /// A name that is empty or too long.
    #[error("a name must have 1 to 255 characters and no control characters; this one has {0}")]
    Name(usize),
    /// An input that cannot be understood.
    #[error("“{0}” is no input: give none, one channel (1), or two (1+2)")]
    Input(String),
    /// A layout that cannot be understood.
    #[error("“{0}” is no layout: give mono, stereo, or a number of channels from 1 to 64")]
    Layout(String),
    /// A colour that cannot be understood.
    #[error("“{0}” is no colour: give #RRGGBB")]
    Colour(String),
}

/// A finite linear gain from 0 to [`Gain::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "f32", into = "f32")]
#[schemars(with = "f32")]
pub struct Gain(f32);

impl Gain {
    /// Silence.
    pub const SILENCE: Self = Self(0.0);
    /// 0 dB: samples pass unchanged, to the last bit.
    pub const UNITY: Self = Self(1.0);
    /// −6.02 dB, exactly one half.
    pub const HALF: Self = Self(0.5);
    /// +24 dB.
    pub const MAX: Self = Self(15.848_932);

    /// The gain, if it is finite and in range. −0 becomes 0.
    ///
    /// # Errors
    /// [`ValueError::Gain`] otherwise.
    pub fn new(linear: f32) -> Result<Self, ValueError> {
        if linear.is_finite() && (0.0..=Self::MAX.0).contains(&linear) {
            Ok(Self(linear + 0.0))
        } else {
            Err(ValueError::Gain(f64::from(linear)))
        }
    }

    /// The linear factor.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }
}

impl Default for Gain {
    /// [`Gain::UNITY`].
    fn default() -> Self {
        Self::UNITY
    }
}

impl TryFrom<f32> for Gain {
    type Error = ValueError;
    fn try_from(linear: f32) -> Result<Self, ValueError> {
        Self::new(linear)
    }
}

impl From<Gain> for f32 {
    fn from(gain: Gain) -> f32 {
        gain.0
    }
}

/// A place between the speakers, −1 (left) to 1 (right): pan of a mono track, balance of a stereo one.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "f32", into = "f32")]
#[schemars(with = "f32")]
pub struct Pan(f32);

impl Pan {
    /// The middle.
    pub const CENTRE: Self = Self(0.0);

    /// The pan, if it is in range. −0 becomes 0.
    ///
    /// # Errors
    /// [`ValueError::Pan`] otherwise.
    pub fn new(pan: f32) -> Result<Self, ValueError> {
        if (-1.0..=1.0).contains(&pan) { Ok(Self(pan + 0.0)) } else { Err(ValueError::Pan(f64::from(pan))) }
    }

    /// −1 to 1.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }
}

impl Default for Pan {
    /// [`Pan::CENTRE`].
    fn default() -> Self {
        Self::CENTRE
    }
}

impl TryFrom<f32> for Pan {
    type Error = ValueError;
    fn try_from(pan: f32) -> Result<Self, ValueError> {
        Self::new(pan)
    }
}

impl From<Pan> for f32 {
    fn from(pan: Pan) -> f32 {
        pan.0
    }
}

/// What a person called something: 1 to 255 characters of any script, no control characters.
/// Never used as a file name or a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Name(std::sync::Arc<str>);

impl Name {
    /// The name, trimmed of white space at both ends.
    ///
    /// # Errors
    /// [`ValueError::Name`] when nothing is left, or more than 255 characters, or a control character.
    pub fn new(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        let length = text.chars().count();
        if (1..=255).contains(&length) && !text.chars().any(char::is_control) {
            Ok(Self(text.into()))
        } else {
            Err(ValueError::Name(length))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = ValueError;
    fn try_from(text: String) -> Result<Self, ValueError> {
        Self::new(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.0.as_ref().to_owned()
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many channels a track, a capture or a bus has. Mono and stereo now; the type allows n.
/// In JSON `"mono"`, `"stereo"`, or the number as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Layout(u16);

impl Layout {
    /// One channel.
    pub const MONO: Self = Self(1);
    /// Left and right.
    pub const STEREO: Self = Self(2);

    /// How many channels.
    #[must_use]
    pub const fn channels(self) -> u16 {
        self.0
    }
}

impl TryFrom<String> for Layout {
    type Error = ValueError;
    fn try_from(text: String) -> Result<Self, ValueError> {
        match text.as_str() {
            "mono" => Ok(Self::MONO),
            "stereo" => Ok(Self::STEREO),
            other => match other.parse::<u16>() {
                Ok(n @ 1..=64) => Ok(Self(n)),
                _ => Err(ValueError::Layout(text)),
            },
        }
    }
}

impl From<Layout> for String {
    fn from(layout: Layout) -> String {
        match layout.0 {
            1 => "mono".to_owned(),
            2 => "stereo".to_owned(),
            n => n.to_string(),
        }
    }
}

/// The hardware channels, counted from 1, that a track records: `none`, `1`, `1+2`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Input(Vec<u16>);

impl Input {
    /// No input.
    pub const NONE: Self = Self(Vec::new());

    /// The channels, counted from 1; empty for none.
    #[must_use]
    pub fn channels(&self) -> &[u16] {
        &self.0
    }
}

impl std::str::FromStr for Input {
    type Err = ValueError;
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::NONE);
        }
        let channels: Option<Vec<u16>> =
            text.split('+').map(|part| part.trim().parse().ok().filter(|n| (1..=1024).contains(n))).collect();
        match channels {
            Some(channels) if channels.len() <= 64 => Ok(Self(channels)),
            _ => Err(ValueError::Input(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Input {
    type Error = ValueError;
    fn try_from(text: String) -> Result<Self, ValueError> {
        text.parse()
    }
}

impl std::fmt::Display for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        for (index, channel) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("+")?;
            }
            channel.fmt(f)?;
        }
        Ok(())
    }
}

impl From<Input> for String {
    fn from(input: Input) -> String {
        input.to_string()
    }
}

/// A colour, `#RRGGBB` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Colour(pub u32);

impl Colour {
    /// The track colours in the order in which new tracks take them.
    pub const PALETTE: [Self; 8] = [
        Self(0x00E0_6C9F),
        Self(0x009B_7BFF),
        Self(0x006C_8CFF),
        Self(0x002F_BFA5),
        Self(0x006F_BF5B),
        Self(0x00E0_A23B),
        Self(0x00E0_605A),
        Self(0x0078_7C98),
    ];
}

impl Default for Colour {
    /// The first of the palette.
    fn default() -> Self {
        Self::PALETTE[0]
    }
}

impl TryFrom<String> for Colour {
    type Error = ValueError;
    fn try_from(text: String) -> Result<Self, ValueError> {
        match text.strip_prefix('#') {
            Some(hex) if hex.len() == 6 => {
                u32::from_str_radix(hex, 16).map(Self).map_err(|_| ValueError::Colour(text.clone()))
            }
            _ => Err(ValueError::Colour(text)),
        }
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> String {
        format!("#{:06X}", colour.0 & 0x00FF_FFFF)
    }
}
