//! Real processes, with real faults.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
#![cfg(target_os = "linux")]

mod address;
mod alerts;
mod disks;
mod faults;
mod owned;
mod owners;
mod plane;
mod plane_document;
mod plane_limits;
mod plane_stream;
mod processes;
mod rig;
mod routing;
mod takeover;
mod traces;
