//! The engine: devices, transport, Plans and the Processor that renders them, captures, meters, vitals; and
//! offline render.
//!
//! For the window and the command line, which hand it an `Arc<Session>` and commands and read newest-value
//! cells. Start at [`Engine`] for sound in real time, at [`offline`] for files, at [`Processor`] for what runs
//! on the audio thread.

pub mod calibrate;
pub mod capture;
pub mod compile;
pub mod device;
pub mod disk;
pub mod engine;
pub mod export;
pub mod installation;
pub mod joints;
pub mod meter;
pub mod offline;
pub mod pitch;
pub mod plan;
pub mod processor;
pub mod retrospect;
pub mod roles;
pub mod timeline;
pub mod vitals;

pub use compile::Compiler;
pub use engine::{Engine, EngineError, LowLatency};
pub use processor::command::Playhead;
pub use processor::cue::CueMix;
pub use processor::{Processor, shortest_loop};
pub use retrospect::{KeepError, Kept, Retrospect};
pub use vitals::{Vitals, VitalsReading};
