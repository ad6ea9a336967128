//! Taking in what jobs and the sound thread have come to.

use std::sync::Arc;

use dawg_session::{Access, Edit, StoreError};

use super::action::{Action, Dismissed};
use super::command::Command;
use super::notice::Gravity;
use super::pitches::place_of;
use super::recorded::Manner;
use super::view::View;
use super::work::Work;
use super::{Stage, Studio};
use crate::jobs::{Listed, Outcome};
use crate::sound::{SoundCommand, SoundEvent};
use crate::space::Warning;

/// The title of what is told when a device vanishes.
const VANISHED: &str = "The sound device vanished";
/// The title of what is told when none can be opened.
const NO_SOUND: &str = "There is no sound";

impl Studio {
    pub(super) fn take_outcome(&mut self, outcome: Outcome, view: &mut View) {
        match outcome {
            Outcome::Opened(song) => self.opened(*song, view),
            Outcome::NotOpened { folder, access, error } => {
                let readable = access == Access::Write
                    && error.chain().any(|cause| {
                        matches!(cause.downcast_ref::<StoreError>(), Some(StoreError::OpenElsewhere(_)))
                    });
                self.not_opened(folder, &error, readable);
            }
            Outcome::Landed { wish, folder, intake, refused } => {
                self.landed(&wish, &folder, intake, refused, view);
            }
            Outcome::Exported(exported) => {
                self.report_exported(&exported);
                self.exported = Some(exported);
            }
            Outcome::Copied { folder, note } => {
                let place = folder.display().to_string();
                self.notices.offer(
                    Gravity::Told,
                    "The song was copied",
                    if note.is_empty() { place } else { format!("{place}\n{note}") },
                    vec![("Show in folder".to_owned(), Action::ShowInFolder(folder))],
                );
            }
            Outcome::DemoReady(folder) => self.open(folder, Access::Write),
            Outcome::Hashes { folder, hashes } => {
                let edits = hashes
                    .into_iter()
                    .map(|(media, hash)| Edit::SetMediaHash { media, hash: Some(hash) })
                    .collect::<Vec<_>>();
                if let Stage::Open(work) = &mut self.stage
                    && work.folder() == folder
                    && !edits.is_empty()
                    && let Err(error) = work.commit("Note hashes of new audio", edits)
                {
                    tracing::warn!(%error, "hashes of new audio were not noted");
                }
            }
            Outcome::Jointed { number, shapes } => self.jointed(number, shapes),
            Outcome::Picked { pick, paths } => self.take_pick(pick, &paths, view),
            Outcome::Listed(listing) => self.listing = listing,
            Outcome::TableSaved(file) => self.notices.offer(
                Gravity::Told,
                "The table was saved",
                file.display().to_string(),
                vec![("Show in folder".to_owned(), Action::ShowInFolder(file))],
            ),
            Outcome::Closed(_) | Outcome::Nothing | Outcome::Cancelled => {}
            Outcome::Failed { title, error, path } => {
                let offers = path.map_or_else(Vec::new, |_| {
                    vec![("Choose another place".to_owned(), Action::Command(Command::Export))]
                });
                self.notices.offer(Gravity::Failed, title, format!("{error:#}"), offers);
            }
        }
    }

    fn not_opened(&mut self, folder: std::path::PathBuf, error: &anyhow::Error, readable: bool) {
        let why = format!("{error:#}");
        let title = format!("“{}” was not opened", crate::window::menu::song_name(&folder));
        if self.work().is_none() {
            self.report_not_opened(title, why.clone());
            self.stage = Stage::Failed { folder, why, readable };
            return;
        }
        let reading = Action::Open { folder: folder.clone(), access: Access::ReadOnly };
        let offers = if readable { vec![("Open for reading".to_owned(), reading)] } else { Vec::new() };
        self.notices.offer(
            Gravity::Failed,
            title,
            format!("{why}\nThe song that is open stays open."),
            offers,
        );
    }

    fn opened(&mut self, song: crate::song::OpenSong, view: &mut View) {
        if self.work().is_some() {
            self.keep_lyrics(view);
            self.leave_song();
        }
        let (work, notices) = Work::of(song);
        self.sound.send(SoundCommand::Song {
            session: Arc::clone(work.session()),
            folder: work.folder().to_owned(),
            store: work.writable().then(|| Arc::clone(work.store())),
        });
        let folder = work.folder().to_owned();
        self.preferences.recent.retain(|recent| *recent != folder);
        self.preferences.recent.insert(0, folder);
        self.preferences.recent.truncate(12);
        self.save_preferences();
        for notice in notices {
            self.notices.tell(Gravity::Attention, "On opening the song", notice);
        }
        self.pitches.open(Some(place_of(&work)), &self.jobs);
        view.selection = super::view::Selection {
            track: work.session().tracks.first().map(|track| track.id),
            ..Default::default()
        };
        (view.gesture, view.lyrics, view.renaming) = (None, None, None);
        self.clipboard = super::perform::Clipboard::default();
        self.stage = Stage::Open(Box::new(work));
        self.report_opened();
        super::perform::zoom_to_all(self, view);
        view.timeline.top = 0.0;
    }

