//! Several channels become the one that a voice is followed in.
//!
//! A plain sum loses a voice whose sides cancel, and lets a dead but noisy side spoil a good one. So the sides are added
//! with weights that the power in them asks for: first each side is turned so that it agrees with the loudest, then a few
//! steps of the power iteration (Golub and Van Loan, “Matrix Computations”, section 8.2) go from that sum towards the
//! direction in which the sides move most. Few, so that what is nearly as loud stays in the sum: two singers left and
//! right are both followed when they take turns. Sides that are alike are averaged, opposed ones subtracted, and of a dead
//! side nothing is left. The magnitudes of the weights add up to 1: a voice is as loud in one side, in both, or in mono.
//! The weights are found at the edges of blocks counted from the file's beginning, from the blocks at both sides of the
//! edge, and glide in between: the same file always gives the same curve.

/// Blocks a second.
const BLOCKS_A_SECOND: u32 = 4;
/// How often a second the channels are looked at: what folds over in between does not matter for powers.
const LOOKS_A_SECOND: u32 = 6_000;
/// Below this pitch, in Hz, nothing is a voice: what is offset or rumbles must not win.
const RUMBLE: f32 = 70.0;
/// Above this, in Hz, a voice has little power: what hisses must not win.
const HISS: f32 = 1_500.0;
/// Samples beyond this are broken, and must not overflow.
const LOUDEST: f32 = 1e6;
/// Steps from the sum towards the loudest direction: a side 10 dB below another gets a thousandth of its weight.
const STEPS: usize = 3;

/// Folds blocks of several channels down to one, a block late.
#[derive(Debug)]
pub struct Fold {
    channels: usize,
    block: usize,
    stride: usize,
    /// What a one-pole filter keeps of its memory, for rumble and hiss.
    keep: [f32; 2],
    /// The filters' memory, for each channel.
    memory: Vec<[f32; 2]>,
    /// The block that waits, for what comes behind it.
    waiting: Vec<Vec<f32>>,
    /// Powers of the block that waits.
    powers: Vec<f64>,
    /// At the beginning of the block that waits, if any came before it.
    weights: Option<Vec<f32>>,
    mono: Vec<f32>,
}

impl Fold {
    /// For files of this shape.
    #[must_use]
    pub fn new(channels: u16, rate: u32) -> Self {
        let channels = usize::from(channels.max(1));
        let keep = |hertz: f32| (-std::f32::consts::TAU * hertz / rate.max(1) as f32).exp();
        Self {
            channels,
            block: (rate / BLOCKS_A_SECOND).max(1) as usize,
            stride: (rate / LOOKS_A_SECOND).max(1) as usize,
            keep: [keep(RUMBLE), keep(HISS)],
            memory: vec![[0.0; 2]; channels],
            waiting: vec![Vec::new(); channels],
            powers: vec![0.0; channels * channels],
            weights: None,
            mono: Vec::new(),
        }
    }

    /// Frames that a block must have, but for the last (of one channel any number).
    #[must_use]
    pub fn block(&self) -> usize {
        self.block
    }

    /// Takes a block, and gives the one before it.
    pub fn push(&mut self, planes: &[&[f32]], give: &mut dyn FnMut(&[f32])) {
        let planes = &planes[..self.channels.min(planes.len())];
        let clean = |sample: &f32| if sample.is_finite() { sample.clamp(-LOUDEST, LOUDEST) } else { 0.0 };
        if let [plane] = planes {
            self.mono.clear();
            self.mono.extend(plane.iter().map(clean));
            give(&self.mono);
            return;
        }
        let block: Vec<Vec<f32>> = planes.iter().map(|plane| plane.iter().map(clean).collect()).collect();
        let powers = self.measure(&block);
        self.give_waiting(&powers, give);
        self.waiting = block;
        self.powers = powers;
    }

    /// Gives what is left.
    pub fn finish(mut self, give: &mut dyn FnMut(&[f32])) {
        let nothing = vec![0.0; self.channels * self.channels];
        self.give_waiting(&nothing, give);
    }

    /// Folds the block that waits, now that it is known what follows.
    fn give_waiting(&mut self, next: &[f64], give: &mut dyn FnMut(&[f32])) {
        let frames = self.waiting.first().map_or(0, Vec::len);
        if frames == 0 {
            return;
        }
        let around: Vec<f64> = self.powers.iter().zip(next).map(|(a, b)| a + b).collect();
        let to = direction(&around, self.channels, self.weights.as_deref());
        let from = self.weights.replace(to.clone()).unwrap_or_else(|| to.clone());
        self.mono.clear();
        self.mono.resize(frames, 0.0);
        for ((plane, from), to) in self.waiting.iter().zip(from).zip(to) {
            let step = (to - from) / frames as f32;
            for ((mono, sample), n) in self.mono.iter_mut().zip(plane).zip(0u32..) {
                *mono += sample * (from + step * n as f32);
            }
        }
        give(&self.mono);
    }

    /// The powers of a block: what each channel has in common with each, rumble and hiss apart.
    fn measure(&mut self, block: &[Vec<f32>]) -> Vec<f64> {
        let frames = block.first().map_or(0, Vec::len);
        let mut powers = vec![0.0; self.channels * self.channels];
        let mut heard = vec![0.0f64; self.channels];
        for n in 0..frames {
            for ((heard, plane), [slow, smooth]) in heard.iter_mut().zip(block).zip(&mut self.memory) {
                *slow = plane[n] + self.keep[0] * (*slow - plane[n]);
                let bright = plane[n] - *slow;
                *smooth = bright + self.keep[1] * (*smooth - bright);
                *heard = f64::from(*smooth);
            }
            if n.is_multiple_of(self.stride) {
                for (row, a) in powers.chunks_mut(self.channels).zip(&heard) {
                    row.iter_mut().zip(&heard).for_each(|(power, b)| *power += a * b);
                }
            }
        }
        powers
    }
}

/// Weights of the channels, their magnitudes adding up to 1; turned so that they agree with the weights `before`. Where
/// nothing moves those weights stay.
fn direction(powers: &[f64], channels: usize, before: Option<&[f32]>) -> Vec<f32> {
    let own = |channel: usize| powers[channel * channels + channel];
    let loudest = (0..channels).max_by(|a, b| own(*a).total_cmp(&own(*b)).then(b.cmp(a))).unwrap_or(0);
    if !(own(loudest) > 0.0 && own(loudest).is_finite()) {
        return before.map_or_else(|| vec![1.0 / channels as f32; channels], <[f32]>::to_vec);
    }
    let in_common = &powers[loudest * channels..(loudest + 1) * channels];
    let mut along: Vec<f64> = in_common.iter().map(|with| if *with < 0.0 { -1.0 } else { 1.0 }).collect();
    for _ in 0..STEPS {
        let step = |row: &[f64]| row.iter().zip(&along).map(|(power, weight)| power * weight).sum::<f64>();
        along = powers.chunks(channels).map(|row| step(row) / own(loudest)).collect();
    }
    let agrees: f64 = before
        .map_or(along[loudest], |before| along.iter().zip(before).map(|(a, b)| a * f64::from(*b)).sum());
    let whole = along.iter().map(|weight| weight.abs()).sum::<f64>().copysign(agrees);
    along.iter().map(|weight| (weight / whole) as f32).collect()
}
