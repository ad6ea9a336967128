use std::fs;

use proptest::prelude::*;

use super::*;
use crate::source;
use crate::testing::*;
use crate::{MediaError, Source};

fn spec(channels: u16, format: SampleFormat) -> CaptureSpec {
    CaptureSpec {
        sample_rate: 48_000,
        channels,
        format,
        time_reference: 96_000,
        description: "take 1".into(),
    }
}

fn interleaved(planes: &[Vec<f32>]) -> Vec<f32> {
    (0..planes[0].len() * planes.len()).map(|n| planes[n % planes.len()][n / planes.len()]).collect()
}

fn reopened(path: &Path) -> Box<dyn Source> {
    source::open(path).unwrap()
}

/// Seen red: the header written only in `finish`.
#[test]
fn valid_after_every_flush() {
    let folder = tempfile::tempdir().unwrap();
    for (channels, format) in [(1, SampleFormat::Int24), (2, SampleFormat::Float32), (2, SampleFormat::Int24)]
    {
        let path = folder.path().join(format!("take {channels} {format:?}.wav"));
        let planes: Vec<_> = (0..usize::from(channels)).map(|c| noise24(1_001, c)).collect();
        let samples = interleaved(&planes);
        let mut capture = CaptureFile::create(&path, spec(channels, format)).unwrap();
        for (n, block) in samples.chunks(usize::from(channels) * 77).enumerate() {
            capture.append_interleaved(block).unwrap();
            capture.flush().unwrap();
            // hound believes the header alone.
            let frames = (77 * (n + 1)).min(1_001) as u32;
            assert_eq!(hound::WavReader::open(&path).unwrap().duration(), frames);
            assert_eq!(capture.frames(), u64::from(frames));
        }
        capture.append_silence(10_000).unwrap();
        capture.sync().unwrap();
        assert_eq!(capture.finish().unwrap(), FinishedCapture { frames: 11_001, clipped: 0 });
        let read = read_all(reopened(&path).as_mut());
        assert!(read.iter().zip(&planes).all(|(a, b)| a[..1_001] == b[..] && a[1_001..] == [0.0; 10_000]));
    }
}

#[test]
fn clipping_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("take.wav");
    let mut capture = CaptureFile::create(&path, spec(1, SampleFormat::Int24)).unwrap();
    capture.append_interleaved(&[0.5, 1.5, -2.0, -1.0]).unwrap();
    assert_eq!(capture.finish().unwrap(), FinishedCapture { frames: 4, clipped: 2 });
    let path = folder.path().join("take in float.wav");
    let mut capture = CaptureFile::create(&path, spec(1, SampleFormat::Float32)).unwrap();
    capture.append_interleaved(&[0.5, 1.5]).unwrap();
    assert_eq!(capture.finish().unwrap().clipped, 0);
    assert_eq!(read_all(reopened(&path).as_mut()), vec![vec![0.5, 1.5]]);
}

/// A capture that passed the threshold before the crash, and one that passes it by recovery. Seen red: the sizes
/// written, the `RF64` left in front.
#[test]
fn rf64_is_recovered_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("take.wav");
    let plane = noise24(4_000, 0);
    let mut capture = CaptureFile::with_threshold(&path, spec(1, SampleFormat::Int24), 5_000).unwrap();
    capture.append_interleaved(&plane).unwrap();
    capture.flush().unwrap();
    assert_eq!(&fs::read(&path).unwrap()[..4], b"RF64");
    capture.append_interleaved(&plane[..100]).unwrap();
    drop(capture);
    assert_eq!(recover(&path).unwrap(), 4_100);
    assert_eq!(reopened(&path).frames(), 4_100);
    assert_eq!(&fs::read(&path).unwrap()[..4], b"RIFF", "small again: sizes fit into 32 bits");
}

