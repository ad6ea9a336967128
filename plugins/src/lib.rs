//! What processes sound: the [`Node`] trait in CLAP's shape, and the nodes that are built in.
//!
//! The engine's own strips implement the same trait as an effect does and a hosted CLAP plugin will: ports with
//! layouts, one `process` call with events in order, parameters by stable number, latency and tail as queries.
//! No pointer crosses it that a sandbox process could not honour. Start at [`Node`].

mod latency;
mod node;

pub use latency::Delay;
pub use node::{
    Audio, Event, EventKind, Events, Node, ParamId, ParamInfo, Ports, Process, Tail, TransportView, Unit,
};
