//! The compiler: from a Session to a Plan, in named passes (resolve → sort → latency → buffers → schedule).
//!
//! Never on the audio thread. It keeps what the next Plan can use again: timelines of tracks that did not
//! change, the slot of each node, and so each node's state. Start at [`Compiler::compile`].

mod buffers;
mod graph;
mod latency;
mod resolve;
mod schedule;
mod sort;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use dawg_media::cache::Slots;
use dawg_plugins::{Delay, Tail};
use dawg_session::{Session, Track, TrackId};

use crate::installation::{Installation, Scratch, Slot};
use crate::meter::MeterCell;
use crate::plan::{NodeId, Plan, SlotIndex};
use crate::processor::source::SourceState;
use crate::processor::strip::{Strip, StripSettings};
use graph::{Graph, Kind};
use resolve::Resolver;
pub(crate) use resolve::same_timeline;
pub use sort::Feedback;

/// Makes Plans for one Processor, each the successor of the one before.
#[derive(Debug)]
pub struct Compiler {
    resolver: Resolver,
    max_block: usize,
    generation: u64,
    // What is in each occupied slot, besides its name: a node of another shape is another node.
    slots: HashMap<NodeId, (SlotIndex, Shape)>,
    free: Vec<SlotIndex>,
    used: u32,
    table: usize,
    scratch: (u32, u32),
    sources: schedule::Sources,
    meters: HashMap<NodeId, Arc<MeterCell>>,
    // An insert with latency on the master: none yet but in tests of compensation.
    #[cfg(test)]
    pub(crate) test_latency: Option<(TrackId, u32)>,
}

/// What a slot must be made anew for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    channels: u16,
    delay: u32,
}

impl Compiler {
    /// A compiler for a Processor with blocks of at most `max_block` frames, of songs whose files lie in
    /// `audio_folder` and are streamed through `slots`.
    #[must_use]
    pub fn new(audio_folder: PathBuf, slots: Arc<Slots>, max_block: usize) -> Self {
        Self {
            resolver: Resolver::new(audio_folder, slots),
            max_block,
            generation: 0,
            slots: HashMap::new(),
            free: Vec::new(),
            used: 0,
            table: 0,
            scratch: (2, 0),
            sources: HashMap::new(),
            meters: HashMap::new(),
            #[cfg(test)]
            test_latency: None,
        }
    }

    /// The Plan of `session`, with the tracks in `dying` still in it.
    ///
    /// # Errors
    /// [`Feedback`] when the routing goes in a circle.
    pub fn compile(
        &mut self,
        session: &Session,
        dying: &[Arc<Track>],
    ) -> Result<Box<Installation>, Feedback> {
        let (graph, tempo) = self.resolver.resolve(session, dying);
        #[cfg(test)]
        let graph = self.with_test_latency(graph);
        let mut graph = graph;
        let mut order = sort::sort(&graph)?;
        let latency = latency::compensate(&mut graph, &mut order);
        let layout = buffers::assign(&graph, &order);
        let (fresh, dead) = self.assign_slots(&graph, &order, session, dying);
        let indices = self.slots.iter().map(|(id, (index, _))| (*id, *index)).collect();
        let (steps, sources) = schedule::schedule(&graph, &order, &layout, &indices, &self.sources);
        self.sources = sources;
        self.generation += 1;
        let output = layout.spans[graph.output].unwrap_or(crate::plan::Span { first: 0, channels: 2 });
        let plan = Plan {
            generation: self.generation,
            rate: session.sample_rate,
            steps,
            buffers: layout.buffers,
            sums: layout.sum_buffers,
            output,
            latency,
            tail: tail_of(&graph),
            tempo,
        };
        Ok(Box::new(Installation {
            table: self.larger_table(),
            scratch: self.larger_scratch(plan.buffers, plan.sums),
            plan,
            fresh,
            dead,
        }))
    }

    /// The slot of a node, to send it parameters.
    #[must_use]
    pub fn slot(&self, id: NodeId) -> Option<SlotIndex> {
        self.slots.get(&id).map(|(index, _)| *index)
    }

    /// The meter of a strip.
    #[must_use]
    pub fn meter(&self, id: NodeId) -> Option<&Arc<MeterCell>> {
        self.meters.get(&id)
    }

