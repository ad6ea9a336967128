//! A device that does not run at the song's rate: resamplers between its calls and the Processor's.
//!
//! What comes in is converted to the song's rate, rendered in chunks of 64 song frames, and converted back; a
//! reserve of silence at the start keeps the output from ever running dry, so the added latency is constant and
//! known. Start at [`Resampled`].

use dawg_dsp::resample::ResampleError;
use dawg_dsp::stream_rate::{CHUNK, RateStream};

use super::{Device, DeviceError, DeviceFormat, DriverLatency, Voice};
use crate::processor::Io;

/// A device seen at the song's rate.
pub(super) struct Resampled {
    inner: Box<dyn Device>,
    song_rate: u32,
    added: u32,
}

impl Resampled {
    /// `inner`, which runs at another rate, for a song at `song_rate`.
    pub(super) fn new(inner: Box<dyn Device>, song_rate: u32) -> Self {
        Self { inner, song_rate, added: 0 }
    }

    fn in_song_frames(&self, frames: u32) -> u32 {
        let device = u64::from(self.inner.format().rate.max(1));
        u32::try_from((u64::from(frames) * u64::from(self.song_rate) + device / 2) / device)
            .unwrap_or(u32::MAX)
    }
}

impl Device for Resampled {
    fn format(&self) -> &DeviceFormat {
        self.inner.format()
    }

    fn latency(&self) -> DriverLatency {
        let DriverLatency { input, output } = self.inner.latency();
        DriverLatency { input: self.in_song_frames(input), output: self.in_song_frames(output) + self.added }
    }

    fn start(&mut self, voice: Voice) -> Result<(), DeviceError> {
        let format = self.inner.format();
        let bridge =
            Bridge::new(format.rate, self.song_rate, usize::from(format.inputs)).map_err(|error| {
                DeviceError::Unsupported {
                    device: format.name.clone(),
                    what: format!("{} Hz", self.song_rate),
                    advice: error.to_string(),
                }
            })?;
        self.added = bridge.latency();
        let rate = format.rate;
        self.inner.start(voice.bridged(Box::new(bridge), rate))
    }

    fn ready(&self) -> bool {
        self.inner.ready()
    }

    fn tick(&mut self) {
        self.inner.tick();
    }

    fn trouble(&self) -> Option<String> {
        self.inner.trouble()
    }
}

/// Both resamplers and what waits between them. Real-time safe but for [`Bridge::new`].
#[derive(Debug)]
pub(super) struct Bridge {
    inputs: usize,
    device_rate: u32,
    song_rate: u32,
    down: RateStream,
    // Frames already in the down stream's input.
    waiting: usize,
    song_in: Fifo,
    song_block: Vec<Vec<f32>>,
    up: RateStream,
    device_out: Fifo,
    reserve: usize,
    time: u64,
}

impl Bridge {
    fn new(device_rate: u32, song_rate: u32, inputs: usize) -> Result<Self, ResampleError> {
        let channels = inputs.max(1); // even without inputs it is the input that counts the frames
        let down = RateStream::new(device_rate, song_rate, channels)?;
        let up = RateStream::new(song_rate, device_rate, 2)?;
        // At worst a chunk less one waits on either side of the Processor.
        let reserve =
            CHUNK + ((CHUNK + 1) as f64 * f64::from(device_rate) / f64::from(song_rate)).ceil() as usize + 4;
        let mut device_out = Fifo::new(2);
        device_out.push_silence(reserve);
        Ok(Self {
            inputs,
            device_rate,
            song_rate,
            down,
            waiting: 0,
            song_in: Fifo::new(channels),
            song_block: vec![vec![0.0; CHUNK]; channels],
            up,
            device_out,
            reserve,
            time: 0,
        })
    }

    /// Song frames that it adds to the round trip.
    fn latency(&self) -> u32 {
        let device_frames = self.reserve as f64 + self.up.delay();
        let song = device_frames * f64::from(self.song_rate) / f64::from(self.device_rate);
        (song + self.down.delay()).round() as u32
    }

    /// One device call; `render` is called for each 64 song frames.
    pub(super) fn call(&mut self, io: &mut Io<'_, '_>, mut render: impl FnMut(&mut Io<'_, '_>)) {
        let mut taken = 0;
        while taken < io.frames {
            let now = (CHUNK - self.waiting).min(io.frames - taken);
            for channel in 0..self.song_block.len() {
                let room = &mut self.down.input(channel)[self.waiting..self.waiting + now];
                match io.input.get(channel) {
                    Some(plane) => room.copy_from_slice(&plane[taken..taken + now]),
                    None => room.fill(0.0),
                }
            }
            self.waiting += now;
            taken += now;
            if self.waiting == CHUNK {
                self.waiting = 0;
                let made = self.down.convert();
                self.song_in.push(&self.down, made);
                self.render_whole_chunks(&mut render);
            }
        }
        for (channel, output) in io.output.iter_mut().enumerate() {
            let output = &mut output[..io.frames];
            match self.device_out.planes.get(channel) {
                Some(plane) => output.copy_from_slice(&plane[..io.frames]),
                None => output.fill(0.0),
            }
        }
        self.device_out.drop_front(io.frames);
    }

    fn render_whole_chunks(&mut self, render: &mut impl FnMut(&mut Io<'_, '_>)) {
        while self.song_in.frames >= CHUNK {
            for (block, plane) in self.song_block.iter_mut().zip(&self.song_in.planes) {
                block.copy_from_slice(&plane[..CHUNK]);
            }
            self.song_in.drop_front(CHUNK);
            let mut inputs: [&[f32]; 32] = [&[]; 32];
            for (slot, block) in inputs.iter_mut().zip(&self.song_block) {
                *slot = block;
            }
            let (mut left, mut right) = ([0.0; CHUNK], [0.0; CHUNK]);
            render(&mut Io {
                input: &inputs[..self.inputs.min(32)],
                output: &mut [&mut left, &mut right],
                frames: CHUNK,
                frame_time: self.time,
            });
            self.time += CHUNK as u64;
            self.up.input(0).copy_from_slice(&left);
            self.up.input(1).copy_from_slice(&right);
            let made = self.up.convert();
            self.device_out.push(&self.up, made);
        }
    }
}

/// Frames that wait, planar, in room that never grows: some 8,192 device frames a call and a chunk.
#[derive(Debug)]
struct Fifo {
    planes: Vec<Vec<f32>>,
    frames: usize,
}

impl Fifo {
    fn new(channels: usize) -> Self {
        Self { planes: vec![vec![0.0; 65_536]; channels], frames: 0 }
    }

    fn push(&mut self, stream: &RateStream, frames: usize) {
        let frames = frames.min(self.planes[0].len() - self.frames);
        for (channel, plane) in self.planes.iter_mut().enumerate() {
            plane[self.frames..self.frames + frames].copy_from_slice(&stream.output(channel)[..frames]);
        }
        self.frames += frames;
    }

    fn push_silence(&mut self, frames: usize) {
        self.frames += frames; // what is not yet used is zero
    }

    fn drop_front(&mut self, frames: usize) {
        let frames = frames.min(self.frames);
        for plane in &mut self.planes {
            plane.copy_within(frames..self.frames, 0);
        }
        self.frames -= frames;
    }
}