#[test]
fn what_is_no_capture_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("take.wav");
    assert!(matches!(recover(&path), Err(MediaError::Missing { .. })));
    fs::write(&path, []).unwrap();
    assert_eq!(recover(&path).unwrap(), 0);
    fs::write(&path, [0; 500]).unwrap();
    assert_eq!(recover(&path).unwrap(), 0);
    fs::write(&path, b"these are the lyrics of the song").unwrap();
    assert!(matches!(recover(&path), Err(MediaError::UnknownKind { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"these are the lyrics of the song");
    let path = folder.path().join("begun.wav");
    drop(CaptureFile::create(&path, spec(2, SampleFormat::Int24)).unwrap());
    assert_eq!(recover(&path).unwrap(), 0);
    assert_eq!(recover(&path).unwrap(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// The kill of the house rules: cut anywhere after a flush, everything flushed is there, bit for bit, and
    /// recovering twice changes nothing. Seen red: `recover` believing the header; the file not cut to whole
    /// frames.
    #[test]
    fn killed_at_any_byte(
        channels in 1..4u16,
        float in any::<bool>(),
        flushed in 0..3_000usize,
        more in 0..3_000usize,
        cut in 0..10_000usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let format = if float { SampleFormat::Float32 } else { SampleFormat::Int24 };
        let planes: Vec<_> = (0..usize::from(channels)).map(|c| noise24(flushed + more + 1, c)).collect();
        let samples = interleaved(&planes);
        let mut capture = CaptureFile::create(&path, spec(channels, format)).unwrap();
        let header = fs::metadata(&path).unwrap().len();
        capture.append_interleaved(&samples[..flushed * usize::from(channels)]).unwrap();
        capture.flush().unwrap();
        let at_flush = fs::metadata(&path).unwrap().len();
        capture.append_interleaved(&samples[flushed * usize::from(channels)..(flushed + more) * usize::from(channels)]).unwrap();
        drop(capture);
        let whole = fs::metadata(&path).unwrap().len();
        let end = at_flush + cut as u64 % (whole - at_flush + 1);
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(end).unwrap();
        let frames = recover(&path).unwrap();
        // All that is whole, also what came after the flush.
        let frame = u64::from(channels) * format.bytes() as u64;
        prop_assert_eq!(frames, (end - header) / frame);
        prop_assert!(frames >= flushed as u64);
        prop_assert_eq!(fs::metadata(&path).unwrap().len(), header + (frames * frame).next_multiple_of(2));
        prop_assert_eq!(hound::WavReader::open(&path).unwrap().duration() as u64, frames);
        let read = read_all(reopened(&path).as_mut());
        let sure = (frames as usize).min(flushed + more);
        for (read, plane) in read.iter().zip(&planes) {
            prop_assert!(read[..sure] == plane[..sure]);
        }
        let once = fs::read(&path).unwrap();
        prop_assert_eq!(recover(&path).unwrap(), frames);
        prop_assert!(fs::read(&path).unwrap() == once);
    }

    /// Cut inside the header, too. Seen red: part of a header taken for a damaged file (found by this test).
    #[test]
    fn killed_while_creating(cut in 0..800u64, garbage in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        drop(CaptureFile::create(&path, spec(2, SampleFormat::Int24)).unwrap());
        let len = fs::metadata(&path).unwrap().len();
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(cut.min(len)).unwrap();
        if garbage {
            // The length reached the disk, the contents did not.
            fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(len).unwrap();
        }
        prop_assert_eq!(recover(&path).unwrap(), 0);
    }
}

/// Seen red: with `create` and `truncate` in place of `create_new` the take that was there has 0 frames.
#[test]
fn a_take_that_is_there_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Voice.wav");
    let mut take = CaptureFile::create(&path, spec(1, SampleFormat::Int24)).unwrap();
    take.append_interleaved(&[0.5; 100]).unwrap();
    take.finish().unwrap();
    assert!(CaptureFile::create(&path, spec(1, SampleFormat::Int24)).is_err());
    assert_eq!(reopened(&path).frames(), 100);
}
