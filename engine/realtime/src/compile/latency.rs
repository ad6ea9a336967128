//! Pass 3: delay compensation over every path.
//!
//! All inputs of a bus must speak of the same moment, so each that arrives early is delayed to the latest. Done
//! node by node in schedule order, which covers sends through nested buses as well as plain tracks.

use dawg_plugins::Tail;

use super::graph::{Graph, GraphNode, Kind};
use crate::plan::NodeId;

/// Inserts the delays and returns the latency of the output in frames. `order` is extended by what was inserted.
pub(crate) fn compensate(graph: &mut Graph, order: &mut Vec<usize>) -> u32 {
    let mut arrival = vec![0_u32; graph.nodes.len()];
    let mut sorted = Vec::with_capacity(order.len());
    for &node in order.iter() {
        let latest = graph.nodes[node].inputs.iter().map(|input| arrival[*input]).max().unwrap_or(0);
        for place in 0..graph.nodes[node].inputs.len() {
            let input = graph.nodes[node].inputs[place];
            let early = latest - arrival[input];
            if early > 0 {
                let delay = graph.add(delay_after(&graph.nodes[input], input, early));
                arrival.push(latest);
                graph.nodes[node].inputs[place] = delay;
                // Straight after what it delays, so that its chain stays in one go.
                let after = sorted.iter().position(|done| *done == input).map_or(sorted.len(), |at| at + 1);
                sorted.insert(after, delay);
            }
        }
        arrival[node] = latest + graph.nodes[node].latency;
        sorted.push(node);
    }
    *order = sorted;
    arrival[graph.output]
}

fn delay_after(node: &GraphNode, index: usize, frames: u32) -> GraphNode {
    let id = match node.id {
        NodeId::Source(track)
        | NodeId::Strip(track)
        | NodeId::Insert(track, _)
        | NodeId::Compensation(track) => NodeId::Compensation(track),
        master @ (NodeId::MasterBus | NodeId::MasterInsert(_) | NodeId::MasterStrip) => master,
    };
    GraphNode {
        id,
        kind: Kind::Delay(frames),
        inputs: vec![index],
        channels: node.channels,
        latency: 0,
        tail: Tail::Frames(frames),
    }
}
