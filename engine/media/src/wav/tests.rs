use std::fs;
use std::path::Path;

use super::*;
use crate::MediaError;
use crate::decode::Decoder;
use crate::source;
use crate::testing::*;

fn write(path: &Path, spec: WavSpec, bext: Option<Bext>, rf64_from: u64, planes: &[Vec<f32>]) -> u64 {
    let mut writer = WavWriter::with_threshold(path, spec, bext, rf64_from).unwrap();
    writer.write_planar(&slices(planes)).unwrap();
    writer.finish().unwrap()
}

/// hound reads what we write. Seen red: `block align` left at the size of one channel.
#[test]
fn another_reader_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    for format in [SampleFormat::Int16, SampleFormat::Int24, SampleFormat::Int32, SampleFormat::Float32] {
        for channels in [1u16, 2, 3] {
            for frames in [1usize, 101] {
                let spec = WavSpec { sample_rate: 96_000, channels, format };
                let planes: Vec<Vec<f32>> = (0..channels)
                    .map(|c| (0..frames).map(|n| (n as f32 + f32::from(c)) / 128.0 - 0.9375).collect())
                    .collect();
                assert_eq!(write(&path, spec, None, RF64_FROM, &planes), frames as u64);
                let mut hound = hound::WavReader::open(&path).unwrap();
                assert_eq!(hound.spec().sample_rate, 96_000);
                assert_eq!(hound.duration() as usize, frames);
                let read: Vec<f32> = match format {
                    SampleFormat::Float32 => hound.samples::<f32>().map(Result::unwrap).collect(),
                    _ => hound
                        .samples::<i32>()
                        .map(|s| (f64::from(s.unwrap()) / 2f64.powi(i32::from(format.bits()) - 1)) as f32)
                        .collect(),
                };
                for (n, sample) in read.iter().enumerate() {
                    assert_eq!(*sample, planes[n % planes.len()][n / planes.len()], "{format:?} {channels}");
                }
                // Even length, and the sizes say so.
                let bytes = fs::read(&path).unwrap();
                assert!(bytes.len().is_multiple_of(2));
                assert_eq!(u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize, bytes.len() - 8);
            }
        }
    }
}

/// The same file below and above the threshold differs only in its header. Seen red: `ds64` sizes in the wrong
/// order.
#[test]
fn becomes_rf64_past_the_threshold() {
    let folder = tempfile::tempdir().unwrap();
    let (small, large) = (folder.path().join("a.wav"), folder.path().join("b.wav"));
    let planes = vec![noise24(5_000, 0), noise24(5_000, 1)];
    for format in [SampleFormat::Int24, SampleFormat::Float32] {
        let spec = WavSpec { sample_rate: 48_000, channels: 2, format };
        write(&small, spec, None, RF64_FROM, &planes);
        write(&large, spec, None, 10_000, &planes);
        let (small_bytes, large_bytes) = (fs::read(&small).unwrap(), fs::read(&large).unwrap());
        assert_eq!(small_bytes.len(), large_bytes.len());
        assert_eq!((&small_bytes[..4], &small_bytes[12..16]), (b"RIFF".as_slice(), b"JUNK".as_slice()));
        assert_eq!(
            (&large_bytes[..8], &large_bytes[12..16]),
            (b"RF64\xff\xff\xff\xff".as_slice(), b"ds64".as_slice())
        );
        let size = |at: usize| u64::from_le_bytes(large_bytes[at..at + 8].try_into().unwrap());
        let frame = 2 * format.bytes() as u64;
        assert_eq!((size(20), size(28), size(36)), (large_bytes.len() as u64 - 8, 5_000 * frame, 5_000));
        assert_eq!(read_all(source::open(&large).unwrap().as_mut()), planes);
        assert_eq!(read_all(source::open(&small).unwrap().as_mut()), planes);
    }
}

/// The real threshold, without writing 4 GiB: the header alone. Seen red: RF64 used two bytes late.
#[test]
fn the_header_knows_4_gib() {
    let spec = WavSpec { sample_rate: 48_000, channels: 1, format: SampleFormat::Int16 };
    let header = Header { spec, bext: None, rf64_from: RF64_FROM };
    let before = header.bytes(0).len() as u64;
    let fits = (RF64_FROM - before - 1) / 2;
    assert_eq!(header.bytes(fits)[..4], *b"RIFF");
    assert_eq!(header.bytes(fits + 1)[..4], *b"RF64");
    assert_eq!(header.bytes(u64::MAX / 4).len() as u64, before);
}

/// Seen red: the time reference 8 bytes too early in `bext`.
#[test]
fn the_time_stamp_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let spec = WavSpec { sample_rate: 48_000, channels: 1, format: SampleFormat::Int24 };
    let bext = Bext { description: "项目 🎵 ".repeat(40), time_reference: 0x1_2345_6789 };
    write(&path, spec, Some(bext), RF64_FROM, &[vec![0.25; 3]]);
    let bytes = fs::read(&path).unwrap();
    let at = bytes.windows(4).position(|w| w == b"bext").unwrap() + 8;
    assert_eq!(bytes[at - 4..at], 602u32.to_le_bytes());
    let description = &bytes[at..at + 256];
    assert!(std::str::from_utf8(description).unwrap().starts_with("项目 🎵"), "cut between two characters");
    assert_eq!(bytes[at + 338..at + 346], 0x1_2345_6789u64.to_le_bytes());
    assert_eq!(Decoder::open(&path).unwrap().time_reference(), Some(0x1_2345_6789));
    assert_eq!(hound::WavReader::open(&path).unwrap().duration(), 3);
}

#[test]
fn wrong_shapes_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let spec = WavSpec { sample_rate: 48_000, channels: 2, format: SampleFormat::Int24 };
    let mut writer = WavWriter::create(&path, spec, None).unwrap();
    assert!(writer.write_planar(&[&[0.0; 3]]).is_err());
    assert!(writer.write_planar(&[&[0.0; 3], &[0.0; 2]]).is_err());
    assert!(writer.write_interleaved(&[0.0; 3]).is_err());
    assert_eq!(writer.finish().unwrap(), 0);
    assert!(matches!(
        WavWriter::create(&path, WavSpec { channels: 65, ..spec }, None),
        Err(MediaError::TooManyChannels { .. })
    ));
    assert!(matches!(
        WavWriter::create(&folder.path().join("no/a.wav"), spec, None),
        Err(MediaError::NoFolder { .. })
    ));
}
