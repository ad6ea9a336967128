//! Comps: the best of several takes, as data beside the lanes. Nothing is copied, nothing is lost.
//!
//! Start at [`Comp`]. How a comp is changed is in `swipe.rs`, how a pass of recording becomes what is heard in
//! `hear.rs`, where imported clips go in `land.rs`, how it becomes clips in `flatten.rs`, copied or taken away in
//! `whole.rs`, what becomes of it when a lane goes in `lanes.rs`; how it sounds is [`resolve`](crate::resolve())'s
//! business.

mod flatten;
mod hear;
mod land;
mod lanes;
mod swipe;
mod whole;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use flatten::flatten;
pub use hear::{free_name, hear, next_take, swipe};
pub use land::land;
pub use lanes::remove_lane;
pub use swipe::{move_boundary, move_end, pick, set_joint, unpick};
pub use whole::{clear_comp, duplicate_comp, remove_comp};

use crate::clip::FadeShape;
use crate::id::{CompId, LaneId};
use crate::time::{POSITION_LIMIT, Samples};
use crate::value::Name;

/// What of which lane is heard, in order of time. Where no pick lies, there is silence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comp {
    /// Its id.
    pub id: CompId,
    /// Its name: "Comp A".
    pub name: Name,
    /// Disjoint, in order of time.
    #[serde(default)]
    pub picks: Vec<Pick>,
}

/// A range of song samples and the lane that is heard there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// First song sample; [`Pick::FIRST`] for all that lies before `end`.
    pub start: Samples,
    /// Song sample after the last; [`Pick::LAST`] for all that lies after `start`.
    pub end: Samples,
    /// The lane. If it is not there any more, this is a gap, until undo brings the lane back.
    pub lane: LaneId,
    /// What the lane was called when it was picked: the name of the gap that it leaves.
    pub name: Name,
    /// How it is joined to the pick that ends where this one starts.
    pub joint: Joint,
}

/// A crossfade from one pick to the next, centred on the boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Joint {
    /// Frames in all, 0 to [`Joint::LONGEST`]; 0 is a plain cut. It is shortened to what both sides have.
    pub length: Samples,
    /// [`FadeShape::EqualPower`] between takes, [`FadeShape::Linear`] (equal gain) where they are correlated.
    pub shape: FadeShape,
}

impl Pick {
    /// Before everything.
    pub const FIRST: Samples = Samples(-POSITION_LIMIT);
    /// After everything.
    pub const LAST: Samples = Samples(POSITION_LIMIT);
}

impl Joint {
    /// The longest joint: ten seconds at 96 kHz.
    pub const LONGEST: Samples = Samples(960_000);

    /// The joint that a swipe makes: 10 ms at `rate` frames a second, of this shape.
    #[must_use]
    pub fn usual(rate: u32, shape: FadeShape) -> Self {
        Self { length: Samples(i64::from(rate / 100)), shape }
    }

    /// The joint with its length in range.
    pub(crate) fn in_range(self) -> Self {
        Self { length: self.length.clamp(Samples::ZERO, Self::LONGEST), ..self }
    }
}

impl Comp {
    /// An empty comp.
    #[must_use]
    pub const fn new(id: CompId, name: Name) -> Self {
        Self { id, name, picks: Vec::new() }
    }

    /// The picks that lie in `start..end`, wholly or in part.
    #[must_use]
    pub fn between(&self, start: Samples, end: Samples) -> std::ops::Range<usize> {
        let first = self.picks.partition_point(|pick| pick.end <= start);
        let last = self.picks.partition_point(|pick| pick.start < end);
        first..last.max(first)
    }

    /// The number of the pick that is heard at a song sample.
    #[must_use]
    pub fn at(&self, at: Samples) -> Option<usize> {
        let number = self.picks.partition_point(|pick| pick.end <= at);
        self.picks.get(number).filter(|pick| pick.start <= at).map(|_| number)
    }

    /// Whether a pick starts exactly where the one before it ends.
    #[must_use]
    pub fn is_joined(&self, number: usize) -> bool {
        let before = number.checked_sub(1).and_then(|before| self.picks.get(before));
        matches!((before, self.picks.get(number)), (Some(a), Some(b)) if a.end == b.start)
    }
}
