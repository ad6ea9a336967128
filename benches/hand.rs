//! A device whose blocks are called by hand, without a single allocation between them.
//!
//! Start at [`open`]: the [`HandDevice`] goes to `Engine::on_device`, the [`Hand`] stays with the bench.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dawg_engine::device::{Device, DeviceError, DeviceFormat, DriverLatency, Host, Voice};
use dawg_engine::processor::Io;

/// The longest block that a [`Hand`] calls.
pub const LONGEST: usize = 1_024;

type Shared = Arc<Mutex<Option<Voice>>>;

/// The engine's side.
#[derive(Debug)]
pub struct HandDevice {
    format: DeviceFormat,
    voice: Shared,
}

/// The bench's side: calls blocks.
#[derive(Debug)]
pub struct Hand {
    voice: Shared,
    time: u64,
    silence: Vec<f32>,
    sides: [Vec<f32>; 2],
}

/// A device at `rate` with two inputs, on which there is silence, and two outputs.
#[must_use]
pub fn open(rate: u32) -> (Box<HandDevice>, Hand) {
    let voice = Shared::default();
    let name = "by hand".to_owned();
    let format = DeviceFormat { host: Host::Timer, name, rate, buffer: 256, inputs: 2, outputs: 2 };
    let device = HandDevice { format, voice: Arc::clone(&voice) };
    let plane = vec![0.0; LONGEST];
    (Box::new(device), Hand { voice, time: 0, silence: plane.clone(), sides: [plane.clone(), plane] })
}

impl Device for HandDevice {
    fn format(&self) -> &DeviceFormat {
        &self.format
    }

    fn latency(&self) -> DriverLatency {
        DriverLatency::default()
    }

    fn start(&mut self, voice: Voice) -> Result<(), DeviceError> {
        *self.voice.lock().unwrap() = Some(voice);
        Ok(())
    }
}

impl Drop for HandDevice {
    fn drop(&mut self) {
        self.voice.lock().unwrap().take();
    }
}

impl Hand {
    /// One block of `frames` frames, at most [`LONGEST`]; returns what came out, left and right.
    pub fn call(&mut self, frames: usize) -> [&[f32]; 2] {
        let silence = &self.silence[..frames];
        let [left, right] = &mut self.sides;
        let mut output = [&mut left[..frames], &mut right[..frames]];
        let mut io = Io { input: &[silence, silence], output: &mut output, frames, frame_time: self.time };
        self.voice.lock().unwrap().as_mut().unwrap().call(&mut io);
        self.time += frames as u64;
        [&self.sides[0][..frames], &self.sides[1][..frames]]
    }
}

/// Leaves the disk reader this much time: a hand calls blocks faster than they would be played.
#[allow(clippy::disallowed_methods, reason = "the pause itself is the point: it stands for time that passes")]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}
