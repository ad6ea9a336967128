//! What each action does. Start at `perform`; commands without arguments are in the rooms of their group.

mod clipboard;
pub mod clips;
pub mod comps;
mod hearing;
mod joints;
pub mod lanes;
mod look;
mod lyrics;
mod reveal;
mod run;
mod song;
pub mod tracks;
pub mod transport;
pub mod zoom;

use dawg_session::Edit;

use super::action::Action;
use super::command::Command;
use super::notice::Gravity;
use super::view::{Selection, Tab, View};
use super::work::Stepped;
use super::{Stage, Studio};
use crate::sound::SoundCommand;
use crate::window::dialogs::Dialog;

pub(super) use clipboard::Clipboard;
pub(super) use hearing::Hearing;
pub(crate) use joints::Shapes;
pub(super) use joints::Swiping;
pub(super) use zoom::zoom_to_all;

/// Does what a panel asked for.
pub(super) fn perform(studio: &mut Studio, action: Action, view: &mut View) {
    if passes_lyrics_by(&action) {
        studio.keep_lyrics(view);
    }
    match action {
        Action::Command(command) => run(studio, command, view),
        Action::Edit { label, edits } => {
            studio.edit(&label, edits);
        }
        Action::Preview { edits, sound } => studio.preview(&edits, sound),
        Action::CancelPreview => studio.cancel_preview(),
        Action::Swipe(swipe) => studio.swipe(&swipe),
        Action::Hear { track, lane } => studio.hear(track, lane),
        Action::HearStretch { lane, stretch } => studio.hear_stretch(lane, stretch),
        Action::Locate(to) => studio.sound.send(SoundCommand::Locate(to.max(0))),
        Action::NewSong(new) => studio.new_song(new),
        Action::Open { folder, access } => studio.open(folder, access),
        Action::Pick(pick) => studio.pick(pick),
        Action::SaveCopy(to) => studio.save_copy(to),
        Action::Import(wish) => studio.import(wish),
        Action::Export(wish) => {
            view.exported = Some(wish.kind);
            studio.export(wish);
        }
        Action::CancelJob(id) => studio.jobs.cancel(id),
        Action::Dismiss(dismissed) => studio.dismiss(dismissed),
        Action::Device(choice) => {
            studio.preferences.device = choice.clone();
            studio.save_preferences();
            studio.sound.send(SoundCommand::Device(choice));
        }
        Action::Cue { mix, keep } => {
            studio.sound.send(SoundCommand::Cue(mix));
            if keep {
                studio.preferences.cue = mix;
                studio.save_preferences();
            }
        }
        Action::ListDevices => studio.sound.send(SoundCommand::ListDevices),
        Action::Calibrate(input) => {
            studio.calibrated = None;
            studio.sound.send(SoundCommand::Calibrate(input));
        }
        Action::ForgetCalibration => studio.sound.send(SoundCommand::ForgetCalibration),
        Action::TestTone(on) => studio.sound.send(SoundCommand::TestTone(on)),
        Action::WatchInputs(on) => studio.sound.send(SoundCommand::WatchInputs(on)),
        Action::Audition(file) => studio.sound.send(SoundCommand::Audition(file)),
        Action::ListFolder(folder) => studio.list_folder(folder),
        Action::ShowInFolder(path) => studio.show_in_folder(path),
        Action::SaveAgain => {
            if let Stage::Open(work) = &mut studio.stage {
                work.save_again();
            }
        }
        Action::Preferences(preferences) => {
            studio.preferences = *preferences;
            studio.save_preferences();
        }
        Action::Detach(tab) => studio.detach.push(tab),
        Action::ClearClip(track) => studio.sound.send(SoundCommand::ClearClip(track)),
        Action::Close(answer) => studio.answer_close(answer),
        Action::ForgetRecent(folder) => {
            studio.preferences.recent.retain(|recent| *recent != folder);
            studio.save_preferences();
        }
        Action::Supervise(wish) => studio.ask_supervisor(wish),
        Action::SaveTable { path, table } => studio.save_table(path, table),
    }
}

/// Whether an action would leave out, or leave behind, lyrics that are still being typed.
const fn passes_lyrics_by(action: &Action) -> bool {
    use Command as C;
    matches!(
        action,
        Action::NewSong(_)
            | Action::Open { .. }
            | Action::SaveCopy(_)
            | Action::Close(_)
            | Action::Command(C::Undo | C::Redo | C::OpenDemo | C::CloseSong | C::Quit | C::ToggleLyrics)
    )
}

