//! What a Plan travels in: itself, the slots that are new, and room for what it replaces.
//!
//! Start at [`Installation`].

use std::sync::Arc;

use dawg_plugins::{Events, Node};
use dawg_session::{Meter, Tempo, TempoMap};

use crate::meter::MeterCell;
use crate::plan::{Plan, SlotIndex, Span};

/// The state of one node, owned by the Processor.
pub enum Slot {
    /// A track's source.
    Source(crate::processor::source::SourceState),
    /// A track's delay compensation.
    Compensation(crate::processor::compensation::Compensation),
    /// Any other node, and where its level shows.
    Node {
        /// The node.
        node: Box<dyn Node>,
        /// Gestures for the next block.
        events: Events,
        /// Its meter, if it has one.
        meter: Option<Arc<MeterCell>>,
    },
}

impl Slot {
    /// A node with room for its gestures.
    #[must_use]
    pub fn node(node: Box<dyn Node>, meter: Option<Arc<MeterCell>>) -> Box<Self> {
        let room = node.params().len().max(1);
        Box::new(Self::Node { node, events: Events::with_capacity(room), meter })
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Source(_) => "Source",
            Self::Compensation(_) => "Compensation",
            Self::Node { .. } => "Node",
        })
    }
}

/// A Plan with what it brings and, after it was installed, with what it replaced: the same box goes back
/// through the garbage ring, so that installing allocates and frees nothing.
#[derive(Debug)]
pub struct Installation {
    /// The new Plan; afterwards the old one.
    pub plan: Plan,
    /// Slots to fill; afterwards empty.
    pub fresh: Vec<(SlotIndex, Option<Box<Slot>>)>,
    /// Slots to empty; afterwards what was in them.
    pub dead: Vec<(SlotIndex, Option<Box<Slot>>)>,
    /// A larger table of slots, if the present one is too small; afterwards the present one.
    pub table: Option<Vec<Option<Box<Slot>>>>,
    /// More scratch buffers, if they are too few; afterwards the former ones.
    pub scratch: Option<Scratch>,
}

impl Installation {
    /// A Plan of silence: what a Processor plays before its first.
    #[must_use]
    pub fn silence(rate: u32) -> Self {
        let tempo = Arc::new(TempoMap::fixed(Tempo::DEFAULT, Meter::DEFAULT));
        let output = Span { first: 0, channels: 2 };
        let plan = Plan {
            generation: 0,
            rate,
            steps: Vec::new(),
            buffers: 2,
            sums: 0,
            output,
            latency: 0,
            shifts: false,
            tail: 0,
            tempo,
        };
        Self { plan, fresh: Vec::new(), dead: Vec::new(), table: None, scratch: None }
    }
}

/// Scratch buffers of a Processor.
#[derive(Debug)]
pub struct Scratch {
    /// Planar buffers, each of the Processor's largest block.
    pub planes: Vec<Box<[f32]>>,
    /// The sum, one a channel.
    pub sums: Vec<Box<[f64]>>,
    /// For a source that fades from what it played before.
    pub spare: Box<[f32]>,
}

impl Scratch {
    /// `buffers` and `sums` for blocks of up to `frames`.
    #[must_use]
    pub fn new(buffers: u32, sums: u32, frames: usize) -> Self {
        Self {
            planes: (0..buffers).map(|_| vec![0.0; frames].into_boxed_slice()).collect(),
            sums: (0..sums).map(|_| vec![0.0; frames].into_boxed_slice()).collect(),
            spare: vec![0.0; frames].into_boxed_slice(),
        }
    }
}
