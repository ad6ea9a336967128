use std::fs;

use proptest::prelude::*;

use super::*;
use crate::encode::Kind;
use crate::testing::*;
use crate::wav::SampleFormat;

fn opened(bytes: &[u8]) -> (tempfile::TempDir, Result<Box<dyn Source>, MediaError>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, bytes).unwrap();
    let source = open(&path);
    (folder, source)
}

/// Samples of one channel, whatever the file is.
fn samples(bytes: &[u8]) -> Vec<f32> {
    let (_folder, source) = opened(bytes);
    read_all(source.unwrap().as_mut()).swap_remove(0)
}

const HALF24: [u8; 3] = [0, 0, 0x40];

/// hound writes, we read. Seen red: the encoding chosen by bits alone (float read as integer).
#[test]
fn reads_what_hound_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hound.wav");
    for (bits, sample_format) in [
        (8, hound::SampleFormat::Int),
        (16, hound::SampleFormat::Int),
        (24, hound::SampleFormat::Int),
        (32, hound::SampleFormat::Int),
        (32, hound::SampleFormat::Float),
    ] {
        for channels in [1u16, 2, 5] {
            let spec = hound::WavSpec { channels, sample_rate: 44_100, bits_per_sample: bits, sample_format };
            let mut writer = hound::WavWriter::create(&path, spec).unwrap();
            let ideal = |n: u32| (n as f32 / 64.0 - 1.0) % 1.0;
            for n in 0..100 * u32::from(channels) {
                match sample_format {
                    hound::SampleFormat::Float => writer.write_sample(ideal(n)).unwrap(),
                    hound::SampleFormat::Int => {
                        writer
                            .write_sample((f64::from(ideal(n)) * 2f64.powi(i32::from(bits) - 1)) as i32)
                            .unwrap();
                    }
                }
            }
            writer.finalize().unwrap();
            let mut source = open(&path).unwrap();
            assert_eq!((source.channels(), source.frames(), source.sample_rate()), (channels, 100, 44_100));
            let planes = read_all(source.as_mut());
            for (n, sample) in (0..100 * u32::from(channels))
                .map(|n| (n, planes[n as usize % planes.len()][n as usize / planes.len()]))
            {
                assert_eq!(
                    sample,
                    ideal(n),
                    "{bits} bits {sample_format:?}, {channels} channels, sample {n}"
                );
            }
        }
    }
}

/// RF64 and BW64 keep the size in `ds64`. Seen red: `ds64` ignored (0xffffffff then means "to the end of the
/// file", and the trailing chunk is read as audio).
#[test]
fn reads_rf64_and_bw64() {
    for id in [b"RF64", b"BW64"] {
        let mut sizes = Vec::new();
        [200u64, 6, 2].iter().for_each(|n| sizes.extend_from_slice(&n.to_le_bytes()));
        sizes.extend_from_slice(&[0; 4]);
        let mut data = chunk(b"data", &[HALF24, HALF24].concat());
        data[4..8].fill(0xff);
        let mut bytes = riff(
            id,
            &[chunk(b"ds64", &sizes), chunk(b"fmt ", &fmt(1, 1, 48_000, 24)), data, chunk(b"LIST", &[7; 50])],
        );
        bytes[4..8].fill(0xff);
        assert_eq!(samples(&bytes), [0.5, 0.5]);
    }
}

