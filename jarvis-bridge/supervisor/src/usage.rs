//! What people do with the program: song opened, take recorded, exported, … Told once each, never dropped.

use serde::{Deserialize, Serialize};

use crate::clock::Wall;

/// One use of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Its own: told twice, it counts once.
    pub id: String,
    /// When.
    pub at: Wall,
    /// Of what: lower case, words joined by `_`, such as `take_recorded`; `error` for something that failed.
    pub what: String,
    /// More, for people: `Take 4 on Lead vocal, 0:21`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What became of usage that was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Told {
    /// The ids that are kept, now or already: nobody needs to tell them again.
    pub kept: Vec<String>,
    /// What can never be kept, and why: telling it again would not help.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
}

/// A use that is not fit to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Refused {
    /// Its id, as it was told.
    pub id: String,
    /// What is wrong with it.
    pub why: String,
}

impl Usage {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn fit(&self) -> Result<(), String> {
        name("what", &self.what)?;
        length("id", &self.id, 128)?;
        length("detail", self.detail.as_deref().unwrap_or("-"), 1000)
    }
}

/// Lower case, words joined by `_`, at most 64 characters.
pub(crate) fn name(field: &str, name: &str) -> Result<(), String> {
    length(field, name, 64)?;
    if name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Ok(());
    }
    Err(format!("`{field}` has letters other than a to z, 0 to 9 and _"))
}

/// Something, and at most so many characters.
pub(crate) fn length(field: &str, text: &str, most: usize) -> Result<(), String> {
    match text.chars().count() {
        0 => Err(format!("`{field}` is empty")),
        count if count > most => Err(format!("`{field}` is longer than {most} characters")),
        _ => Ok(()),
    }
}
