//! JARVIS, the supervisor: starts the sidecar processes, watches them, mends them, and tells the truth about them.
//!
//! It knows nothing of audio or songs, and builds without a window. Read first [`control_loop::ControlLoop`], which is
//! driven by `ai-dawg jarvis run` and by the simulation of seven days alike: only [`clock::Clock`],
//! [`process::ProcessHost`], [`probe::Probe`], [`store::Store`] and [`entropy::Entropy`] are exchanged, in its one
//! constructor. [`owner::Owner`] is the real one, with the lock that makes it the only one.

pub mod alert;
pub mod audit;
pub mod by;
pub mod client;
pub mod clock;
pub mod config;
pub mod control_loop;
pub mod control_plane;
pub mod deep;
pub mod durable;
pub mod endpoint;
pub mod entropy;
pub mod event;
pub mod file_id;
pub mod gauge;
pub mod health;
pub mod intelligence;
pub mod latency;
pub mod layout;
pub mod lock;
pub mod owner;
pub mod probe;
pub mod process;
pub mod recovery;
pub mod running;
#[cfg(test)]
mod simulation;
pub mod status;
pub mod store;
pub mod stream;
pub mod switch;
pub mod takeover;
pub mod usage;
