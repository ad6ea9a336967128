//! What is told of the use of the program: what was used, and a line for people.
//!
//! Start at [`Used`]. Only what the song's own window shows anyway; it stays on this machine.

/// One use of something.
#[derive(Debug, Clone, PartialEq)]
pub enum Used {
    /// A song was opened.
    SongOpened {
        /// Its name.
        song: String,
    },
    /// A take was recorded, or kept afterwards.
    TakeRecorded {
        /// The take's own name: that of its lane.
        take: String,
        /// Its track.
        track: String,
        /// Its length.
        seconds: f64,
    },
    /// A comp was made.
    CompMade {
        /// Its name.
        comp: String,
        /// Its track.
        track: String,
    },
    /// A song was exported.
    Exported {
        /// The file's name.
        file: String,
        /// Its length.
        seconds: f64,
        /// Integrated loudness; none for silence.
        lufs: Option<f64>,
    },
    /// Something failed, and was told.
    Error {
        /// What.
        title: String,
        /// Why.
        detail: String,
    },
}

impl Used {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::SongOpened { .. } => "song_opened",
            Self::TakeRecorded { .. } => "take_recorded",
            Self::CompMade { .. } => "comp_made",
            Self::Exported { .. } => "exported",
            Self::Error { .. } => "error",
        }
    }

    /// A line for people.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::SongOpened { song } => song.clone(),
            Self::TakeRecorded { take, track, seconds } => format!("{take} on {track}, {}", length(*seconds)),
            Self::CompMade { comp, track } => format!("{comp} of {track}"),
            Self::Exported { file, seconds, lufs } => {
                let loudness =
                    lufs.map_or("silence".to_owned(), |lufs| format!("{lufs:.1} LUFS").replace('-', "−"));
                format!("{file}, {}, {loudness}", length(*seconds))
            }
            Self::Error { title, detail } => format!("{title}: {}", detail.replace('\n', " ")),
        }
    }
}

/// Minutes and seconds: `0:21`.
fn length(seconds: f64) -> String {
    // A float cast saturates; NaN becomes nought.
    let seconds = seconds.round() as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_as_people_say_it() {
        let take = Used::TakeRecorded { take: "Take 4".into(), track: "Lead vocal".into(), seconds: 20.6 };
        assert_eq!((take.name(), take.detail().as_str()), ("take_recorded", "Take 4 on Lead vocal, 0:21"));
        let exported =
            |lufs| Used::Exported { file: "Midnight Verse.wav".into(), seconds: 192.0, lufs }.detail();
        assert_eq!(exported(Some(-14.02)), "Midnight Verse.wav, 3:12, −14.0 LUFS");
        assert_eq!(exported(None), "Midnight Verse.wav, 3:12, silence");
        let error = Used::Error { title: "Export".into(), detail: "no room\nthe song is safe".into() };
        assert_eq!(error.detail(), "Export: no room the song is safe");
    }
}