/// Does a named command.
fn run(studio: &mut Studio, command: Command, view: &mut View) {
    use Command as C;
    match command {
        C::NewSong => view.dialog = Some(Dialog::new_song(studio)),
        C::OpenSong => view.dialog = Some(Dialog::open_song(studio)),
        C::OpenDemo => studio.open_demo(),
        C::RenameSong => view.dialog = studio.work().map(|_| Dialog::rename_song(studio)),
        C::SongKey => view.dialog = studio.work().map(|_| Dialog::key(studio)),
        C::SaveCopy => view.dialog = studio.work().map(|_| Dialog::save_copy(studio)),
        C::Import => view.dialog = studio.work().map(|_| Dialog::import(studio, view)),
        C::Export => view.dialog = studio.work().map(|_| Dialog::export(studio, view)),
        C::CloseSong => studio.leave_song(),
        C::Quit => studio.ask_to_close(),
        C::Undo => studio.undo(),
        C::Redo => studio.redo(),
        C::Cut => studio.cut_clips(view),
        C::Copy => {
            studio.copy_clips(view);
        }
        C::Paste => studio.paste_clips(view),
        C::SelectAll => studio.select_all(view),
        C::SelectNone => select_none(studio, view),
        C::Delete => delete(studio, view),
        C::Duplicate => studio.duplicate_clips(view),
        C::Split => studio.split_clips(view),
        C::MuteClips => studio.mute_clips(view),
        C::NudgeLeft => studio.nudge(view, -1),
        C::NudgeRight => studio.nudge(view, 1),
        C::PreviousClip => studio.select_clip(view, -1),
        C::NextClip => studio.select_clip(view, 1),
        C::ResetClips => studio.reset_clips(view),
        C::PlayStop => studio.play_stop(),
        C::Play => studio.play(),
        C::Stop => studio.stop(),
        C::Record => studio.record(view),
        C::TogglePunch => studio.toggle_punch(view),
        C::ToggleQuickPunch => studio.toggle_quick_punch(),
        C::KeepLast => studio.keep_last(),
        C::ToStart => studio.locate_start(view),
        C::ToEnd => studio.locate_end(),
        C::BarBack => studio.by_bars(-1),
        C::BarForward => studio.by_bars(1),
        C::ToggleLoop => studio.toggle_loop(),
        C::LoopSelection => studio.loop_selection(view),
        C::ToggleMetronome => studio.toggle_metronome(),
        C::CycleCountIn => studio.cycle_count_in(),
        C::TapTempo => studio.tap_tempo(),
        C::FirstDownbeatHere => studio.first_downbeat_here(),
        C::HeadphoneMix => crate::window::headphones::toggle(view),
        C::AddMonoTrack => studio.add_track(view, dawg_session::Layout::MONO),
        C::AddStereoTrack => studio.add_track(view, dawg_session::Layout::STEREO),
        C::DuplicateTrack => studio.duplicate_track(view),
        C::DeleteTrack => studio.delete_track(view),
        C::RenameTrack => studio.rename_track(view),
        C::TrackUp => studio.move_track(view, -1),
        C::TrackDown => studio.move_track(view, 1),
        C::PreviousTrack => studio.select_track(view, -1),
        C::NextTrack => studio.select_track(view, 1),
        C::ToggleArm => studio.toggle_arm(view),
        C::ToggleMute => studio.toggle_mute(view),
        C::ToggleSolo => studio.toggle_solo(view),
        C::ToggleMonitor => studio.cycle_monitor(view),
        C::ClearSolos => studio.clear_solos(),
        C::ZoomIn => zoom::by(studio, view, 0.5),
        C::ZoomOut => zoom::by(studio, view, 2.0),
        C::ZoomToSelection => zoom::to_selection(studio, view),
        C::ZoomToAll => zoom_to_all(studio, view),
        C::TracksTaller => zoom::taller(&mut view.panels, 1.25),
        C::TracksLower => zoom::taller(&mut view.panels, 0.8),
        C::FollowPlayhead => view.timeline.follow = !view.timeline.follow,
        C::CycleSnap => view.timeline.snap = zoom::next_snap(view.timeline.snap),
        C::ShowArrange => view.tab = Tab::Arrange,
        C::ShowMix => view.tab = Tab::Mix,
        C::ShowStudio => view.tab = Tab::Studio,
        C::ShowJarvis => view.toggle_jarvis(),
        C::ToggleBrowser => view.panels.browser_open = !view.panels.browser_open,
        C::ToggleLyrics => studio.toggle_lyrics(view),
        C::ToggleStrip => view.panels.strip_open = !view.panels.strip_open,
        C::TogglePitch => toggle_pitch(view),
        C::ToggleCurves => studio.toggle_curves(view),
        C::OpenInNewWindow => studio.detach.push(view.tab),
        C::Palette => view.palette = Some(crate::window::palette::Palette::default()),
        C::Preferences => view.dialog = Some(Dialog::preferences(studio)),
        C::AudioSettings => view.dialog = Some(Dialog::audio_settings(studio)),
        C::Calibrate => view.dialog = Some(Dialog::calibrate(studio)),
        C::Shortcuts => view.dialog = Some(Dialog::shortcuts(studio)),
        C::Tour => view.tour = Some(0),
        C::TextLarger | C::TextSmaller | C::ThemeDark | C::ThemeLight | C::ThemeHighContrast => {
            studio.look(command);
        }
        C::About => view.dialog = Some(Dialog::about()),
        other => takes(studio, other, view),
    }
}

