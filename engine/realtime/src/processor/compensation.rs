//! Delay compensation of a track: holds back what arrives early, but not the singer.
//!
//! What is played must wait for the slowest path; what is sung now and monitored must not, so it goes round the delay.
//! A track is heard either from tape or from its input (see `source`), and the delay follows with the same ramp; while
//! they change places, what is on tape is heard early for 5 ms at most, below half its level. Start at
//! [`Compensation`]. Real-time safe but for [`Compensation::new`].

use dawg_dsp::ramp::Ramp;

/// The state of one compensating delay.
#[derive(Debug)]
pub struct Compensation {
    // One ring a channel; all share the write position.
    rings: Vec<Box<[f32]>>,
    at: usize,
    // 0 is delayed, 1 is round it.
    round: Ramp,
}

impl Compensation {
    /// A delay of `frames` frames for so many channels.
    #[must_use]
    pub fn new(channels: u16, frames: u32) -> Self {
        let ring = || vec![0.0; frames as usize].into_boxed_slice();
        Self { rings: (0..channels).map(|_| ring()).collect(), at: 0, round: Ramp::at(0.0) }
    }

    /// One block, planar, all slices equally long; `monitored` is whether it is the track's input that is heard.
    pub fn process(&mut self, monitored: bool, inputs: &[&[f32]], outputs: &mut [&mut [f32]]) {
        let target = if monitored { 1.0 } else { 0.0 };
        if self.round.target() != target {
            self.round.glide(target);
        }
        let frames = outputs.first().map_or(0, |output| output.len());
        let length = self.rings.first().map_or(0, |ring| ring.len());
        for ((output, input), ring) in outputs.iter_mut().zip(inputs).zip(&mut self.rings) {
            if length == 0 {
                output.copy_from_slice(input);
                continue;
            }
            let mut at = self.at;
            for (frame, (out, sample)) in output.iter_mut().zip(*input).enumerate() {
                let delayed = std::mem::replace(&mut ring[at], *sample);
                at = if at + 1 == length { 0 } else { at + 1 };
                *out = match (self.round.moving(), monitored) {
                    (false, false) => delayed,
                    (false, true) => *sample,
                    (true, _) => {
                        let round = self.round.value_after(frame as u32);
                        delayed * (1.0 - round) + sample * round
                    }
                };
            }
        }
        if length > 0 {
            self.at = (self.at + frames) % length;
        }
        self.round.advance(frames as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(delay: &mut Compensation, monitored: bool, input: &[f32], block: usize) -> Vec<f32> {
        let mut output = vec![0.0; input.len()];
        for (input, output) in input.chunks(block).zip(output.chunks_mut(block)) {
            delay.process(monitored, &[input], &mut [output]);
        }
        output
    }

    #[test]
    fn what_is_played_waits_and_what_is_monitored_does_not_whatever_the_blocks_are() {
        let input: Vec<f32> = (1..=2_000).map(|at| at as f32).collect();
        for block in [1, 7, 64, 500, 2_000] {
            for frames in [0_usize, 1, 63, 700] {
                let mut delay = Compensation::new(1, frames as u32);
                let played = run(&mut delay, false, &input, block);
                assert_eq!(played[..frames], vec![0.0; frames]);
                assert_eq!(played[frames..], input[..2_000 - frames]);
                let sung = run(&mut delay, true, &input, block);
                assert_eq!(sung[256..], input[256..]);
            }
        }
    }
}
