//! Pass 5: the steps. A bus adds each input as soon as it is rendered, in Plan order, and rounds once.

use std::collections::HashMap;
use std::sync::Arc;

use super::buffers::Layout;
use super::graph::{Graph, Kind};
use crate::plan::{Before, NodeId, SlotIndex, Step};
use crate::timeline::Timeline;

/// What played where in the Plan before: the step and the timeline of each source.
pub(crate) type Sources = HashMap<NodeId, (u32, Arc<Timeline>)>;

/// Writes the steps; returns them with where each source stands.
pub(crate) fn schedule(
    graph: &Graph,
    order: &[usize],
    layout: &Layout,
    slots: &HashMap<NodeId, SlotIndex>,
    former: &Sources,
) -> (Vec<Step>, Sources) {
    let mut feeds: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    let mut steps = Vec::with_capacity(order.len() * 2);
    for &node in order {
        if matches!(graph.nodes[node].kind, Kind::Bus) {
            steps.extend(layout.sums[node].map(|sum| Step::ClearSum { sum }));
            for &input in &graph.nodes[node].inputs {
                feeds[input].push(node);
            }
        }
    }
    let mut sources = Sources::new();
    for &node in order {
        let graph_node = &graph.nodes[node];
        let Some(output) = layout.spans[node] else { continue };
        let slot = slots.get(&graph_node.id).copied();
        match (&graph_node.kind, slot) {
            (Kind::Source(timeline), Some(slot)) => {
                let before = match former.get(&graph_node.id) {
                    None => Before::New,
                    Some((_, then)) if Arc::ptr_eq(then, timeline) => Before::Same,
                    Some((step, _)) => Before::Changed(*step),
                };
                sources.insert(graph_node.id, (steps.len() as u32, Arc::clone(timeline)));
                steps.push(Step::Source { slot, timeline: Arc::clone(timeline), before, out: output });
            }
            (Kind::Delay(_), Some(slot)) => {
                let input = graph_node.inputs.first().and_then(|input| layout.spans[*input]);
                let source = match graph_node.id {
                    NodeId::Compensation(track) => slots.get(&NodeId::Source(track)).copied(),
                    _ => None,
                };
                if let (Some(input), Some(source)) = (input, source) {
                    steps.push(Step::Compensate { slot, source, input, output });
                }
            }
            (Kind::Node, Some(slot)) => {
                let input = graph_node.inputs.first().and_then(|input| layout.spans[*input]);
                steps.extend(input.map(|input| Step::Node { slot, input, output }));
            }
            (Kind::Bus, _) => steps.extend(layout.sums[node].map(|sum| Step::RoundSum { sum, output })),
            (_, None) => {}
        }
        for &bus in &feeds[node] {
            steps.extend(layout.sums[bus].map(|sum| Step::Accumulate { sum, input: output }));
        }
    }
    (steps, sources)
}
