//! A lane: one take of a track, or whatever else lies there in place of another.
//!
//! Start at [`Lane`]. Which lane of a track is heard, or which part of which, is the track's business
//! ([`Plays`](crate::Plays), [`Comp`](crate::Comp)).

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clip::Clip;
use crate::id::LaneId;
use crate::value::{Colour, Name};

/// A lane (playlist, take) of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// Its id.
    pub id: LaneId,
    /// Its name: "Take 3".
    pub name: Name,
    /// Its clips in stacking order: where two overlap, the later one is heard.
    #[serde(default)]
    pub clips: Vec<Arc<Clip>>,
    /// What recorded it; none for a lane that was not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<Take>,
    /// Its own colour, in place of the track's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// How good it is, 1 to [`Lane::BEST`]; 0 while nobody has said.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rating: u8,
    /// Whether it is left out where lanes are shown. It can be heard all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// Which pass of recording made a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Take {
    /// Counted from 1 on each track, in the order recorded. A number stays with its take.
    pub number: u32,
    /// When it began, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

impl Lane {
    /// The best rating.
    pub const BEST: u8 = 5;

    /// A lane with nothing on it.
    #[must_use]
    pub fn new(id: LaneId, name: Name) -> Self {
        Self { id, name, clips: Vec::new(), take: None, colour: None, rating: 0, hidden: false }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(rating: &u8) -> bool {
    *rating == 0
}
