//! The Plan: what one block does, step by step, without any mutable state.
//!
//! Start at [`Plan`]. State (filter memory, faders) lives in slots owned by the Processor; a Plan names them by
//! index. A Plan travels to the audio thread in an [`Installation`](crate::installation::Installation) together with
//! the slots that are new.

use std::sync::Arc;

use dawg_session::{TempoMap, TrackId};

use crate::timeline::Timeline;

/// Most channels of one port that the schedule handles.
pub const MAX_CHANNELS: usize = 8;

/// Name of a node that lasts over Plans, so that a rebuilt Plan finds its state again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeId {
    /// What a track plays.
    Source(TrackId),
    /// A track's strip.
    Strip(TrackId),
    /// Where all tracks meet.
    MasterBus,
    /// The master's strip.
    MasterStrip,
    /// An insert: number within its track.
    Insert(TrackId, u32),
    /// An insert before the master's strip: number.
    MasterInsert(u32),
    /// Delay compensation between a track and a bus.
    Compensation(TrackId),
}

/// Index of a slot in the Processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotIndex(pub u32);

/// Neighbouring scratch buffers, one a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: u32,
    /// How many.
    pub channels: u16,
}

/// One step of a block.
#[derive(Debug)]
pub enum Step {
    /// A track's playback (or monitored input) into `out`.
    Source {
        /// Its state.
        slot: SlotIndex,
        /// What it plays.
        timeline: Arc<Timeline>,
        /// What it played in the Plan before this one, if that is different: the step's index there.
        before: Before,
        /// Where to.
        out: Span,
    },
    /// A node.
    Node {
        /// Its state.
        slot: SlotIndex,
        /// From where.
        input: Span,
        /// Where to; never overlaps `input`.
        output: Span,
    },
    /// A track's delay compensation.
    Compensate {
        /// Its state.
        slot: SlotIndex,
        /// The track's source, which says whether its input is heard.
        source: SlotIndex,
        /// From where.
        input: Span,
        /// Where to; never overlaps `input`.
        output: Span,
    },
    /// Starts a sum in double precision.
    ClearSum {
        /// Which sum buffers.
        sum: Span,
    },
    /// Adds to the sum, in Plan order.
    Accumulate {
        /// To which sum buffers.
        sum: Span,
        /// What.
        input: Span,
    },
    /// Ends the sum: its one rounding.
    RoundSum {
        /// Of which sum buffers.
        sum: Span,
        /// Where to.
        output: Span,
    },
}

/// How a source stood in the Plan before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// It plays what it played.
    Same,
    /// It was not there.
    New,
    /// It played something else: the index of its step in that Plan.
    Changed(u32),
}

/// What one block does. Immutable.
#[derive(Debug)]
pub struct Plan {
    /// Counts up with each Plan of a compiler.
    pub generation: u64,
    /// Frames a second.
    pub rate: u32,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Scratch buffers needed.
    pub buffers: u32,
    /// Sum buffers needed.
    pub sums: u32,
    /// Where the finished mix stands.
    pub output: Span,
    /// Frames by which the mix is late.
    pub latency: u32,
    /// Whether a path is late by more or less than in the Plan before: then what sounds jumps in time.
    pub shifts: bool,
    /// Frames for which it sounds on after the last clip.
    pub tail: u32,
    /// Tempo and meter, for the click.
    pub tempo: Arc<TempoMap>,
}

impl Plan {
    /// The timelines that it plays.
    pub fn timelines(&self) -> impl Iterator<Item = &Arc<Timeline>> {
        self.steps.iter().filter_map(|step| match step {
            Step::Source { timeline, .. } => Some(timeline),
            _ => None,
        })
    }
}
