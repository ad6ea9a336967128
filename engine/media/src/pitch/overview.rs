//! A curve seen from afar: what each stretch of it holds, so that an hour is drawn as quickly as a bar.
//!
//! Start at [`Overview::of`]: made once for a curve, kept beside it.

use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};

use super::PitchCurve;

/// How many of a level's spans one of the next covers.
const FACTOR: usize = 8;

/// What a stretch of a curve holds; all 0 where nobody sings.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Span {
    /// The lowest voiced frequency, Hz.
    pub lowest: f32,
    /// The highest voiced frequency, Hz.
    pub highest: f32,
    /// The highest confidence of what is voiced.
    pub confidence: f32,
    /// How much of the stretch is voiced, 0 to 1.
    pub voiced: f32,
}

/// Spans of a curve at several resolutions: 8 estimates, 64, 512 and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    sample_rate: u32,
    /// Level n holds spans of 8^(n + 1) estimates.
    levels: Vec<Vec<Span>>,
}

impl Overview {
    /// Of this curve. Takes a tenth of the memory of the curve.
    #[must_use]
    pub fn of(curve: &PitchCurve) -> Self {
        let mut levels = Vec::new();
        let mut finest: Vec<Span> = Vec::with_capacity(curve.estimates.len().div_ceil(FACTOR));
        finest.extend(curve.estimates.chunks(FACTOR).map(|part| joined(part.iter().map(alone))));
        while finest.len() > 1 {
            let coarser = finest.chunks(FACTOR).map(|part| joined(part.iter().copied())).collect();
            levels.push(std::mem::replace(&mut finest, coarser));
        }
        levels.push(finest);
        Self { sample_rate: curve.sample_rate, levels }
    }

    /// Fills `columns` with what lies between two frames of the file, each with an equal part of it. Whole spans are
    /// counted, so an edge is true to an eighth of a column. Where a column is narrower than 64 estimates (a third of a
    /// second) draw [`PitchCurve::range`] instead: there this is as coarse as 8 estimates.
    pub fn columns(&self, from_frame: u64, to_frame: u64, columns: &mut [Span]) {
        columns.fill(Span::default());
        let count = columns.len();
        if count == 0 || to_frame <= from_frame {
            return;
        }
        let estimate =
            |frame: f64| frame * f64::from(ESTIMATES_A_SECOND) / f64::from(self.sample_rate.max(1));
        let (from, to) = (estimate(from_frame as f64), estimate(to_frame as f64));
        let width = (to - from) / count as f64;
        let level = self.level_for(width);
        let Some(spans) = self.levels.get(level) else { return };
        let size = FACTOR.pow(level as u32 + 1) as f64;
        for (column, n) in columns.iter_mut().zip(0u32..) {
            let first = ((from + width * f64::from(n)) / size) as usize;
            let end = ((from + width * f64::from(n + 1)) / size).ceil() as usize;
            let end = end.min(spans.len());
            *column = joined(spans[first.min(end)..end].iter().copied());
        }
    }

    /// The coarsest level of which a column this many estimates wide holds at least eight spans; the finest if none.
    fn level_for(&self, width: f64) -> usize {
        let fitting = (0..self.levels.len()).rev();
        let mut fitting = fitting.filter(|level| FACTOR.pow(*level as u32 + 2) as f64 <= width);
        fitting.next().unwrap_or(0)
    }
}

fn alone(estimate: &Estimate) -> Span {
    if !(estimate.voiced && estimate.frequency > 0.0) {
        return Span::default();
    }
    let Estimate { frequency, confidence, .. } = *estimate;
    Span { lowest: frequency, highest: frequency, confidence, voiced: 1.0 }
}

fn joined(spans: impl Iterator<Item = Span>) -> Span {
    let mut count = 0.0;
    let mut whole = Span::default();
    for span in spans {
        count += 1.0;
        if span.voiced > 0.0 {
            whole.lowest = if whole.voiced > 0.0 { whole.lowest.min(span.lowest) } else { span.lowest };
            whole.highest = whole.highest.max(span.highest);
            whole.confidence = whole.confidence.max(span.confidence);
            whole.voiced += span.voiced;
        }
    }
    whole.voiced /= f32::max(count, 1.0);
    whole
}
