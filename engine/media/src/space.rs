//! Room on a disk: how much there is, and a little of it held back for the moment in which there is none.
//!
//! Start at [`Room::of`]. Never on the audio thread or the window's: a disk that is asked may be far away.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How a disk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes that this user can still write.
    pub free: u64,
    /// Bytes that this user could write onto the empty disk.
    pub total: u64,
}

impl Room {
    /// The disk that `place` lies on; none where the system does not say.
    #[cfg(unix)]
    #[must_use]
    pub fn of(place: &Path) -> Option<Self> {
        let disk = rustix::fs::statvfs(place).ok()?;
        let used = disk.f_blocks.saturating_sub(disk.f_bfree);
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        // Some file systems know no size.
        (disk.f_blocks > 0)
            .then(|| Self { free: bytes(disk.f_bavail), total: bytes(used.saturating_add(disk.f_bavail)) })
    }

    /// The disk that `place` lies on; none where the system does not say.
    #[cfg(not(unix))]
    #[must_use]
    pub fn of(_: &Path) -> Option<Self> {
        None
    }

    /// How full it is, 0 to 1.
    #[must_use]
    pub fn full(self) -> f64 {
        if self.total == 0 { 1.0 } else { 1.0 - self.free as f64 / self.total as f64 }
    }

    /// How long it lasts at so many bytes a second.
    #[must_use]
    pub fn lasts(self, bytes_per_second: u64) -> Duration {
        Duration::from_secs(self.free / bytes_per_second.max(1))
    }
}

/// The most that is held back: enough for the rows, headers and snapshots of a large song.
const MOST: u64 = 4 << 20;
/// The least that is of use.
const LEAST: u64 = 256 << 10;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Room that is taken, so that nobody else takes it, until this is dropped. It belongs to a file that has no name any
/// more: whatever becomes of the program, nothing is left behind.
#[derive(Debug)]
pub struct Reserve {
    _file: File,
}

impl Reserve {
    /// Holds room back on the disk of `folder`: 4 MiB, and less where there is not much, but never more than half. None
    /// where that cannot be.
    #[must_use]
    pub fn hold(folder: &Path) -> Option<Self> {
        let free = Room::of(folder)?.free;
        let bytes = (free / 8).clamp(LEAST, MOST).min(free / 2);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".reserve-{}-{number}", std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).open(&path).ok()?;
        std::fs::remove_file(&path).ok()?;
        fill(&file, bytes).ok()?;
        Some(Self { _file: file })
    }
}

/// Takes so many bytes. Zeros would do on most disks, but some store none of them.
fn fill(mut file: &File, bytes: u64) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    match rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, bytes) {
        Err(rustix::io::Errno::OPNOTSUPP) => {}
        done => return Ok(done?),
    }
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0x55), bytes), &mut file).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_says_how_it_stands() {
        let room = Room::of(&std::env::temp_dir()).unwrap();
        assert!(room.free <= room.total && (0.0..=1.0).contains(&room.full()), "{room:?}");
        assert_eq!(Room::of(Path::new("/nowhere at all")), None);
        let small = Room { free: 1_440_000, total: 14_400_000 };
        assert!((small.full() - 0.9).abs() < 1e-9);
        assert_eq!(small.lasts(144_000), Duration::from_secs(10));
        assert_eq!(small.lasts(0), Duration::from_secs(1_440_000));
    }

    #[test]
    fn a_reserve_takes_room_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = Reserve::hold(folder.path()).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(reserve._file.metadata().unwrap().len() >= LEAST);
        assert!(Reserve::hold(&folder.path().join("gone")).is_none());
    }
}
