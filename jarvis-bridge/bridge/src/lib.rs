//! The thread in the app that takes vitals and usage from lock-free sources and reports them to the supervisor.
//!
//! Start at [`Bridge`]. Nobody ever waits for it: who measures writes into a newest-value cell ([`vitals`]), who uses
//! something pushes into a ring ([`usage`]); the bridge's own thread keeps usage on disk ([`spool`]) before anybody is told,
//! and a second one, the [`courier`], waits for the supervisor in its place. It knows nothing of audio: what gauges are
//! called comes from the app.

mod bridge;
pub mod courier;
mod pause;
pub mod spool;
pub mod usage;
pub mod vitals;

pub use bridge::{Bridge, Setup};