    pub(super) fn take_sound_event(&mut self, event: SoundEvent, view: &mut View) {
        match event {
            SoundEvent::Opened(_) | SoundEvent::Recording => {}
            SoundEvent::NoDevice(why) => self.notices.offer(
                Gravity::Attention,
                NO_SOUND,
                format!("{why}\nThe song is safe and can be edited and exported."),
                self.device_offers(),
            ),
            SoundEvent::Gone(why) => self.notices.offer(
                Gravity::Failed,
                VANISHED,
                format!(
                    "{why} A recording that it broke off then goes on as a new take; Stop prevents that.\nThe song is \
                     safe, and what was recorded until then is kept."
                ),
                self.device_offers(),
            ),
            SoundEvent::Calibrated(outcome) => self.calibrated = Some(outcome),
            SoundEvent::Back { records } => {
                self.notices.settle(VANISHED);
                self.notices.settle(NO_SOUND);
                let words = if records {
                    "Recording goes on from where the song stood, as a new take. What was sung before is kept."
                } else {
                    "Press Play or Record to go on."
                };
                self.notices.tell(Gravity::Attention, "The sound device is back", words);
            }
            SoundEvent::Devices(devices) => self.devices = devices,
            SoundEvent::RecordRefused(why) => {
                self.notices.tell(Gravity::Failed, "Recording could not begin", why);
            }
            SoundEvent::Kept { folder, recorded, notice } => self.kept(&folder, recorded, notice, view),
            SoundEvent::KeepRefused(why) => {
                self.notices.tell(Gravity::Attention, "Nothing was kept", why);
            }
            SoundEvent::Recorded { folder, recorded } => {
                self.recorded(&folder, recorded, Manner::RECORD, view);
            }
            SoundEvent::DiskFills(Warning::Filling(words)) => {
                self.notices.tell(Gravity::Attention, "The disk is filling up", words);
            }
            SoundEvent::DiskFills(Warning::Short(words)) => {
                self.notices.tell(Gravity::Attention, "The disk is almost full", words);
            }
            SoundEvent::Trouble(what) => self.notices.tell(Gravity::Attention, "Sound", what),
            SoundEvent::AuditionRefused(why) => {
                self.notices.tell(Gravity::Attention, "This file cannot be heard", why);
            }
            SoundEvent::Refused(why) => {
                self.notices.tell(Gravity::Failed, "This change cannot be played", why);
            }
        }
    }

    fn landed(
        &mut self,
        wish: &super::action::ImportWish,
        folder: &std::path::Path,
        intake: crate::intake::Intake,
        refused: Vec<crate::jobs::Refusal>,
        view: &mut View,
    ) {
        for crate::jobs::Refusal { path, why, partly } in refused {
            let again = super::action::ImportWish { files: vec![path.clone()], repair: true, ..wish.clone() };
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let offers = match partly {
                true => vec![("Import what is sound of it".to_owned(), Action::Import(again))],
                false => Vec::new(),
            };
            self.notices.offer(
                Gravity::Failed,
                format!("“{name}” was not imported"),
                format!("{why}\nThe song stays as it was."),
                offers,
            );
        }
        let Stage::Open(work) = &mut self.stage else { return self.let_go(intake) };
        if work.folder() != folder || intake.landed().is_empty() {
            return self.let_go(intake);
        }
        let placed = crate::intake::place(work.committed(), intake.landed(), wish);
        let label = match intake.landed() {
            [one] => format!("Import “{}”", one.media.name),
            many => format!("Import {} files", many.len()),
        };
        let was_empty = work.committed().clips().next().is_none();
        match work.commit(&label, placed.edits) {
            Ok(()) => {
                let media = intake
                    .keep()
                    .into_iter()
                    .map(|landed| (landed.media.id, landed.media.file))
                    .collect::<Vec<_>>();
                view.selection.clips = placed.clips.into_iter().collect();
                view.selection.track = placed.track.or(view.selection.track);
                let (folder, audio) = (work.folder().to_owned(), work.audio_folder());
                self.jobs.start("Hash new audio", Listed::Hidden, move |_| {
                    crate::jobs::files::hashes(folder, &audio, &media)
                });
                self.sound_follows();
                if was_empty {
                    super::perform::zoom_to_all(self, view);
                }
            }
            Err(error) => {
                self.notices.tell(
                    Gravity::Failed,
                    "The import could not be put into the song",
                    format!("{error}\nThe song stays as it was."),
                );
                self.let_go(intake);
            }
        }
    }

    /// Removes files that the song did not take: a worker's business.
    fn let_go(&mut self, intake: crate::intake::Intake) {
        self.jobs.start("Remove files", Listed::Hidden, move |_| {
            drop(intake);
            Outcome::Nothing
        });
    }

    /// What can be done when there is no sound.
    pub(super) fn device_offers(&self) -> Vec<(String, Action)> {
        vec![
            ("Open it again".to_owned(), Action::Device(self.preferences.device.clone())),
            ("Audio settings".to_owned(), Action::Command(Command::AudioSettings)),
        ]
    }

    /// Ends a job or notice in sight.
    pub(super) fn dismiss(&mut self, dismissed: Dismissed) {
        match dismissed {
            Dismissed::Notice(id) => self.notices.dismiss(id),
            Dismissed::Job(id) => self.jobs.dismiss(id),
        }
    }

    pub(super) fn save_preferences(&mut self) {
        let (preferences, folder) = (self.preferences.clone(), self.data_folder.clone());
        // Workers may overtake each other.
        let turn = crate::jobs::preferences::turn(&folder);
        self.jobs.start("Save preferences", Listed::Hidden, move |_| {
            crate::jobs::files::save_preferences(&folder, &preferences, turn)
        });
    }
}
