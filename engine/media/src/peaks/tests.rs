use std::fs;

use proptest::prelude::*;

use super::*;
use crate::encode::Kind;
use crate::testing::*;
use crate::wav::SampleFormat;
use crate::{MediaError, source};

/// What the points must be, by the definition.
fn ideal(plane: &[f32], level: usize) -> Vec<Peak> {
    plane
        .chunks(LEVELS[level] as usize)
        .map(|chunk| Peak {
            min: chunk.iter().copied().fold(f32::INFINITY, f32::min),
            max: chunk.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        })
        .collect()
}

fn all(file: &mut PeakFile, level: usize, channel: u16) -> Vec<Peak> {
    let mut out = vec![Peak::default(); file.points(level) as usize];
    assert_eq!(file.read(level, channel, 0, &mut out).unwrap(), out.len());
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Seen red: a block that crosses a point counted into the first point only; levels of a section in one
    /// another's place.
    #[test]
    fn every_level_is_the_lowest_and_highest(channels in 1..4u16, frames in 1..400_000usize, block in 1..70_000usize, grow in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.peaks");
        let planes: Vec<_> = (0..usize::from(channels)).map(|c| noise24(frames, c)).collect();
        let mut builder = if grow { PeakBuilder::grow(&path, channels) } else { PeakBuilder::create(&path, channels) }.unwrap();
        let mut at = 0;
        while at < frames {
            let end = (at + block).min(frames);
            builder.push(&planes.iter().map(|p| &p[at..end]).collect::<Vec<_>>()).unwrap();
            at = end;
            if grow {
                builder.flush().unwrap();
                let mut file = PeakFile::open_growing(&path, channels).unwrap();
                prop_assert_eq!(file.frames(), at as u64);
                let last = file.points(0) - 1;
                let mut point = [Peak::default()];
                file.read(0, 0, last, &mut point).unwrap();
                prop_assert_eq!(point[0], ideal(&planes[0][..at], 0)[last as usize]);
            }
        }
        builder.finish().unwrap();
        let mut file = PeakFile::open(&path, channels, frames as u64).unwrap();
        for level in 0..LEVELS.len() {
            for channel in 0..channels {
                let ideal = ideal(&planes[usize::from(channel)], level);
                prop_assert!(all(&mut file, level, channel) == ideal, "level {level}, channel {channel}");
                // Any part, and beyond the end.
                let mut part = [Peak { min: 9.0, max: 9.0 }; 7];
                let from = ideal.len() as u64 / 2;
                let read = file.read(level, channel, from, &mut part).unwrap();
                prop_assert_eq!(read, (ideal.len() - from as usize).min(7));
                prop_assert_eq!(&part[..read], &ideal[from as usize..from as usize + read]);
                prop_assert!(part[read..].iter().all(|p| *p == Peak::default()));
            }
        }
    }
}

/// Seen red: the frame count of the header not compared.
#[test]
fn what_does_not_fit_is_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    let (wav, path) = (folder.path().join("a.wav"), file_for(folder.path(), "0190-ab/../c"));
    assert_eq!(path.file_name().unwrap(), "0190-abc.peaks");
    let planes = sines(48_000, 300_000, 2);
    export(&wav, 48_000, Kind::Wav(SampleFormat::Float32), &planes).unwrap();
    let mut source = source::open(&wav).unwrap();
    let progress = Progress::new();
    let mut check = |what: &str| {
        let mut file = open_or_rebuild(&path, source.as_mut(), &progress).unwrap();
        assert!(all(&mut file, 1, 1) == ideal(&planes[1], 1), "{what}");
    };
    check("missing");
    let good = fs::read(&path).unwrap();
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("cut off", good[..good.len() - 1].to_vec()),
        ("another version", [&good[..8], &[9], &good[9..]].concat()),
        ("another length", [&good[..16], &[9], &good[17..]].concat()),
        ("a length that is absurd", [&good[..16], &[0xff; 8], &good[24..]].concat()),
        ("another shape", [&good[..12], &[1], &good[13..]].concat()),
        ("not ours", vec![7; good.len()]),
    ] {
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(PeakFile::open(&path, 2, 300_000), Err(MediaError::StalePeaks { .. })), "{what}");
        check(what);
        assert!(fs::read(&path).unwrap() == good);
    }
    progress.cancel();
    let again = rebuild(source::open(&wav).unwrap().as_mut(), &path, &progress);
    assert!(matches!(again, Err(MediaError::Cancelled)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
}
