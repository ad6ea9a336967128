//! A full disk and a read-only place, on file systems made for the purpose (needs root; loudly skipped
//! without).
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)] // tests, and the helpers beside them

use std::fs;
use std::path::Path;
use std::process::Command;

use dawg_media::capture::{CaptureFile, CaptureSpec, recover};
use dawg_media::encode::{EncodeSpec, Encoder, Kind};
use dawg_media::import::{ImportTarget, import};
use dawg_media::wav::SampleFormat;
use dawg_media::{MediaError, Progress, source};

/// A tmpfs that is gone when this is dropped.
struct Mounted(tempfile::TempDir);

impl Mounted {
    fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder.path()).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(folder)),
            refused => {
                eprintln!(
                    "\n*** SKIPPED: mount was refused, the full-disk tests need root: {refused:?} ***\n"
                );
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read_only(&self) {
        assert!(
            Command::new("mount").args(["-o", "remount,ro"]).arg(self.path()).status().unwrap().success()
        );
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

fn capture_spec(format: SampleFormat) -> CaptureSpec {
    CaptureSpec { sample_rate: 48_000, channels: 2, format, time_reference: 0, description: String::new() }
}

fn samples(frames: usize) -> Vec<f32> {
    (0..frames * 2).map(|n| (n % 8_192) as f32 / 8_192.0).collect()
}

/// Seen red: a byte left behind the last frame; what was lost counted as written.
#[test]
fn a_capture_keeps_what_fitted() {
    for format in [SampleFormat::Int24, SampleFormat::Float32] {
        let Some(disk) = Mounted::new("size=1m") else { return };
        let path = disk.path().join("take.wav");
        let mut capture = CaptureFile::create(&path, capture_spec(format)).unwrap();
        let all = samples(400_000);
        let mut failure = None;
        for block in all.chunks(2 * 1_001) {
            if let Err(error) = capture.append_interleaved(block) {
                failure = Some(error);
                break;
            }
        }
        let failure = failure.unwrap();
        assert!(matches!(&failure, MediaError::DiskFull { path: named } if named == &path), "{failure}");
        let kept = capture.frames();
        assert!(kept > 100_000);
        assert!(capture.append_interleaved(&all[..2_002]).is_err());
        assert_eq!(capture.finish().unwrap().frames, kept);
        let mut source = source::open(&path).unwrap();
        assert_eq!(source.frames(), kept);
        let (mut left, mut right) = (vec![0.0; kept as usize], vec![0.0; kept as usize]);
        source.read(0, &mut [&mut left, &mut right]).unwrap();
        assert!(
            left.iter().zip(&right).enumerate().all(|(n, (l, r))| *l == all[n * 2] && *r == all[n * 2 + 1])
        );
        assert_eq!(hound::WavReader::open(&path).unwrap().duration() as u64, kept);
        assert_eq!(recover(&path).unwrap(), kept);
    }
}

/// Seen red: the error naming the hidden file.
#[test]
fn an_export_that_does_not_fit_leaves_nothing() {
    let Some(disk) = Mounted::new("size=1m") else { return };
    let path = disk.path().join("mix");
    let noise: Vec<f32> =
        (0..400_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 8) as f32 / 16_777_216.0 - 0.5).collect();
    let mut kinds =
        vec![Kind::Wav(SampleFormat::Int16), Kind::Wav(SampleFormat::Float32), Kind::Flac { bits: 24 }];
    if cfg!(feature = "mp3") {
        kinds.push(Kind::Mp3 { kbps: 320 });
    }
    for kind in kinds {
        let spec = EncodeSpec { sample_rate: 48_000, channels: 2, kind, dither_seed: 0 };
        let mut encoder = Encoder::create(&path, spec).unwrap();
        let outcome = (0..40)
            .try_for_each(|_| encoder.write(&[&noise, &noise]))
            .and_then(|()| encoder.finish().map(drop));
        assert!(
            matches!(&outcome, Err(MediaError::DiskFull { path: named }) if named == &path),
            "{kind:?}: {outcome:?}"
        );
        assert!(names(disk.path()).is_empty(), "{kind:?}");
    }
}

/// Seen red: an error of the copy passed over.
#[test]
fn an_import_that_does_not_fit_leaves_nothing() {
    let Some(disk) = Mounted::new("size=1m") else { return };
    let other = tempfile::tempdir().unwrap();
    let from = other.path().join("beat.wav");
    let spec =
        EncodeSpec { sample_rate: 48_000, channels: 1, kind: Kind::Wav(SampleFormat::Int24), dither_seed: 0 };
    let mut encoder = Encoder::create(&from, spec).unwrap();
    encoder.write(&[&vec![0.25; 600_000]]).unwrap();
    encoder.finish().unwrap();
    let (audio, peaks) = (disk.path().join("audio"), disk.path().join("peaks"));
    fs::create_dir(&audio).unwrap();
    fs::create_dir(&peaks).unwrap();
    for song_rate in [48_000, 44_100] {
        let to = ImportTarget {
            audio_folder: &audio,
            peaks_folder: &peaks,
            media_id: "m",
            song_rate,
            repair: false,
        };
        let told = import(&from, &to, &Progress::new()).unwrap_err();
        assert!(matches!(told, MediaError::DiskFull { .. }), "{told}");
        assert!(names(&audio).is_empty() && names(&peaks).is_empty());
    }
}

/// Seen red: EROFS not sorted out.
#[test]
fn a_read_only_place_is_told() {
    let Some(disk) = Mounted::new("size=1m") else { return };
    disk.read_only();
    let path = disk.path().join("mix.wav");
    let spec = EncodeSpec { sample_rate: 48_000, channels: 1, kind: Kind::Flac { bits: 16 }, dither_seed: 0 };
    let told = Encoder::create(&path, spec).unwrap_err();
    assert!(matches!(told, MediaError::ReadOnly { .. }) && told.to_string().contains("read-only"), "{told}");
    let told = CaptureFile::create(&path, capture_spec(SampleFormat::Int24)).unwrap_err();
    assert!(matches!(told, MediaError::ReadOnly { .. }));
}
