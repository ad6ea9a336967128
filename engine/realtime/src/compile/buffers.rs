//! Pass 4: places in memory. A buffer is used again as soon as its last reader is done, so that a hundred tracks
//! need no more memory than two.

use super::graph::{Graph, Kind};
use crate::plan::Span;

/// Where each node's output stands.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Span of each node, by index; unused nodes have none.
    pub(crate) spans: Vec<Option<Span>>,
    /// Sum buffers of each bus.
    pub(crate) sums: Vec<Option<Span>>,
    /// Scratch buffers in all.
    pub(crate) buffers: u32,
    /// Sum buffers in all.
    pub(crate) sum_buffers: u32,
}

/// Assigns spans along `order`. A bus reads each input right after it was rendered (see `schedule`), so an input
/// that only feeds buses is free again at once.
pub(crate) fn assign(graph: &Graph, order: &[usize]) -> Layout {
    let mut layout = Layout {
        spans: vec![None; graph.nodes.len()],
        sums: vec![None; graph.nodes.len()],
        buffers: 0,
        sum_buffers: 0,
    };
    let mut readers = vec![0_u32; graph.nodes.len()];
    for &node in order {
        if !matches!(graph.nodes[node].kind, Kind::Bus) {
            for &input in &graph.nodes[node].inputs {
                readers[input] += 1;
            }
        }
    }
    let mut free: Vec<Span> = Vec::new();
    for &node in order {
        let channels = graph.nodes[node].channels;
        let span = take(&mut free, &mut layout.buffers, channels);
        layout.spans[node] = Some(span);
        if matches!(graph.nodes[node].kind, Kind::Bus) {
            layout.sums[node] = Some(Span { first: layout.sum_buffers, channels });
            layout.sum_buffers += u32::from(channels);
        } else {
            for &input in &graph.nodes[node].inputs {
                readers[input] -= 1;
                if readers[input] == 0 {
                    free.extend(layout.spans[input]);
                }
            }
        }
        if readers[node] == 0 && node != graph.output {
            free.push(span);
        }
    }
    layout
}

fn take(free: &mut Vec<Span>, count: &mut u32, channels: u16) -> Span {
    if let Some(at) = free.iter().rposition(|span| span.channels == channels) {
        return free.swap_remove(at);
    }
    let span = Span { first: *count, channels };
    *count += u32::from(channels);
    span
}
