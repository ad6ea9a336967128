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