/// Seen red: the sub-format ignored (float read as integers); chunks stepped over without their pad byte.
#[test]
fn reads_extensible_and_odd_chunks() {
    for (tag, value, bits) in [(1u16, 0x4000_0000u32.to_le_bytes(), 32), (3, 0.5f32.to_le_bytes(), 32)] {
        let mut format = fmt(0xfffe, 1, 48_000, bits);
        format.extend_from_slice(&[22, 0, 24, 0, 0, 0, 0, 0]);
        format.extend_from_slice(&tag.to_le_bytes());
        format.extend_from_slice(&[0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
        let bytes = riff(
            b"RIFF",
            &[
                chunk(b"junk", &[1; 33]),
                chunk(b"fmt ", &format),
                chunk(b"odd ", &[2; 7]),
                chunk(b"data", &value),
            ],
        );
        assert_eq!(samples(&bytes), [0.5]);
    }
    // A writer that forgot the pad byte.
    let mut odd = chunk(b"odd ", &[2; 7]);
    odd.pop();
    let bytes = riff(b"RIFF", &[chunk(b"fmt ", &fmt(1, 1, 48_000, 24)), odd, chunk(b"data", &HALF24)]);
    assert_eq!(samples(&bytes), [0.5]);
}

/// Sizes that were never filled in, or that promise more than there is. Seen red: 0 taken at its word.
#[test]
fn trusts_the_length_of_the_file() {
    for size in [0u32, u32::MAX, 1_000_000] {
        let mut bytes = riff(
            b"RIFF",
            &[chunk(b"fmt ", &fmt(1, 1, 48_000, 24)), chunk(b"data", &[HALF24, HALF24].concat())],
        );
        let at = bytes.len() - 10;
        bytes[at..at + 4].copy_from_slice(&size.to_le_bytes());
        assert_eq!(samples(&bytes), [0.5, 0.5], "{size}");
    }
}

/// Seen red: `sowt` read as big endian; two of the eight bytes before the samples read as samples.
#[test]
fn reads_aiff_in_all_its_forms() {
    type Case = (u16, Option<&'static [u8; 4]>, &'static [u8]);
    let cases: [Case; 10] = [
        (8, None, &[0x40]),
        (16, None, &[0x40, 0]),
        (24, None, &[0x40, 0, 0]),
        (32, None, &[0x40, 0, 0, 0]),
        (16, Some(b"sowt"), &[0, 0x40]),
        (24, Some(b"NONE"), &[0x40, 0, 0]),
        (32, Some(b"fl32"), &[0x3f, 0, 0, 0]),
        (64, Some(b"fl64"), &[0x3f, 0xe0, 0, 0, 0, 0, 0, 0]),
        (8, Some(b"raw "), &[0xc0]),
        (24, Some(b"in24"), &[0x40, 0, 0]),
    ];
    for (bits, compression, half) in cases {
        let data = [half, half, half, half].concat();
        let bytes = aiff(2, bits, 2, compression, &data);
        let (_folder, source) = opened(&bytes);
        let mut source = source.unwrap();
        assert_eq!((source.channels(), source.sample_rate()), (2, 44_100), "{bits} {compression:?}");
        assert_eq!(read_all(source.as_mut()), vec![vec![0.5, 0.5]; 2], "{bits} {compression:?}");
    }
    assert!(matches!(
        opened(&aiff(1, 16, 1, Some(b"ima4"), &[0; 34])).1,
        Err(MediaError::Unsupported { .. })
    ));
}

#[test]
fn refuses_with_the_reason() {
    assert!(matches!(opened(&[]).1, Err(MediaError::Empty { .. })));
    assert!(matches!(opened(b"what is this, then?").1, Err(MediaError::UnknownKind { .. })));
    assert!(matches!(open(Path::new("/nowhere/a.wav")), Err(MediaError::Missing { .. })));
    let shape = |channels, rate| {
        riff(b"RIFF", &[chunk(b"fmt ", &fmt(1, channels, rate, 16)), chunk(b"data", &[0; 400])])
    };
    assert!(matches!(opened(&shape(100, 48_000)).1, Err(MediaError::TooManyChannels { channels: 100, .. })));
    assert!(matches!(opened(&shape(2, 7)).1, Err(MediaError::UnsupportedRate { rate: 7, .. })));
    assert!(matches!(
        opened(&riff(b"RIFF", &[chunk(b"fmt ", &fmt(2, 2, 48_000, 4)), chunk(b"data", &[0; 400])])).1,
        Err(MediaError::Unsupported { .. })
    ));
}

#[test]
fn beyond_the_end_is_silent_and_shapes_are_checked() {
    let bytes =
        riff(b"RIFF", &[chunk(b"fmt ", &fmt(1, 1, 48_000, 24)), chunk(b"data", &[HALF24, HALF24].concat())]);
    let (_folder, source) = opened(&bytes);
    let mut source = source.unwrap();
    let mut plane = [9.0; 4];
    assert_eq!(source.read(1, &mut [&mut plane]).unwrap(), 1);
    assert_eq!(plane, [0.5, 0.0, 0.0, 0.0]);
    assert_eq!(source.read(u64::MAX, &mut [&mut plane]).unwrap(), 0);
    assert_eq!(plane, [0.0; 4]);
    assert!(source.read(0, &mut [&mut [0.0; 2], &mut [0.0; 2]]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Any order of reads gives the samples of one long read. Seen red: `FlacSource` not forgetting its block
    /// at a seek.
    #[test]
    fn order_does_not_matter(flac in any::<bool>(), channels in 1..3usize, reads in proptest::collection::vec((0..100_000u64, 1..9_000usize), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let planes: Vec<Vec<f32>> = (0..channels).map(|c| {
            let soft = sine(48_000, 90_001, c);
            noise24(90_001, c).iter().zip(soft).map(|(n, s)| ((n * 0.01 + s) * 8_388_608.0).round() / 8_388_608.0).collect()
        }).collect();
        let kind = if flac { Kind::Flac { bits: 24 } } else { Kind::Wav(SampleFormat::Int24) };
        export(&path, 48_000, kind, &planes).unwrap();
        let mut source = open(&path).unwrap();
        prop_assert_eq!(source.frames(), 90_001);
        for (from, count) in reads {
            let mut out = vec![vec![9.0; count]; channels];
            let mut slices: Vec<&mut [f32]> = out.iter_mut().map(Vec::as_mut_slice).collect();
            let read = source.read(from, &mut slices).unwrap();
            prop_assert_eq!(read as u64, 90_001u64.saturating_sub(from).min(count as u64));
            for (out, plane) in out.iter().zip(&planes) {
                for (n, sample) in out.iter().enumerate() {
                    let ideal = plane.get(from as usize + n).copied().unwrap_or(0.0);
                    prop_assert!(*sample == ideal, "frame {} of {from}+{count}", from as usize + n);
                }
            }
        }
    }
}
