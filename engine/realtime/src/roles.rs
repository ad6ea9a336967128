//! Which thread may call what, as types.
//!
//! [`AudioThread`] is a proof of being inside a device's callback (or its offline twin): only this crate makes
//! one, one per call, and it cannot leave its thread. What must run there takes it by reference; what must not
//! run there (the compiler, the engine's controls, the disk reader) is out of reach of the Processor, which owns
//! nothing but its slots and its ends of the rings.

use std::marker::PhantomData;

use dawg_dsp::denormals::DenormalsOff;

/// Proof of being on the thread that makes sound, with denormals off for as long as it lives.
#[derive(Debug)]
pub struct AudioThread {
    _denormals: DenormalsOff,
    _not_send: PhantomData<*mut ()>,
}

impl AudioThread {
    /// Called once at the top of each callback, by devices and by offline render.
    pub(crate) fn enter() -> Self {
        Self { _denormals: DenormalsOff::on_this_thread(), _not_send: PhantomData }
    }
}
