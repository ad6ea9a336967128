//! Curves on the disk: what is built is what is read, and what is damaged is told.

mod building;
mod folding;

use std::fs;
use std::path::Path;

use super::*;

/// A file that is held in memory; reading at `cancels.0` or beyond cancels `cancels.1`.
struct Held {
    rate: u32,
    planes: Vec<Vec<f32>>,
    cancels: Option<(u64, Arc<Progress>)>,
}

impl Held {
    fn new(rate: u32, planes: Vec<Vec<f32>>) -> Self {
        Self { rate, planes, cancels: None }
    }
}

impl Source for Held {
    fn channels(&self) -> u16 {
        self.planes.len() as u16
    }

    fn frames(&self) -> u64 {
        self.planes[0].len() as u64
    }

    fn sample_rate(&self) -> u32 {
        self.rate
    }

    fn read(&mut self, from: u64, planes: &mut [&mut [f32]]) -> Result<usize, MediaError> {
        if let Some((at, progress)) = &self.cancels
            && from >= *at
        {
            progress.cancel();
        }
        let from = (from as usize).min(self.planes[0].len());
        let frames = (self.planes[0].len() - from).min(planes[0].len());
        for (out, plane) in planes.iter_mut().zip(&self.planes) {
            out.fill(0.0);
            out[..frames].copy_from_slice(&plane[from..from + frames]);
        }
        Ok(frames)
    }
}

/// Something sung at `hertz`: harmonics that fall, with a formant about 800 Hz.
fn voice(rate: u32, frames: usize, hertz: f64) -> Vec<f32> {
    let harmonics: Vec<f64> = (1..30).map(|k| f64::from(k) * hertz).take_while(|f| *f < 3_500.0).collect();
    let gain = |f: f64| hertz / f / (1.0 + ((f - 800.0) / 400.0).powi(2));
    let step = std::f64::consts::TAU / f64::from(rate);
    let sample = |n: usize| harmonics.iter().map(|f| gain(*f) * (f * step * n as f64).sin()).sum::<f64>();
    (0..frames).map(|n| (0.2 * sample(n)) as f32).collect()
}

/// A curve with everything that a tracker may say, and more.
fn odd_curve(count: u64) -> Vec<Estimate> {
    let one = |number: u64| Estimate {
        number,
        frequency: [0.0, 82.4, 440.03, f32::NAN, 1_046.5, -3.0][number as usize % 6],
        confidence: [0.0, 0.5, 1.0, 7.0, f32::NAN][number as usize % 5],
        voiced: !number.is_multiple_of(3),
    };
    (0..count).map(one).collect()
}

fn write(path: &Path, shape: file::Shape, estimates: &[Estimate]) {
    let (part, out) = PartFile::create(path).unwrap();
    file::write(&out, part.path(), &shape, estimates).unwrap();
    part.publish(path).unwrap();
}

const SHAPE: file::Shape = file::Shape { rate: 44_100, frames: 1_000_000 };

/// Seen red: the curve handed out as it was tracked, which is not what is read.
#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_for(folder.path(), "0190-ab/../c");
    assert_eq!(path.file_name().unwrap(), "0190-abc.pitch");
    for count in [0, 1, 2, 4_536] {
        let estimates = odd_curve(count);
        write(&path, SHAPE, &estimates);
        let stored: Vec<Estimate> = estimates.iter().map(|estimate| file::as_stored(*estimate)).collect();
        let curve = read_for(&path, SHAPE.rate, SHAPE.frames).unwrap();
        assert_eq!(curve, read(&path).unwrap());
        assert_eq!(&*curve.estimates, stored);
        assert_eq!(fs::metadata(&path).unwrap().len(), 64 + 5 * count, "five bytes an estimate");
        for (estimate, stored) in estimates.iter().zip(&stored) {
            assert!(stored.frequency >= 0.0 && stored.frequency.is_finite());
            let off = (estimate.confidence - stored.confidence).abs();
            assert!(off < 0.004 || !(0.0..=1.0).contains(&estimate.confidence), "{estimate:?} {stored:?}");
            assert_eq!(file::as_stored(*stored), *stored);
        }
    }
}