/// Does a command of takes.
fn takes(studio: &mut Studio, command: Command, view: &mut View) {
    use Command as C;
    match command {
        C::ToggleTakes => studio.toggle_lanes(view),
        C::ShowHiddenTakes => studio.show_hidden_takes(view),
        C::PreviousTake => studio.step_take(view, -1),
        C::NextTake => studio.step_take(view, 1),
        C::PickTake => studio.pick_take(view),
        C::UseWholeTake => studio.take_whole(view),
        C::AuditionTake => studio.audition_take(view),
        C::RateTake0 => studio.rate_take(view, 0),
        C::RateTake1 => studio.rate_take(view, 1),
        C::RateTake2 => studio.rate_take(view, 2),
        C::RateTake3 => studio.rate_take(view, 3),
        C::RateTake4 => studio.rate_take(view, 4),
        C::RateTake5 => studio.rate_take(view, 5),
        C::RenameTake => studio.rename_take(view),
        C::HideTake => studio.hide_take(view),
        C::DeleteTake => studio.delete_take(view),
        C::NewComp => studio.new_comp(view),
        C::DuplicateComp => studio.duplicate_comp(view),
        C::RenameComp => studio.rename_comp(view),
        C::ClearComp => studio.clear_comp(view),
        C::FlattenComp => studio.flatten_comp(view),
        C::DeleteComp => studio.delete_comp(view),
        _ => {}
    }
}

/// Nothing is selected, and nothing heard that was not chosen: first the one, then the other.
fn select_none(studio: &mut Studio, view: &mut View) {
    if !studio.hear_no_more() {
        let track = view.selection.track;
        view.selection = Selection { track, ..Selection::default() };
    }
}

/// Clips, or else what a comp plays in the selected stretch, or else the selected take.
fn delete(studio: &mut Studio, view: &mut View) {
    let selection = &view.selection;
    if !selection.clips.is_empty() {
        studio.delete_clips(view);
    } else if selection.stretch.is_some() {
        studio.silence_stretch(view);
    } else if selection.lane.is_some() {
        studio.delete_take(view);
    } else {
        studio.delete_clips(view);
    }
}

/// The drawer with the live pitch is part of the arrangement: it is brought into sight with it.
fn toggle_pitch(view: &mut View) {
    let seen = view.tab == Tab::Arrange && view.panels.drawer_open;
    view.panels.drawer_open = !seen;
    view.tab = Tab::Arrange;
}

impl Studio {
    /// One step of history. Returns whether it was done; if not, the reason is told.
    pub(super) fn edit(&mut self, label: &str, edits: Vec<Edit>) -> bool {
        let Stage::Open(work) = &mut self.stage else { return false };
        if edits.is_empty() {
            if work.cancel_preview() {
                self.sound_follows();
            }
            return false;
        }
        if !work.writable() {
            work.cancel_preview();
            self.notices.tell(
                Gravity::Attention,
                "This song is open for reading only",
                "Close it where it is open for writing, or save a copy of it and work there.",
            );
            return false;
        }
        let done = match work.commit(label, edits) {
            Ok(()) => true,
            Err(error) => {
                work.cancel_preview();
                let what = format!("“{label}” could not be done");
                self.notices.tell(Gravity::Failed, what, format!("{error}\nThe song stays as it was."));
                false
            }
        };
        self.sound_follows();
        done
    }

    fn preview(&mut self, edits: &[Edit], sound: bool) {
        let Stage::Open(work) = &mut self.stage else { return };
        // What does not fit is simply not shown; releasing it will say why.
        if work.preview(edits).is_ok() && sound {
            self.sound_follows();
        }
    }

    pub(super) fn cancel_preview(&mut self) {
        if let Stage::Open(work) = &mut self.stage
            && work.cancel_preview()
        {
            self.sound_follows();
        }
    }

    fn undo(&mut self) {
        self.finish_swipes();
        self.step(|work| work.undo(), "There is nothing to undo");
    }

    fn redo(&mut self) {
        self.step(|work| work.redo(), "There is nothing to redo");
    }

    fn step(
        &mut self,
        step: impl FnOnce(&mut super::work::Work) -> Result<Stepped, dawg_session::HistoryError>,
        nothing: &str,
    ) {
        let Stage::Open(work) = &mut self.stage else { return };
        work.cancel_preview();
        if !work.writable() {
            return;
        }
        let stepped = step(work);
        if stepped == Ok(Stepped::Nothing) {
            self.notices.tell(Gravity::Told, nothing, "");
        }
        self.after_step(stepped);
    }

    /// A step through history was taken, now or when its row had come from the disk.
    pub(super) fn after_step(&mut self, stepped: Result<Stepped, dawg_session::HistoryError>) {
        if let Err(error) = stepped {
            self.notices.tell(Gravity::Failed, "That could not be taken back", error.to_string());
        }
        self.sound_follows();
    }
}
