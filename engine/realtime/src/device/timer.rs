//! A clock in place of a sound card: silence in, nothing out, in real time.
//!
//! For machines without sound and for tests. Start at [`Timer`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::priority::Priority;
use super::{Device, DeviceError, DeviceFormat, DeviceRequest, DriverLatency, Host, Voice};
use crate::processor::Io;

/// Frames a call when nothing else is asked for.
const BUFFER: u32 = 256;

/// The timer device: two outputs that nobody hears, inputs that are silent.
#[derive(Debug)]
pub struct Timer {
    format: DeviceFormat,
    running: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Timer {
    /// Always possible.
    #[must_use]
    pub fn open(request: &DeviceRequest) -> Self {
        let format = DeviceFormat {
            host: Host::Timer,
            name: "timer".to_owned(),
            rate: request.rate,
            buffer: request.buffer.unwrap_or(BUFFER).clamp(16, 8_192),
            inputs: 2,
            outputs: 2,
        };
        Self { format, running: None }
    }
}

impl Device for Timer {
    fn format(&self) -> &DeviceFormat {
        &self.format
    }

    fn latency(&self) -> DriverLatency {
        DriverLatency::default()
    }

    fn start(&mut self, voice: Voice) -> Result<(), DeviceError> {
        let stop = Arc::new(AtomicBool::new(false));
        let format = self.format.clone();
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("audio (timer)".to_owned())
            .spawn(move || run(voice, &format, &stopped))
            .map_err(|error| DeviceError::Failed { device: "timer".to_owned(), reason: error.to_string() })?;
        self.running = Some((stop, thread));
        Ok(())
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            stop.store(true, Ordering::Relaxed);
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn run(mut voice: Voice, format: &DeviceFormat, stop: &AtomicBool) {
    let frames = format.buffer as usize;
    let silence = vec![0.0; frames];
    let input: Vec<&[f32]> = vec![&silence; usize::from(format.inputs)];
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    Priority::new(voice.vitals()).ask_once();
    let start = Instant::now();
    let mut frame_time = 0_u64;
    while !stop.load(Ordering::Relaxed) {
        let mut output = [&mut left[..], &mut right[..]];
        voice.call(&mut Io { input: &input, output: &mut output, frames, frame_time });
        frame_time += frames as u64;
        // Absolute deadlines, so that the time it takes does not add up.
        let due = start + Duration::from_nanos(frame_time * 1_000_000_000 / u64::from(format.rate.max(1)));
        let now = Instant::now();
        if due > now {
            std::thread::park_timeout(due - now);
        } else if now - due > Duration::from_millis(500) {
            // The machine slept: that time is gone, not to be made up in a burst.
            voice.vitals().xrun();
            frame_time = (now - start).as_nanos() as u64 * u64::from(format.rate) / 1_000_000_000;
        }
    }
}