/// Seen red: the hash not compared.
#[test]
fn what_is_damaged_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_for(folder.path(), "a");
    assert!(matches!(read(&path), Err(MediaError::Missing { .. })));
    write(&path, SHAPE, &odd_curve(1_000));
    let good = fs::read(&path).unwrap();
    let with = |at: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    let damaged = [
        ("empty", Vec::new()),
        ("half a header", good[..30].to_vec()),
        ("cut off", good[..good.len() - 1].to_vec()),
        ("too long", [&good[..], &[0]].concat()),
        ("not ours", vec![7; good.len()]),
        ("another version", with(8, &[9])),
        ("of another tracker", with(12, &[0xfe, 0xff])),
        ("another rate", with(16, &[1])),
        ("other frames", with(24, &[1])),
        ("a length that is absurd", with(32, &[0xff; 8])),
        ("another hash", with(40, &[good[40] ^ 1])),
        ("a bit of a frequency", with(1_000, &[good[1_000] ^ 0x10])),
        ("a bit of the last confidence", with(good.len() - 1, &[good[good.len() - 1] ^ 1])),
    ];
    for (what, bytes) in damaged {
        fs::write(&path, bytes).unwrap();
        let told = read(&path).unwrap_err();
        assert!(matches!(told, MediaError::StalePitch { .. }), "{what}: {told:?}");
        assert!(told.to_string().contains("nothing is lost"), "{told}");
    }
    fs::write(&path, &good).unwrap();
    assert!(read(&path).is_ok());
    for (rate, frames) in [(48_000, SHAPE.frames), (SHAPE.rate, SHAPE.frames + 1)] {
        assert!(matches!(read_for(&path, rate, frames), Err(MediaError::StalePitch { .. })));
    }
}

/// Seen red: the first estimate rounded down, so that a moment before the range is told.
#[test]
fn a_part_of_the_file_is_a_part_of_the_curve() {
    for rate in [8_000, 44_100, 48_000, 192_000] {
        let estimates: Arc<[Estimate]> = odd_curve(2_001).into();
        let curve = PitchCurve { sample_rate: rate, estimates };
        for (from, to) in [(0, 1), (1, 2), (220, 222), (5_000, 50_001), (7, 7), (9, 3), (0, u64::MAX)] {
            let inside = |estimate: &&Estimate| {
                let at = u128::from(estimate.number) * u128::from(rate);
                at >= u128::from(from) * 200 && at < u128::from(to) * 200
            };
            let ideal: Vec<u64> = curve.estimates.iter().filter(inside).map(|e| e.number).collect();
            let got: Vec<u64> = curve.range(from, to).iter().map(|estimate| estimate.number).collect();
            assert_eq!(got, ideal, "{from}..{to} at {rate}");
        }
    }
    assert!(PitchCurve { sample_rate: 0, estimates: Arc::new([]) }.range(0, u64::MAX).is_empty());
}

/// Seen red: a coarser level chosen for a column than fits into it eight times.
#[test]
fn from_afar_nothing_that_is_sung_is_lost() {
    let sung = |number: u64| Estimate {
        number,
        frequency: 200.0 + (number % 1_777) as f32,
        confidence: 0.7,
        voiced: number % 1_000 < 250,
    };
    let curve = PitchCurve { sample_rate: 48_000, estimates: (0..100_000).map(sung).collect() };
    let overview = Overview::of(&curve);
    for count in [1, 7, 97, 1_000] {
        let mut columns = vec![Span { lowest: 9.0, ..Span::default() }; count];
        overview.columns(0, 24_000_000, &mut columns);
        for (n, column) in columns.iter().enumerate() {
            let frame = |n: usize| (n as u64 * 24_000_000) / count as u64;
            // The columns may reach an eighth of their width, or 8 estimates, beyond their edges.
            let slack = (24_000_000 / count as u64 / 8).max(8 * 240);
            let inner = curve.range(frame(n), frame(n + 1)).iter().filter(|e| e.voiced);
            let outer = curve.range(frame(n).saturating_sub(slack), frame(n + 1) + slack);
            let outer = outer.iter().filter(|e| e.voiced);
            for estimate in inner {
                assert!((column.lowest..=column.highest).contains(&estimate.frequency), "{n} of {count}");
            }
            let highest = outer.map(|e| e.frequency).fold(0.0, f32::max);
            assert!(column.highest <= highest, "{n} of {count}: {column:?} above {highest}");
        }
        let voiced: f32 = columns.iter().map(|column| column.voiced).sum::<f32>() / count as f32;
        assert!((voiced - 0.25).abs() < 0.03, "{voiced}");
    }
    let mut none = [Span { lowest: 9.0, ..Span::default() }; 2];
    Overview::of(&PitchCurve { sample_rate: 48_000, estimates: Arc::new([]) }).columns(0, 9, &mut none);
    assert_eq!(none, [Span::default(); 2]);
    overview.columns(30_000_000, 40_000_000, &mut none);
    assert_eq!(none, [Span::default(); 2], "nothing beyond the end");
}
