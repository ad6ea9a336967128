//! How a comp sounds: its picks, each of its lane, and the joints between them.
//!
//! Start at [`resolve_comp`]. First each edge of each pick says what it would like, then the two of a short pick share
//! it, then the pieces are cut.

use std::collections::HashMap;

use super::material::Material;
use super::{JointRamp, PlayedClip};
use crate::clip::FadeShape;
use crate::comp::{Comp, Joint};
use crate::id::LaneId;
use crate::song::{Session, Track};

/// A fade where there is no joint lasts a 500th of a second: 2 ms.
pub(crate) const FADES_A_SECOND: u32 = 500;

/// One edge of a pick.
#[derive(Debug, Clone, Copy)]
struct Edge {
    /// Samples outside the pick over which its lane is still, or already, heard.
    outside: i64,
    /// Samples inside it over which it fades.
    inside: i64,
    shape: FadeShape,
    /// Whether this is one side of a crossfade.
    crosses: bool,
}

impl Edge {
    const CUT: Self = Self { outside: 0, inside: 0, shape: FadeShape::Linear, crosses: false };

    const fn fade(length: i64) -> Self {
        Self { inside: length, ..Self::CUT }
    }

    fn ramp(self, from: i64) -> Option<JointRamp> {
        let length = self.outside + self.inside;
        (length > 0).then_some(JointRamp { from, length, shape: self.shape })
    }
}

/// Both sides of a crossfade of `length` samples, centred: of what ends there, and of what starts there.
const fn crossfade(length: i64, shape: FadeShape) -> (Edge, Edge) {
    let (left, right) = (length / 2, length - length / 2);
    (
        Edge { outside: right, inside: left, shape, crosses: true },
        Edge { outside: left, inside: right, shape, crosses: true },
    )
}

/// What is heard of a comp when it plays, as [`resolve`](super::resolve()) says. Costs the clips of the lanes it picks
/// from, each looked at once, and the picks.
#[must_use]
pub fn resolve_comp(session: &Session, track: &Track, comp: &Comp) -> Vec<PlayedClip> {
    let lanes: HashMap<LaneId, _> = track.lanes.iter().map(|lane| (lane.id, lane)).collect();
    let mut materials: HashMap<LaneId, Material> = HashMap::new();
    for pick in &comp.picks {
        if let Some(lane) = lanes.get(&pick.lane) {
            materials.entry(pick.lane).or_insert_with(|| Material::of(session, lane));
        }
    }
    let picked: Vec<Option<&Material>> = comp.picks.iter().map(|pick| materials.get(&pick.lane)).collect();
    let mut edges = wishes(comp, &picked, i64::from(session.sample_rate / FADES_A_SECOND));
    share(comp, &mut edges);
    let mut pieces = Vec::with_capacity(comp.picks.len());
    for ((pick, material), [left, right]) in comp.picks.iter().zip(picked).zip(edges) {
        let (start, end) = (pick.start.0, pick.end.0);
        if let Some(material) = material {
            let ramps = [left.ramp(start - left.outside), right.ramp(end - right.inside)];
            material.take((start, end), ramps, &mut pieces);
        }
    }
    pieces.sort_by_key(|piece| piece.from);
    pieces
}

/// What each pick's left and right edge would be if the pick were long enough.
fn wishes(comp: &Comp, picked: &[Option<&Material>], fade: i64) -> Vec<[Edge; 2]> {
    let alone = |heard: Option<i64>| Edge::fade(heard.map_or(0, |heard| heard.min(fade)));
    let mut edges: Vec<[Edge; 2]> = Vec::with_capacity(picked.len());
    for (number, pick) in comp.picks.iter().enumerate() {
        let (start, end) = (pick.start.0, pick.end.0);
        let own = picked[number];
        let right = alone(own.map(|own| own.heard_until(end)));
        let mut left = alone(own.map(|own| own.heard_from(start)));
        let before = number.checked_sub(1).filter(|_| comp.is_joined(number));
        if let (Some(before), Some(later)) = (before, own)
            && let Some(earlier) = picked[before]
        {
            let same_lane = comp.picks[before].lane == pick.lane;
            if same_lane || pick.joint.length.0 == 0 || earlier.goes_on_in(later, start) {
                (edges[before][1], left) = (Edge::CUT, Edge::CUT);
            } else if let Some(length) = length(earlier, later, start, pick.joint) {
                (edges[before][1], left) = crossfade(length, pick.joint.shape);
            }
        }
        edges.push([left, right]);
    }
    edges
}

/// How long a joint at `at` can be, if both sides have something to give.
fn length(earlier: &Material, later: &Material, at: i64, joint: Joint) -> Option<i64> {
    if earlier.heard_until(at) == 0 || later.heard_from(at) == 0 {
        return None;
    }
    let (left, right) = (later.reach_left(at), earlier.reach_right(at));
    // Half of it, rounded down, lies left of the boundary, the rest right.
    (left > 0 && right > 0).then(|| joint.length.0.min(2 * left + 1).min(2 * right))
}

/// Where the fades of a pick's two edges would run into each other, they share the pick in proportion.
fn share(comp: &Comp, edges: &mut [[Edge; 2]]) {
    let rooms: Vec<[i64; 2]> = comp
        .picks
        .iter()
        .zip(&*edges)
        .map(|(pick, [left, right])| {
            let (whole, wished) = (pick.end.0 - pick.start.0, left.inside + right.inside);
            if wished <= whole {
                return [left.inside, right.inside];
            }
            let for_left = whole * left.inside / wished;
            [for_left, whole - for_left]
        })
        .collect();
    for number in 0..edges.len() {
        let [left, right] = rooms[number];
        for (edge, room) in edges[number].iter_mut().zip([left, right]) {
            if !edge.crosses {
                edge.inside = edge.inside.min(room);
            }
        }
        // A crossfade takes room in both picks; the later one has its joint.
        if edges[number][0].crosses {
            let wished = edges[number][0];
            let length = (wished.outside + wished.inside).min(2 * left).min(2 * rooms[number - 1][1] + 1);
            (edges[number - 1][1], edges[number][0]) = crossfade(length, wished.shape);
        }
    }
}
