//! Vitals: a cell that holds the newest reading. Who measures never waits, and what nobody came to read is overwritten and
//! counted.
//!
//! Start at [`cell`]. Writing is real-time safe: it copies `N` numbers.

use jarvis::gauge::Gauge;

/// What a number means, and where it becomes worth a warning; see [`Gauge`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// What: lower case, words joined by `_`.
    pub name: &'static str,
    /// In what.
    pub unit: &'static str,
    /// From here on it is worth a warning.
    pub warn: Option<f64>,
    /// From here on it fails. Below `warn`: less is worse.
    pub fail: Option<f64>,
}

impl Scale {
    /// The value on this scale; none if it is no number.
    #[must_use]
    pub fn gauge(&self, value: f64) -> Option<Gauge> {
        let Self { name, unit, warn, fail } = *self;
        value.is_finite().then(|| Gauge::new(name, unit, value).limits(warn, fail))
    }
}

/// One reading: a number for each scale, and how many came before it.
#[derive(Debug, Clone)]
struct Reading<const N: usize> {
    values: [f64; N],
    number: u64,
}

/// The end of whoever measures.
#[derive(Debug)]
pub struct VitalsWriter<const N: usize> {
    cell: triple_buffer::Input<Reading<N>>,
    written: u64,
}

/// The bridge's end.
#[derive(Debug)]
pub struct VitalsReader<const N: usize> {
    cell: triple_buffer::Output<Reading<N>>,
    scales: [Scale; N],
    seen: u64,
    missed: u64,
}

/// A cell for readings of these `scales`.
#[must_use]
pub fn cell<const N: usize>(scales: [Scale; N]) -> (VitalsWriter<N>, VitalsReader<N>) {
    let (input, output) = triple_buffer::triple_buffer(&Reading { values: [f64::NAN; N], number: 0 });
    (VitalsWriter { cell: input, written: 0 }, VitalsReader { cell: output, scales, seen: 0, missed: 0 })
}

impl<const N: usize> VitalsWriter<N> {
    /// These were measured, in the order of the scales; NaN where there is nothing to measure. Does not wait, allocates
    /// nothing.
    pub fn write(&mut self, values: [f64; N]) {
        self.written += 1;
        self.cell.write(Reading { values, number: self.written });
    }
}

/// Where the bridge reads gauges. Asked in its own thread, a few times a second.
pub trait Source: Send {
    /// The newest gauges, added to `gauges`; nothing if none is new.
    fn read(&mut self, gauges: &mut Vec<Gauge>);

    /// How many readings were overwritten before anybody came, so far.
    fn missed(&self) -> u64 {
        0
    }
}

impl<const N: usize> Source for VitalsReader<N> {
    fn read(&mut self, gauges: &mut Vec<Gauge>) {
        let reading = self.cell.read();
        if reading.number == self.seen {
            return;
        }
        self.missed += reading.number.saturating_sub(self.seen + 1);
        self.seen = reading.number;
        gauges.extend(self.scales.iter().zip(reading.values).filter_map(|(scale, value)| scale.gauge(value)));
    }

    fn missed(&self) -> u64 {
        self.missed
    }
}

/// What is asked rather than told, such as the room on a disk.
impl<F: FnMut(&mut Vec<Gauge>) + Send> Source for F {
    fn read(&mut self, gauges: &mut Vec<Gauge>) {
        self(gauges);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALES: [Scale; 2] = [
        Scale { name: "load", unit: "share", warn: Some(0.7), fail: Some(1.0) },
        Scale { name: "trip", unit: "ms", warn: None, fail: None },
    ];

    #[test]
    fn the_newest_counts_and_the_others_are_counted() {
        // Seen red: with `missed` left as it is, and with a reading that is told twice.
        let (mut writer, mut reader) = cell(SCALES);
        let mut gauges = Vec::new();
        reader.read(&mut gauges);
        assert!(gauges.is_empty(), "nothing was measured yet");
        for load in [0.1, 0.2, 0.3] {
            writer.write([load, 5.0]);
        }
        reader.read(&mut gauges);
        assert_eq!(gauges.iter().map(|gauge| gauge.value).collect::<Vec<_>>(), [0.3, 5.0]);
        assert_eq!(reader.missed(), 2);
        gauges.clear();
        reader.read(&mut gauges);
        assert!(gauges.is_empty());
        writer.write([0.4, f64::NAN]);
        reader.read(&mut gauges);
        assert_eq!(gauges.len(), 1, "what is not measured is not told: {gauges:?}");
        assert_eq!(reader.missed(), 2);
    }
}
