//! The passes, each by its law.

use dawg_plugins::Tail;
use dawg_session::TrackId;
use proptest::prelude::*;

use super::buffers::assign;
use super::graph::GraphNode;
use super::latency::compensate;
use super::*;
use crate::timeline::Timeline;

fn id(n: usize) -> NodeId {
    NodeId::Insert(TrackId::from_u128(n as u128), 0)
}

fn node(n: usize, kind: Kind, inputs: Vec<usize>, latency: u32) -> GraphNode {
    GraphNode { id: id(n), kind, inputs, channels: 2, latency, tail: Tail::Frames(0) }
}

fn source(graph: &mut Graph) -> usize {
    let n = graph.nodes.len();
    graph.add(node(n, Kind::Source(Arc::new(Timeline::default())), vec![], 0))
}

fn effect(graph: &mut Graph, input: usize, latency: u32) -> usize {
    let n = graph.nodes.len();
    graph.add(node(n, Kind::Node, vec![input], latency))
}

fn bus(graph: &mut Graph, inputs: Vec<usize>) -> usize {
    let n = graph.nodes.len();
    graph.add(node(n, Kind::Bus, inputs, 0))
}

/// A random routing: sources, effects with latency, and buses that may feed buses.
fn any_graph() -> impl Strategy<Value = Graph> {
    prop::collection::vec(
        (0_u8..3, any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_u32..300),
        1..40,
    )
    .prop_map(|plan| {
        let mut graph = Graph::default();
        let mut last = source(&mut graph);
        for (kind, a, b, latency) in plan {
            let n = graph.nodes.len();
            last = match kind {
                0 => source(&mut graph),
                1 => effect(&mut graph, a.index(n), latency),
                _ => bus(
                    &mut graph,
                    if a.index(n) == b.index(n) { vec![a.index(n)] } else { vec![a.index(n), b.index(n)] },
                ),
            };
        }
        let everything: Vec<usize> = (0..graph.nodes.len()).collect();
        let _ = last;
        graph.output = bus(&mut graph, everything);
        graph
    })
}

proptest! {
    // Seen red: pushing a node before its inputs (order.push on the way down) fails at once.
    #[test]
    fn everyone_comes_after_those_who_feed_them(graph in any_graph()) {
        let order = sort::sort(&graph).unwrap();
        let mut done = vec![false; graph.nodes.len()];
        for node in order {
            prop_assert!(graph.nodes[node].inputs.iter().all(|input| done[*input]));
            done[node] = true;
        }
    }

    // Seen red: with `latest` taken from the first input alone, paths through nested buses arrive apart.
    #[test]
    fn all_paths_to_a_bus_are_equally_late(mut graph in any_graph()) {
        let mut order = sort::sort(&graph).unwrap();
        let total = compensate(&mut graph, &mut order);
        // Every path's delay, the slow way.
        let mut arrivals: Vec<Vec<u32>> = vec![Vec::new(); graph.nodes.len()];
        for node in order {
            let own = graph.nodes[node].latency + if let Kind::Delay(frames) = graph.nodes[node].kind { frames } else { 0 };
            let mut paths: Vec<u32> =
                graph.nodes[node].inputs.iter().flat_map(|input| arrivals[*input].clone()).collect();
            if paths.is_empty() {
                paths.push(0);
            }
            paths.sort_unstable();
            paths.dedup();
            prop_assert_eq!(paths.len(), 1, "paths meet apart at {:?}", graph.nodes[node].id);
            arrivals[node] = paths.into_iter().map(|path| path + own).collect();
        }
        prop_assert_eq!(arrivals[graph.output][0], total);
    }

    // Seen red: freeing an input before its last reader (readers − 1 == 1) hands its buffer out while it is read.
    #[test]
    fn no_buffer_is_written_before_its_last_reader_is_done(mut graph in any_graph()) {
        let mut order = sort::sort(&graph).unwrap();
        compensate(&mut graph, &mut order);
        let layout = assign(&graph, &order);
        let mut holds: HashMap<u32, usize> = HashMap::new();
        for (at, &node) in order.iter().enumerate() {
            if !matches!(graph.nodes[node].kind, Kind::Bus) {
                for &input in &graph.nodes[node].inputs {
                    let span = layout.spans[input].unwrap();
                    prop_assert_eq!(holds.get(&span.first), Some(&input), "overwritten before it was read");
                    prop_assert_ne!(layout.spans[node], Some(span), "in and out are the same buffer");
                }
            }
            holds.insert(layout.spans[node].unwrap().first, node);
            prop_assert!(at < order.len());
        }
        prop_assert_eq!(holds.get(&layout.spans[graph.output].unwrap().first), Some(&graph.output));
    }
}

// Seen red: without Mark::Open the sort never ends or leaves a reader before its source.
#[test]
fn a_circle_is_refused() {
    let mut graph = Graph::default();
    let first = source(&mut graph);
    let a = effect(&mut graph, first, 0);
    let b = bus(&mut graph, vec![first, a]);
    graph.nodes[a].inputs[0] = b;
    graph.output = b;
    assert_eq!(sort::sort(&graph), Err(Feedback));
}

// Seen red: with one buffer a node (nothing freed) a hundred tracks need four hundred.
#[test]
fn a_hundred_tracks_need_the_memory_of_a_few() {
    let mut graph = Graph::default();
    let mut strips = Vec::new();
    for _ in 0..100 {
        let source = source(&mut graph);
        strips.push(effect(&mut graph, source, 0));
    }
    let bus = bus(&mut graph, strips);
    graph.output = effect(&mut graph, bus, 0);
    let order = sort::sort(&graph).unwrap();
    assert!(assign(&graph, &order).buffers <= 8);
}
