//! What is played to be found again: bursts of pseudo-random noise, silence between.
//!
//! A burst is a stretch of a maximum-length sequence (Golomb, Shift Register Sequences, 1967): its spectrum is flat and
//! its autocorrelation one peak, so that it is found in noise 40 dB above what comes back. Start at [`TestSignal`].

/// Peak of the signal, −12 dBFS: loud enough through the air, bearable in headphones.
pub(super) const PEAK: f32 = 0.251_188_64;
/// How often the burst is played: one that disagrees with the others shows.
pub(super) const BURSTS: usize = 4;

/// Silence before the first, in which what sounded has faded.
const LEAD_SECONDS: f64 = 0.1;
const BURST_SECONDS: f64 = 0.17;
/// The latest that a burst may come back. Wireless headphones need a third of it.
const WINDOW_SECONDS: f64 = 0.8;
/// Edges are rounded over this, so that nothing clicks.
const EDGE_SECONDS: f64 = 0.002;
/// Taps 16, 14, 13, 11 of a Galois register of 16 bits: a period of 65,535.
const TAPS: u16 = 0xB400;

/// The whole signal, by its one burst and where that stands.
#[derive(Debug, Clone)]
pub struct TestSignal {
    burst: Vec<f32>,
    lead: usize,
    window: usize,
}

impl TestSignal {
    /// For `rate` frames a second.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        let frames = |seconds: f64| (seconds * f64::from(rate)).round() as usize;
        let (length, edge) = (frames(BURST_SECONDS).max(1), frames(EDGE_SECONDS).max(1));
        let mut register = 0xACE1_u16;
        let burst = (0..length).map(|at| {
            let bit = register & 1;
            register = (register >> 1) ^ (TAPS * bit);
            let from_edge = (at.min(length - 1 - at) as f32 + 0.5) / edge as f32;
            PEAK * (f32::from(bit) * 2.0 - 1.0) * from_edge.min(1.0)
        });
        Self { burst: burst.collect(), lead: frames(LEAD_SECONDS), window: frames(WINDOW_SECONDS).max(1) }
    }

    /// One burst.
    #[must_use]
    pub fn burst(&self) -> &[f32] {
        &self.burst
    }

    /// Lags that are looked at.
    #[must_use]
    pub fn window(&self) -> usize {
        self.window
    }

    /// Frames at which each burst begins.
    pub fn starts(&self) -> impl Iterator<Item = usize> {
        let period = self.burst.len() + self.window;
        (0..BURSTS).map(move |burst| self.lead + burst * period)
    }

    /// Frames of silence before the first.
    #[must_use]
    pub fn lead(&self) -> usize {
        self.lead
    }

    /// Frames in all, until the last burst is back at the latest.
    #[must_use]
    pub fn length(&self) -> usize {
        self.lead + BURSTS * (self.burst.len() + self.window)
    }

    /// The sample of a frame. Real-time safe.
    #[must_use]
    pub fn at(&self, frame: usize) -> f32 {
        let Some(frame) = frame.checked_sub(self.lead) else { return 0.0 };
        let period = self.burst.len() + self.window;
        if frame >= BURSTS * period {
            return 0.0;
        }
        self.burst.get(frame % period).copied().unwrap_or(0.0)
    }
}
