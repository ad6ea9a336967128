//! One channel of several, for a tracker: the loudest.
//!
//! Start at [`Fold::fold`]. Channels are not added up: one that is dead would halve the rest, one of opposite polarity would
//! cancel it, and two microphones at different distances would comb the fundamental away. What lies on a dead one (an
//! offset, rumble, hiss) counts for little. A file's channels are weighed with what comes after in view
//! (`dawg_media::pitch`); here nothing may wait for that.

/// Energy is forgotten to 1/e in so many seconds.
const MEMORY_SECONDS: f32 = 0.1;
/// Another channel is taken when it is louder by this, as energy: 6 dB.
const LOUDER: f32 = 4.0;
/// Seconds in which one goes over to the other.
const CROSSFADE_SECONDS: f32 = 0.005;

/// Below this pitch, in Hz, nothing is a voice: what is offset or rumbles must not win.
const RUMBLE: f32 = 70.0;
/// Above this, in Hz, a voice has little power: what hisses must not win.
const HISS: f32 = 1_500.0;

/// Which of several channels is listened to.
#[derive(Debug)]
pub struct Fold {
    rate: f32,
    // What one-pole filters against rumble and hiss take in of each sample.
    takes: [f32; 2],
    memory: Vec<[f32; 2]>,
    energy: Vec<f32>,
    before: usize,
    now: usize,
}

impl Fold {
    /// For so many channels at `rate` frames a second.
    #[must_use]
    pub fn new(channels: usize, rate: u32) -> Self {
        let rate = rate.max(1) as f32;
        let takes = [RUMBLE, HISS].map(|hertz| 1.0 - (-std::f32::consts::TAU * hertz / rate).exp());
        Self { rate, takes, memory: vec![[0.0; 2]; channels], energy: vec![0.0; channels], before: 0, now: 0 }
    }

    /// Writes a block of the loudest of `channels` (as many as it was made for, equally long) to `mono`. Samples that are
    /// no numbers count as silence. Which is the loudest is known from the blocks before: nothing depends on what comes
    /// later. Allocates when `mono` grows: for workers.
    pub fn fold(&mut self, channels: &[&[f32]], mono: &mut Vec<f32>) {
        mono.clear();
        let Some(now) = channels.get(self.now) else { return };
        mono.extend(now.iter().map(|sample| sound(*sample)));
        if let Some(before) = channels.get(self.before).filter(|_| self.before != self.now) {
            let length = (CROSSFADE_SECONDS * self.rate).min(mono.len() as f32).max(1.0);
            for ((index, sample), before) in mono.iter_mut().enumerate().zip(*before) {
                let share = (index as f32 / length).min(1.0);
                *sample = *sample * share + sound(*before) * (1.0 - share);
            }
        }
        self.before = self.now;
        self.choose(channels);
    }

    fn choose(&mut self, channels: &[&[f32]]) {
        if channels.len() < 2 {
            return;
        }
        let [low, high] = self.takes;
        for ((energy, memory), channel) in self.energy.iter_mut().zip(&mut self.memory).zip(channels) {
            let mut power = |sample: &f32| {
                memory[0] += low * (sound(*sample) - memory[0]);
                memory[1] += high * (sound(*sample) - memory[0] - memory[1]);
                memory[1] * memory[1]
            };
            let kept = (-(channel.len() as f32) / (MEMORY_SECONDS * self.rate)).exp();
            let came: f32 = channel.iter().map(&mut power).sum();
            *energy = *energy * kept + came;
        }
        let energy = |index: usize| self.energy.get(index).copied().unwrap_or(0.0);
        let loudest = (0..channels.len()).max_by(|a, b| energy(*a).total_cmp(&energy(*b))).unwrap_or(0);
        if energy(loudest) > LOUDER * energy(self.now) {
            self.now = loudest;
        }
    }
}

/// The sample, if it is a number that one could hear.
fn sound(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-1e3, 1e3) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peak(mono: &[f32]) -> f32 {
        mono.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
    }

    // Seen red: with the mean of the channels a dead side leaves 0.5, opposite polarity 0.
    #[test]
    fn neither_a_dead_side_nor_opposite_polarity_makes_it_quieter() {
        let tone: Vec<f32> = (0..480).map(|n| (n as f32 * 0.05).sin()).collect();
        let (dead, opposite) = (vec![0.0; 480], tone.iter().map(|sample| -sample).collect::<Vec<_>>());
        for sides in [[&tone, &dead], [&dead, &tone], [&tone, &opposite], [&opposite, &tone]] {
            let mut fold = Fold::new(2, 48_000);
            let mut mono = Vec::new();
            for _ in 0..2 {
                fold.fold(&[sides[0], sides[1]], &mut mono);
            }
            assert!(peak(&mono) > 0.99, "{}", peak(&mono));
        }
    }

    // Seen red: with the energy of all that comes in the offset wins.
    #[test]
    fn an_offset_on_a_dead_side_does_not_win() {
        let tone: Vec<f32> = (0..24_000).map(|n| 0.1 * (n as f32 * 0.03).sin()).collect();
        let mut fold = Fold::new(2, 48_000);
        let mut mono = Vec::new();
        let mut heard = Vec::new();
        for block in tone.chunks(480) {
            fold.fold(&[&[0.5; 480], block], &mut mono);
            heard.extend_from_slice(&mono);
        }
        assert_eq!(heard[14_400..], tone[14_400..]);
    }

    #[test]
    fn what_is_no_number_is_silence_and_forgotten() {
        let mut fold = Fold::new(2, 48_000);
        let mut mono = Vec::new();
        fold.fold(&[&[f32::NAN, f32::INFINITY], &[0.5, f32::NEG_INFINITY]], &mut mono);
        assert!(mono.iter().all(|sample| sample.is_finite()));
        for _ in 0..3 {
            fold.fold(&[&[0.0; 64], &[0.25; 64]], &mut mono);
        }
        assert_eq!(mono, [0.25; 64]);
    }
}
