//! Pass 2: an order in which everyone comes after those who feed them.

use super::graph::Graph;

/// A ring of nodes that feed each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the routing goes in a circle: remove one of the sends or outputs that lead back")]
pub struct Feedback;

/// Depth first from the output, inputs in their order, so that a track's chain is rendered in one go and its
/// buffers are still in the processor's cache when the bus adds them. Nodes that feed nothing are left out.
pub(crate) fn sort(graph: &Graph) -> Result<Vec<usize>, Feedback> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; graph.nodes.len()];
    let mut order = Vec::with_capacity(graph.nodes.len());
    // An explicit stack: a chain of a thousand buses must not overflow the thread's.
    let mut stack = vec![(graph.output, 0_usize)];
    marks[graph.output] = Mark::Open;
    while let Some((node, next)) = stack.pop() {
        match graph.nodes[node].inputs.get(next) {
            Some(&input) => {
                stack.push((node, next + 1));
                match marks[input] {
                    Mark::New => {
                        marks[input] = Mark::Open;
                        stack.push((input, 0));
                    }
                    Mark::Open => return Err(Feedback),
                    Mark::Done => {}
                }
            }
            None => {
                marks[node] = Mark::Done;
                order.push(node);
            }
        }
    }
    Ok(order)
}
