//! What was sung becomes takes of the song: recorded, or kept afterwards.
//!
//! Start at `Studio::recorded`.

use std::time::Instant;

use dawg_engine::capture::{Recorded, take};
use dawg_session::Edit;

use super::Studio;
use super::notice::Gravity;
use super::view::View;
use crate::jobs::Listed;

impl Studio {
    /// Makes takes of what was kept, selects them and says where they are.
    pub(super) fn kept(
        &mut self,
        folder: &std::path::Path,
        recorded: Recorded,
        notice: Option<&str>,
        view: &mut View,
    ) {
        let names: Vec<String> =
            recorded.tracks.iter().map(|track| format!("“{}”", track.row.name)).collect();
        // Sung to a song that stood still, it stands where it stands for want of a better place: what is heard there stays.
        let manner = Manner { verb: "Keep", takes_over: notice.is_none() };
        if !self.recorded(folder, recorded, manner, view) {
            return;
        }
        let Some(session) = self.session() else { return };
        let (map, rate) = (&session.tempo_map, session.sample_rate);
        let spans = session.clips().filter(|(_, _, clip)| view.selection.clips.contains(&clip.id));
        let spans = spans.map(|(_, _, clip)| clip.span(map, rate));
        let Some((start, end)) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return };
        let bar = |frame| map.bar_beat_tick(map.samples_to_ticks(frame, rate)).bar;
        let (first, last) = (bar(start), bar((end - 1).max(start)));
        let bars = if first == last { format!("bar {first}") } else { format!("bars {first} to {last}") };
        let place = format!("On {}, {bars}. It is selected.", names.join(", "));
        let words = notice.map_or(place.clone(), |notice| format!("{place}\n{notice}"));
        self.notices.tell(Gravity::Told, "What you just sang is a take", words);
    }

    /// Makes takes of what was recorded, in one step of history. Returns whether there are any.
    pub(super) fn recorded(
        &mut self,
        folder: &std::path::Path,
        recorded: Recorded,
        manner: Manner,
        view: &mut View,
    ) -> bool {
        if recorded.unwanted {
            return false; // nobody punched in, and nothing is left of it
        }
        let Some(work) = self.stage.work_mut().filter(|work| work.folder() == folder) else {
            self.notices.tell(
                Gravity::Attention,
                "A recording ended after its song was closed",
                "It is safe, and becomes a take when the song is opened again.",
            );
            return false;
        };
        let ids = recorded.ids();
        let (mut edits, mut clips, mut media) = (Vec::new(), Vec::new(), Vec::new());
        let mut names = Vec::new();
        for track in recorded.tracks {
            if let Some(error) = track.error {
                let file = format!("What came in before is safe in audio/{}.", track.row.file);
                self.notices.tell(Gravity::Failed, "The recording ended early", format!("{error}\n{file}"));
            }
            if track.lost > 0 {
                let rate = f64::from(track.row.rate.max(1));
                self.notices.tell(
                    Gravity::Attention,
                    "The disk was too slow for a moment",
                    format!(
                        "{:.2} s of “{}” are silent; everything else is in its place.",
                        track.lost as f64 / rate,
                        track.row.name
                    ),
                );
            }
            if track.clipped > 0 {
                self.notices.tell(
                    Gravity::Attention,
                    "The input was too loud",
                    format!(
                        "{} samples of “{}” are clipped. Turn the microphone's gain down and sing it again.",
                        track.clipped, track.row.name
                    ),
                );
            }
            // Each is placed into the song as the ones before it have left it: they touch different media.
            match take::edits(work.committed(), &track.row) {
                Ok(takes) => {
                    if !takes.clips.is_empty() {
                        names.push(track.row.name.to_string());
                        // A file whose header is mended at the next opening has another hash then.
                        if track.closed {
                            media.push((track.row.media, track.row.file.clone()));
                        }
                    }
                    let sounds = work
                        .committed()
                        .track(track.row.track)
                        .is_some_and(|track| track.lanes.iter().any(|lane| !lane.clips.is_empty()));
                    let keeps = |edit: &Edit| manner.takes_over || !sounds || !changes_what_is_heard(edit);
                    edits.extend(takes.edits.into_iter().filter(keeps));
                    clips.extend(takes.clips);
                }
                Err(error) => self.notices.tell(
                    Gravity::Failed,
                    "A recording could not be placed",
                    format!("{error}. It is safe in audio/{}: import it from there.", track.row.file),
                ),
            }
        }
        if edits.is_empty() {
            work.finish_empty(ids);
            return false;
        }
        let committed =
            work.commit_captured(&format!("{} “{}”", manner.verb, names.join("”, “")), edits, ids);
        let placed = committed.is_ok() && !clips.is_empty();
        let taken = clips.clone();
        match committed {
            Ok(()) => {
                view.selection.clips = clips.into_iter().collect();
                let (folder, audio) = (work.folder().to_owned(), work.audio_folder());
                self.jobs.start("Hash new audio", Listed::Hidden, move |_| {
                    crate::jobs::files::hashes(folder, &audio, &media)
                });
            }
            Err(error) => self.notices.tell(
                Gravity::Failed,
                "A recording could not be put into the song",
                format!("{error}\nIt is safe in the song's audio folder, and is placed when the song is opened again."),
            ),
        }
        if placed {
            self.report_takes(&taken);
        }
        self.sound_follows();
        self.taken = Some(Instant::now());
        placed
    }
}

/// How what was sung comes into the song.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// What history calls it.
    verb: &'static str,
    /// Whether it is heard at once, in place of what was heard there.
    takes_over: bool,
}

impl Manner {
    /// A recording.
    pub(super) const RECORD: Self = Self { verb: "Record", takes_over: true };
}

/// Whether an Edit says what of a track is heard.
const fn changes_what_is_heard(edit: &Edit) -> bool {
    matches!(edit, Edit::SetPlays { .. } | Edit::AddComp { .. } | Edit::SpliceComp { .. })
}
