//! What stands between a track's source and its strip, or before the master's, and what of it is left out so that a
//! singer hears themselves at once.
//!
//! The product has no inserts of its own yet: what is here are probes of nothing but latency, for tests. Start at
//! [`Inserts::put_into`].

use std::collections::BTreeSet;

use dawg_plugins::Tail;
use dawg_session::TrackId;

use super::graph::{Graph, GraphNode, Kind};
use crate::plan::NodeId;

/// Where an insert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Before a track's strip.
    Track(TrackId),
    /// Before the master's strip.
    Master,
}

/// An insert that is left out in low-latency mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub place: Place,
    /// Frames by which it would have made the path later.
    pub frames: u32,
}

/// Paths that are to be quick.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quick {
    /// Their tracks; with any, the master belongs to their path.
    pub tracks: BTreeSet<TrackId>,
    /// Frames of latency above which an insert on such a path is skipped.
    pub limit: u32,
}

impl Quick {
    fn skips(&self, place: Place, frames: u32) -> bool {
        let on_path = match place {
            Place::Track(track) => self.tracks.contains(&track),
            Place::Master => !self.tracks.is_empty(),
        };
        on_path && frames > self.limit
    }
}

/// All inserts of a song.
#[derive(Debug, Default)]
pub(super) struct Inserts {
    probes: Vec<(Place, u32)>,
    pub(super) quick: Quick,
    pub(super) skipped: Vec<Skipped>,
}

impl Inserts {
    /// A probe of so many frames in place of the one that was there; 0 takes it out.
    pub(super) fn probe(&mut self, place: Place, frames: u32) {
        self.probes.retain(|(known, _)| *known != place);
        if frames > 0 {
            self.probes.push((place, frames));
        }
    }

    /// Puts them into their paths, but for those that are skipped. One whose track is not there waits for it.
    pub(super) fn put_into(&mut self, graph: &mut Graph) {
        self.skipped.clear();
        for &(place, frames) in &self.probes {
            if self.quick.skips(place, frames) {
                self.skipped.push(Skipped { place, frames });
                continue;
            }
            let (strip, id) = match place {
                Place::Track(track) => (NodeId::Strip(track), NodeId::Insert(track, 0)),
                Place::Master => (NodeId::MasterStrip, NodeId::MasterInsert(0)),
            };
            let Some(strip) = graph.nodes.iter().position(|node| node.id == strip) else { continue };
            let Some(&before) = graph.nodes[strip].inputs.first() else { continue };
            let channels = graph.nodes[before].channels;
            let (kind, tail) = (Kind::Node, Tail::Frames(frames));
            let insert =
                graph.add(GraphNode { id, kind, inputs: vec![before], channels, latency: frames, tail });
            graph.nodes[strip].inputs[0] = insert;
        }
    }
}
