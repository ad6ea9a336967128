//! The compiler: from a Session to a Plan, in named passes (resolve → sort → latency → buffers → schedule).
//!
//! Never on the audio thread. It keeps what the next Plan can use again: timelines of tracks that did not
//! change, the slot of each node, and so each node's state. Start at [`Compiler::compile`].

mod buffers;
mod graph;
mod inserts;
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
use crate::processor::compensation::Compensation;
use crate::processor::source::SourceState;
use crate::processor::strip::{Strip, StripSettings};
use graph::{Graph, GraphNode, Kind};
use inserts::Inserts;
pub use inserts::{Place, Quick, Skipped};
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
    inserts: Inserts,
    // What the Plan before held back where, but for what is zero.
    delays: HashMap<NodeId, u32>,
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
            inserts: Inserts::default(),
            delays: HashMap::new(),
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
        let (mut graph, tempo) = self.resolver.resolve(session, dying);
        self.inserts.put_into(&mut graph);
        let mut order = sort::sort(&graph)?;
        let latency = latency::compensate(&mut graph, &mut order);
        let layout = buffers::assign(&graph, &order);
        let (fresh, dead) = self.assign_slots(&graph, &order, session, dying);
        let indices = self.slots.iter().map(|(id, (index, _))| (*id, *index)).collect();
        let shifts = self.shifts(&graph, &order);
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
            shifts,
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
                delay: delay_of(node),
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
                Box::new(Slot::Compensation(Compensation::new(shape.channels, shape.delay)))
            }
            NodeId::Insert(..) | NodeId::MasterInsert(_) => {
                Slot::node(Box::new(Delay::with_latency(shape.channels, shape.delay)), None)
            }
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

    /// Makes these paths quick from the next Plan on.
    pub fn set_quick(&mut self, quick: Quick) {
        self.inserts.quick = quick;
    }

    /// The paths that are quick.
    #[must_use]
    pub fn quick(&self) -> &Quick {
        &self.inserts.quick
    }

    /// The inserts that the last Plan left out.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.inserts.skipped
    }

    /// Puts an insert of nothing but latency there from the next Plan on; 0 takes it out. For tests.
    #[doc(hidden)]
    pub fn probe(&mut self, place: Place, frames: u32) {
        self.inserts.probe(place, frames);
    }

    /// Whether a path that was there before is held back otherwise now.
    fn shifts(&mut self, graph: &Graph, order: &[usize]) -> bool {
        let held = order.iter().map(|index| &graph.nodes[*index]).map(|node| (node.id, delay_of(node)));
        let delays: HashMap<NodeId, u32> = held.filter(|(_, delay)| *delay > 0).collect();
        let before = std::mem::replace(&mut self.delays, delays);
        let stays = |id: &NodeId| match id {
            NodeId::Insert(track, _) | NodeId::Compensation(track) => {
                let source = NodeId::Source(*track);
                self.sources.contains_key(&source)
                    && order.iter().any(|index| graph.nodes[*index].id == source)
            }
            _ => !self.sources.is_empty(),
        };
        let mut held = before.keys().chain(self.delays.keys());
        held.any(|id| before.get(id) != self.delays.get(id) && stays(id))
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

/// Frames by which a node's output is later than its input, on purpose or not.
fn delay_of(node: &GraphNode) -> u32 {
    if let Kind::Delay(frames) = node.kind { frames } else { node.latency }
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
