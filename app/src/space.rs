//! Room for a recording: how long the disk lasts, and a watch that says in time when it does not.
//!
//! Start at [`SpaceWatch::begin`]. The watch has a thread of its own, for a disk may take long to answer: neither sound
//! nor window ever wait for it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use dawg_media::space::Room;

/// How often it looks.
const INTERVAL: Duration = Duration::from_secs(2);
/// From here on a disk is called full.
const FULL: f64 = 0.9;
/// A recording that lasts no longer than this is told of, whatever else was told.
const SHORT: Duration = Duration::from_secs(120);

/// What the watch has to say, in words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The disk is nine tenths full.
    Filling(String),
    /// Two minutes are left, or less.
    Short(String),
}

/// Watches the disk of a song while something is recorded onto it. Dropping it ends it.
#[derive(Debug)]
pub struct SpaceWatch {
    news: Receiver<Warning>,
    _ends: Sender<()>,
}

/// The watch's own side.
struct Look {
    folder: PathBuf,
    bytes_per_second: u64,
    filling_told: bool,
    short_told: bool,
}

/// Bytes a second of a recording of so many channels.
#[must_use]
pub fn bytes_per_second(channels: u64, rate: u32, float: bool) -> u64 {
    channels * u64::from(rate) * if float { 4 } else { 3 }
}

impl SpaceWatch {
    /// Begins to watch the disk of `folder`, onto which so many bytes a second are recorded. `filling_told` leaves out
    /// [`Warning::Filling`]: once is enough for a disk. Each warning comes once.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn begin(folder: &Path, bytes_per_second: u64, filling_told: bool) -> std::io::Result<Self> {
        let (told, news) = unbounded();
        let (ends, end) = bounded::<()>(0);
        let mut look = Look { folder: folder.to_owned(), bytes_per_second, filling_told, short_told: false };
        std::thread::Builder::new().name("disk watch".to_owned()).spawn(move || {
            loop {
                let room = Room::of(&look.folder);
                for warning in room.into_iter().flat_map(|room| look.at(room)) {
                    if told.send(warning).is_err() {
                        return;
                    }
                }
                if end.recv_timeout(INTERVAL) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        })?;
        Ok(Self { news, _ends: ends })
    }

    /// What it found since it was last asked. Does not wait.
    pub fn news(&self) -> impl Iterator<Item = Warning> {
        self.news.try_iter()
    }
}

impl Look {
    fn at(&mut self, room: Room) -> Option<Warning> {
        let left = room.lasts(self.bytes_per_second);
        if left <= SHORT && !self.short_told {
            self.short_told = true;
            self.filling_told |= room.full() >= FULL;
            return Some(Warning::Short(format!(
                "The disk of this song has room for {} more. At its end the recording stops, and what was recorded \
                 until then is kept. Free some room now: it is counted at once.",
                lasting(left)
            )));
        }
        if room.full() >= FULL && !self.filling_told {
            self.filling_told = true;
            return Some(Warning::Filling(format!(
                "The disk of this song is {:.0} % full: {} are left, enough for {} of this recording. Free some room \
                 before a long take, or save a copy of the song to another disk.",
                (room.full() * 100.0).floor(),
                size(room.free),
                lasting(left)
            )));
        }
        None
    }
}

/// "40 seconds", "12 minutes", "5 hours", "more than a week".
fn lasting(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=1 => "one second".to_owned(),
        2..120 => format!("{seconds} seconds"),
        120..7_200 => format!("{} minutes", seconds / 60),
        7_200..604_800 => format!("{} hours", seconds / 3_600),
        _ => "more than a week".to_owned(),
    }
}

fn size(bytes: u64) -> String {
    if bytes >= 1_000_000_000 {
        format!("{:.1} GB", bytes as f64 / 1e9)
    } else {
        format!("{:.1} MB", bytes as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look() -> Look {
        Look { folder: PathBuf::new(), bytes_per_second: 144_000, filling_told: false, short_told: false }
    }

    #[test]
    fn each_is_told_once_and_what_presses_first() {
        let mut look = look();
        let room = |free| Room { free, total: 1_000_000_000 };
        assert_eq!(look.at(room(100_100_000)), None);
        let Some(Warning::Filling(words)) = look.at(room(99_900_000)) else {
            unreachable!("nothing at 90 %")
        };
        assert!(words.contains("90 % full") && words.contains("11 minutes"), "{words}");
        assert_eq!(look.at(room(50_000_000)), None);
        let Some(Warning::Short(words)) = look.at(room(144_000 * 100)) else {
            unreachable!("nothing at 100 s")
        };
        assert!(words.contains("100 seconds"), "{words}");
        assert_eq!(look.at(room(1_000)), None);
        let mut late = super::tests::look();
        assert!(matches!(late.at(room(0)), Some(Warning::Short(_))) && late.at(room(0)).is_none());
    }

    #[test]
    fn lengths_in_words() {
        let words = [0, 90, 700, 20_000, 9_000_000].map(|seconds| lasting(Duration::from_secs(seconds)));
        assert_eq!(words, ["one second", "90 seconds", "11 minutes", "5 hours", "more than a week"]);
        assert_eq!(bytes_per_second(2, 48_000, false), 288_000);
        assert_eq!((size(1_500_000), size(2_340_000_000)), ("1.5 MB".to_owned(), "2.3 GB".to_owned()));
    }
}
