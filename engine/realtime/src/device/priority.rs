//! Real-time priority for threads that a host gives us without it.
//!
//! JACK's threads have it; ALSA's and the timer's do not. Asked for once, in a thread's first call; a refusal is
//! told in the vitals and is no error. Start at [`try_real_time`].

use std::sync::Arc;

use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadPriorityValue, ThreadSchedulePolicy,
    set_thread_priority_and_policy, thread_native_id,
};

use crate::vitals::Vitals;

/// Above ordinary work, below a kernel's or a sound server's own threads.
const LEVEL: u8 = 60;

/// Whether a thread has asked.
#[derive(Debug)]
pub(crate) struct Priority {
    vitals: Arc<Vitals>,
    asked: bool,
}

impl Priority {
    pub(crate) fn new(vitals: &Arc<Vitals>) -> Self {
        Self { vitals: Arc::clone(vitals), asked: false }
    }

    /// Asks for SCHED_FIFO if this thread has not asked yet. The first call makes a system call; later ones are
    /// real-time safe.
    pub(crate) fn ask_once(&mut self) {
        if !std::mem::replace(&mut self.asked, true) {
            self.vitals.real_time(try_real_time());
        }
    }
}

/// Tries to give the calling thread real-time priority; returns whether it has it now.
#[must_use]
pub fn try_real_time() -> bool {
    let Ok(value) = ThreadPriorityValue::try_from(LEVEL) else { return false };
    let policy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
    set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Crossplatform(value), policy).is_ok()
}