    /// Gives slots to new nodes and takes those of vanished ones back.
    #[allow(clippy::type_complexity, reason = "the two lists of an Installation")]
    fn assign_slots(
        &mut self,
        graph: &Graph,
        order: &[usize],
        session: &Session,
        dying: &[Arc<Track>],
    ) -> (Vec<(SlotIndex, Option<Box<Slot>>)>, Vec<(SlotIndex, Option<Box<Slot>>)>) {
        let tracks: HashMap<TrackId, &Track> =
            session.tracks.iter().chain(dying).map(|track| (track.id, &**track)).collect();
        let mut kept = HashMap::with_capacity(self.slots.len());
        let mut fresh = Vec::new();
        for &index in order {
            let node = &graph.nodes[index];
            let shape = Shape {
                channels: node.inputs.first().map_or(node.channels, |input| graph.nodes[*input].channels),
                delay: if let Kind::Delay(frames) = node.kind { frames } else { 0 },
            };
            match self.slots.remove(&node.id) {
                Some((slot, before)) if before == shape => {
                    kept.insert(node.id, (slot, shape));
                    continue;
                }
                Some((slot, _)) => self.slots.extend([(node.id, (slot, shape))]), // dead below, made anew here
                None => {}
            }
            if let Some(state) = self.state_of(node.id, shape, session, &tracks) {
                let slot = self.free.pop().unwrap_or_else(|| {
                    self.used += 1;
                    SlotIndex(self.used - 1)
                });
                kept.insert(node.id, (slot, shape));
                fresh.push((slot, Some(state)));
            }
        }
        let dead: Vec<_> = self.slots.drain().map(|(_, (slot, _))| (slot, None)).collect();
        self.free.extend(dead.iter().map(|(slot, _)| *slot));
        self.slots = kept;
        self.meters.retain(|id, _| self.slots.contains_key(id));
        (fresh, dead)
    }

    fn state_of(
        &mut self,
        id: NodeId,
        shape: Shape,
        session: &Session,
        tracks: &HashMap<TrackId, &Track>,
    ) -> Option<Box<Slot>> {
        Some(match id {
            NodeId::Source(track) => {
                let track = tracks.get(&track)?;
                let state = SourceState::new(track.input.channels(), track.monitor, track.arm);
                Box::new(Slot::Source(state))
            }
            NodeId::Strip(track) => {
                let settings = strip_settings(tracks.get(&track)?, session.any_solo());
                let meter = self.meters.entry(id).or_default();
                Slot::node(Box::new(Strip::new(shape.channels, settings)), Some(Arc::clone(meter)))
            }
            NodeId::MasterStrip => {
                let meter = self.meters.entry(id).or_default();
                Slot::node(Box::new(Strip::new(2, master_settings(session))), Some(Arc::clone(meter)))
            }
            NodeId::Compensation(_) => {
                Slot::node(Box::new(Delay::compensating(shape.channels, shape.delay)), None)
            }
            #[cfg(test)]
            NodeId::Insert(_, frames) => {
                Slot::node(Box::new(Delay::with_latency(shape.channels, frames)), None)
            }
            #[cfg(not(test))]
            NodeId::Insert(..) => return None,
            NodeId::MasterBus => return None,
        })
    }

    fn larger_table(&mut self) -> Option<Vec<Option<Box<Slot>>>> {
        // Doubles, so that it grows seldom; the Processor starts with none.
        let needed = (self.used as usize).next_power_of_two().max(16);
        if needed <= self.table {
            return None;
        }
        self.table = needed;
        Some((0..needed).map(|_| None).collect())
    }

    fn larger_scratch(&mut self, buffers: u32, sums: u32) -> Option<Scratch> {
        if buffers <= self.scratch.0 && sums <= self.scratch.1 {
            return None;
        }
        self.scratch = (self.scratch.0.max(buffers), self.scratch.1.max(sums));
        Some(Scratch::new(self.scratch.0, self.scratch.1, self.max_block))
    }

    #[cfg(test)]
    fn with_test_latency(&self, mut graph: Graph) -> Graph {
        let Some((track, frames)) = self.test_latency else { return graph };
        let strip = graph.nodes.iter().position(|node| node.id == NodeId::Strip(track)).unwrap();
        let source = graph.nodes[strip].inputs[0];
        let channels = graph.nodes[source].channels;
        let insert = graph.add(graph::GraphNode {
            id: NodeId::Insert(track, frames),
            kind: Kind::Node,
            inputs: vec![source],
            channels,
            latency: frames,
            tail: Tail::Frames(0),
        });
        graph.nodes[strip].inputs[0] = insert;
        graph
    }
}

/// What a track's strip is set to, given whether any track is soloed.
#[must_use]
pub fn strip_settings(track: &Track, any_solo: bool) -> StripSettings {
    StripSettings {
        gain: track.gain.get(),
        pan: track.pan.get(),
        audible: !track.mute && (track.solo || !any_solo),
    }
}

/// What the master's strip is set to.
#[must_use]
pub fn master_settings(session: &Session) -> StripSettings {
    let master = session.master;
    StripSettings { gain: master.gain.get(), pan: master.pan.get(), audible: !master.mute }
}

/// The longest tail of all nodes; an infinite one counts as ten seconds at 48 kHz.
fn tail_of(graph: &Graph) -> u32 {
    let tails = graph.nodes.iter().map(|node| match node.tail {
        Tail::Frames(frames) => frames,
        Tail::Infinite => 480_000,
    });
    tails.max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
