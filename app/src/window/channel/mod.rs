//! A channel of the mixer, wherever it is shown: in a track header, in the strip, in the mix view. The three places
//! differ in where they put the controls; what a control is called and what it does stands here, once.
//!
//! Start at [`Channel`]; its controls are in [`controls`], the choice of an input in [`input`], the menu in [`menu`].

pub mod controls;
pub mod input;
pub mod menu;
pub mod text;

use dawg_session::{Edit, Session, Track, TrackId};
use egui::{Color32, Id, Rect, Ui, UiBuilder};

use super::Scene;
use crate::look::control::Turn;
use crate::look::{Tokens, track_colour};
use crate::sound::{Level, Readout};
use crate::studio::Studio;
use crate::studio::action::Action;
use crate::studio::view::Gesture;

/// Where a channel is shown; part of its controls' ids, and of their names where two places show the same track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Among the track headers.
    Header,
    /// In the strip beside the timeline.
    Strip,
    /// In the mix view.
    Mixer,
}

/// A track or the master, as its controls show it.
#[derive(Debug, Clone, Copy)]
pub struct Channel<'a> {
    /// Where it is shown.
    pub place: Place,
    /// The track; none is the master.
    pub track: Option<&'a Track>,
    /// Its name.
    pub name: &'a str,
    /// Fader, linear.
    pub gain: f32,
    /// Pan or balance, −1 to 1.
    pub pan: f32,
    /// Silenced by its own button.
    pub mute: bool,
    /// Silenced because other tracks are soloed.
    pub outshone: bool,
    /// A take is running on it.
    pub records: bool,
    /// Levels, left and right.
    pub levels: [Level; 2],
}

impl<'a> Channel<'a> {
    /// A track of the song. `soloed`: whether any track is.
    #[must_use]
    pub fn of(studio: &Studio, track: &'a Track, soloed: bool, place: Place) -> Self {
        let readout = studio.readout();
        let recording = readout.recording.as_ref();
        Self {
            place,
            track: Some(track),
            name: track.name.as_str(),
            gain: track.gain.get(),
            pan: track.pan.get(),
            mute: track.mute,
            outshone: soloed && !track.solo,
            records: recording.is_some_and(|r| r.takes.iter().any(|take| take.track == track.id)),
            levels: levels(readout, track),
        }
    }

    /// The master.
    #[must_use]
    pub fn master(studio: &Studio, session: &Session, place: Place) -> Self {
        Self {
            place,
            track: None,
            name: "Master",
            gain: session.master.gain.get(),
            pan: session.master.pan.get(),
            mute: session.master.mute,
            outshone: false,
            records: false,
            levels: studio.readout().master,
        }
    }

    /// The track's id.
    #[must_use]
    pub fn track_id(&self) -> Option<TrackId> {
        self.track.map(|track| track.id)
    }

    /// Its colour; the master is as quiet as the room.
    #[must_use]
    pub fn colour(&self, tokens: &Tokens) -> Color32 {
        self.track.map_or(tokens.secondary, |track| track_colour(track.colour))
    }

    /// Whether nothing of it is heard.
    #[must_use]
    pub fn silent(&self) -> bool {
        self.mute || self.outshone
    }

    /// The id of one of its controls: the same wherever the channel is scrolled to, and not that of a namesake.
    #[must_use]
    pub fn id(&self, part: &str) -> Id {
        Id::unique(("channel", self.place, self.track_id(), part))
    }

    /// The accessible name of one of its controls: "Mute Lead vocal". The strip shows what a header shows too, and
    /// says so.
    #[must_use]
    pub fn called(&self, what: &str) -> String {
        let place = if self.place == Place::Strip { " in the strip" } else { "" };
        format!("{what} {}{place}", self.name)
    }

    /// Draws something into a rectangle, with ids of its own.
    pub fn put<R>(&self, ui: &mut Ui, rect: Rect, part: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let mut child = ui.new_child(UiBuilder::new().scope_id(self.id(part)).max_rect(rect).layout(layout));
        child.spacing_mut().item_spacing.x = Tokens::SPACE[0];
        add(&mut child)
    }
}

/// What a turned control does to the song: previews while it moves, one step of history when it lands. `was` is the
/// value as committed: landing on it is no step.
pub fn follow(
    scene: &mut Scene<'_>,
    turn: Turn,
    was: Option<f32>,
    sound: bool,
    label: impl FnOnce() -> String,
    edits: impl Fn(f32) -> Vec<Edit>,
) {
    match turn {
        Turn::Rests => {}
        Turn::Moves(to) => {
            let edits = edits(to);
            scene.view.gesture = Some(Gesture::Control(edits.clone()));
            scene.wish(Action::Preview { edits, sound });
        }
        Turn::Lands(to) => {
            scene.view.gesture = None;
            if was.is_some_and(|was| was.to_bits() == to.to_bits()) {
                scene.wish(Action::CancelPreview);
            } else {
                scene.edit(label(), edits(to));
            }
        }
        Turn::TakenBack => {
            scene.view.gesture = None;
            scene.wish(Action::CancelPreview);
        }
    }
}

/// Ends the gesture of a control that went out of sight before it was let go.
pub fn settle(ui: &Ui, scene: &mut Scene<'_>) {
    let held = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
    if matches!(scene.view.gesture, Some(Gesture::Control(_))) && !held {
        scene.view.gesture = None;
        scene.wish(Action::CancelPreview);
    }
}

/// What a track's meter shows: its sound; while armed what comes in, which is what a singer looks for.
pub fn levels(readout: &Readout, track: &Track) -> [Level; 2] {
    let input = |channel: &u16| readout.inputs.get(usize::from(*channel).checked_sub(1)?).copied();
    match track.input.channels() {
        [one] if track.arm => input(one).map(|level| [level; 2]),
        [left, right] if track.arm => input(left).zip(input(right)).map(|(left, right)| [left, right]),
        _ => None,
    }
    .unwrap_or_else(|| readout.tracks.get(&track.id).copied().unwrap_or_default())
}
