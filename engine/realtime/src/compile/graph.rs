//! What the passes work on: nodes and who feeds whom, before anything has a place in memory.

use std::sync::Arc;

use dawg_plugins::Tail;

use crate::plan::NodeId;
use crate::timeline::Timeline;

/// All nodes of a song; indices into `nodes` are how they name each other.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<GraphNode>,
    /// The node whose output is the mix.
    pub(crate) output: usize,
}

/// One node.
#[derive(Debug)]
pub(crate) struct GraphNode {
    pub(crate) id: NodeId,
    pub(crate) kind: Kind,
    /// Who feeds it, in the order in which a bus adds them up.
    pub(crate) inputs: Vec<usize>,
    /// Channels of its output.
    pub(crate) channels: u16,
    /// Frames by which its output is later than its input.
    pub(crate) latency: u32,
    pub(crate) tail: Tail,
}

/// What a node is to the schedule.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Plays a timeline; has no inputs.
    Source(Arc<Timeline>),
    /// Turns one input into one output.
    Node,
    /// Adds its inputs up.
    Bus,
    /// Compensating delay of so many frames.
    Delay(u32),
}

impl Graph {
    pub(crate) fn add(&mut self, node: GraphNode) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }
}
