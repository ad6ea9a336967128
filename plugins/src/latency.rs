//! A delay of whole frames: what delay compensation inserts, and a node with honest latency for its tests.

use crate::node::{Audio, Events, Node, Ports, Process};

/// Delays every channel by a fixed number of frames, to the bit.
#[derive(Debug)]
pub struct Delay {
    channels: u16,
    frames: usize,
    // One ring of `frames` samples a channel, planar; all share the write position.
    rings: Vec<Vec<f32>>,
    at: usize,
    reports_latency: bool,
}

impl Delay {
    /// A compensating delay: late on purpose, so it reports no latency.
    #[must_use]
    pub fn compensating(channels: u16, frames: u32) -> Self {
        let frames = frames as usize;
        let rings = (0..channels).map(|_| vec![0.0; frames]).collect();
        Self { channels, frames, rings, at: 0, reports_latency: false }
    }

    /// A node that is late and says so.
    #[must_use]
    pub fn with_latency(channels: u16, frames: u32) -> Self {
        Self { reports_latency: true, ..Self::compensating(channels, frames) }
    }
}

impl Node for Delay {
    fn ports(&self) -> Ports {
        Ports { inputs: self.channels, outputs: self.channels }
    }

    fn latency(&self) -> u32 {
        if self.reports_latency { self.frames as u32 } else { 0 }
    }

    fn process(&mut self, process: &Process<'_>, audio: &mut Audio<'_, '_>, _out: &mut Events) {
        if self.frames == 0 {
            for (output, input) in audio.outputs.iter_mut().zip(audio.inputs) {
                output.copy_from_slice(input);
            }
            return;
        }
        for ((output, input), ring) in audio.outputs.iter_mut().zip(audio.inputs).zip(&mut self.rings) {
            let mut at = self.at;
            for (out, sample) in output.iter_mut().zip(*input) {
                *out = std::mem::replace(&mut ring[at], *sample);
                at = if at + 1 == self.frames { 0 } else { at + 1 };
            }
        }
        self.at = (self.at + process.frames) % self.frames;
    }

    fn reset(&mut self) {
        for ring in &mut self.rings {
            ring.fill(0.0);
        }
        self.at = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::TransportView;

    fn run(delay: &mut Delay, input: &[f32], block: usize) -> Vec<f32> {
        let transport = TransportView { position: 0, rolling: true, recording: false };
        let mut out = vec![f32::NAN; input.len()];
        for (input, output) in input.chunks(block).zip(out.chunks_mut(block)) {
            let process = Process { transport, events: &[], frames: input.len() };
            let mut audio = Audio { inputs: &[input], outputs: &mut [output] };
            delay.process(&process, &mut audio, &mut Events::with_capacity(0));
        }
        out
    }

    // Seen red: advancing `at` by one block too many (frames + 1) shifts every block after the first.
    #[test]
    fn late_by_exactly_its_frames_at_every_block_size() {
        let input: Vec<f32> = (1..=1000_u16).map(f32::from).collect();
        for frames in [0_u32, 1, 7, 64, 300] {
            let mut expected = vec![0.0; frames as usize];
            expected.extend_from_slice(&input[..1000 - frames as usize]);
            for block in [1, 32, 100, 441, 1000] {
                assert_eq!(run(&mut Delay::compensating(1, frames), &input, block), expected);
            }
        }
    }

    #[test]
    fn only_an_honest_node_reports_latency() {
        assert_eq!(Delay::compensating(2, 64).latency(), 0);
        assert_eq!(Delay::with_latency(2, 64).latency(), 64);
    }
}
