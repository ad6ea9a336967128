//! What a window shows of the song: scroll, zoom, selection, open panels. Each window has its own.
//!
//! Start at [`View`].

use std::collections::BTreeSet;
use std::path::PathBuf;

use dawg_session::{ClipId, CompId, Edit, LaneId, TrackId};
use serde::{Deserialize, Serialize};

/// The views, one tab each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tab {
    /// Tracks over time.
    #[default]
    Arrange,
    /// The mixer.
    Mix,
    /// The AI services.
    Studio,
    /// The supervisor.
    Jarvis,
}

impl Tab {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Arrange, Self::Mix, Self::Studio, Self::Jarvis];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arrange => "Arrange",
            Self::Mix => "Mix",
            Self::Studio => "Studio",
            Self::Jarvis => "JARVIS",
        }
    }
}

/// State of one window.
#[derive(Debug, Default)]
pub struct View {
    /// The view shown.
    pub tab: Tab,
    /// The view that was shown before that of the supervisor.
    pub before_jarvis: Tab,
    /// The timeline's window onto the song.
    pub timeline: Timeline,
    /// What is selected.
    pub selection: Selection,
    /// What the pointer is dragging.
    pub gesture: Option<Gesture>,
    /// Sizes and visibility of panels.
    pub panels: Panels,
    /// The dialog that is open.
    pub dialog: Option<crate::window::dialogs::Dialog>,
    /// The command palette, when open.
    pub palette: Option<crate::window::palette::Palette>,
    /// The track whose name is being typed, with the text so far.
    pub renaming: Option<(TrackId, String)>,
    /// The lane or comp whose name is being typed, with the text so far.
    pub renaming_take: Option<(Named, String)>,
    /// The step of the tour, when it runs.
    pub tour: Option<usize>,
    /// The browser's state.
    pub browser: crate::window::browser::Browser,
    /// The lyrics as they are being typed: committed when the pad loses focus, or after a pause.
    pub lyrics: Option<String>,
    /// Whether the lyrics pad was just opened and waits for the focus.
    pub focus_lyrics: bool,
    /// The kind of file that was exported last.
    pub exported: Option<dawg_media::encode::Kind>,
    /// Files that hover over the window, and where they would land.
    pub ghost: Option<Ghost>,
    /// Where the parts were drawn that the tour points at.
    pub marks: crate::window::tour::Marks,
    /// The headphone mix, while it is open.
    pub headphones: Option<crate::window::headphones::Hung>,
    /// What the arrange view keeps from frame to frame.
    pub arrange: crate::window::arrange::Kept,
    /// What the live pitch keeps from frame to frame.
    pub pitch: crate::window::pitch::Kept,
    /// What the supervisor's panel keeps from frame to frame.
    pub jarvis: crate::window::jarvis::Kept,
}

impl View {
    /// Shows the supervisor, or again what was shown before it.
    pub fn toggle_jarvis(&mut self) {
        if self.tab == Tab::Jarvis {
            self.tab = self.before_jarvis;
        } else {
            (self.before_jarvis, self.tab) = (self.tab, Tab::Jarvis);
        }
    }
}

/// Which part of the song the timeline shows. Horizontal in song frames, vertical in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Song frame at the left edge; may be negative.
    pub left: f64,
    /// Song frames a point. The smallest is below one: samples are then dots.
    pub frames_per_point: f64,
    /// Points scrolled down.
    pub top: f32,
    /// Whether the view turns its page when the playhead leaves it.
    pub follow: bool,
    /// Where things snap to.
    pub snap: Snap,
    /// Width in points that the lanes had when last drawn: for commands that zoom.
    pub width: f32,
    /// Height in points that the lanes had when last drawn.
    pub height: f32,
    /// Where on the screen the lanes were last drawn; empty before.
    pub lanes: egui::Rect,
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            left: 0.0,
            frames_per_point: 1_000.0,
            top: 0.0,
            follow: true,
            snap: Snap::Auto,
            width: 1_000.0,
            height: 600.0,
            lanes: egui::Rect::ZERO,
        }
    }
}

impl Timeline {
    /// The point of a song frame, counted from the left edge.
    #[must_use]
    pub fn x(&self, frame: i64) -> f32 {
        ((frame as f64 - self.left) / self.frames_per_point) as f32
    }

    /// The song frame at a point from the left edge.
    #[must_use]
    pub fn frame(&self, x: f32) -> i64 {
        (self.left + f64::from(x) * self.frames_per_point).round() as i64
    }
}

/// Where things snap to when they are dragged or placed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Snap {
    /// The grid lines that are shown.
    #[default]
    Auto,
    /// Bars.
    Bar,
    /// Beats.
    Beat,
    /// Sixteenths.
    Sixteenth,
    /// Nothing.
    Off,
}

/// What is selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The track whose strip is shown, and to which track commands apply.
    pub track: Option<TrackId>,
    /// Clips.
    pub clips: BTreeSet<ClipId>,
    /// The lane to which commands for takes apply.
    pub lane: Option<LaneId>,
    /// A stretch of a track, for its takes to be compared in.
    pub stretch: Option<Stretch>,
    /// A joint of a comp: the comp, and the song frame of the boundary.
    pub joint: Option<(CompId, i64)>,
}

/// A stretch of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Whose.
    pub track: TrackId,
    /// First song frame.
    pub from: i64,
    /// First song frame after it.
    pub to: i64,
}

/// What of a track's takes has a name that can be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A lane.
    Lane(LaneId),
    /// A comp.
    Comp(CompId),
}

/// What the pointer is dragging. Kept until release or Escape.
#[derive(Debug, Clone, PartialEq)]
pub enum Gesture {
    /// Clips, in time and to other tracks.
    MoveClips {
        /// The clip under the pointer.
        anchor: ClipId,
        /// Song frame where the pointer took hold.
        from: i64,
        /// Row (track number) where the pointer took hold.
        row: usize,
        /// Frames moved so far, snapped.
        delta: i64,
        /// Rows moved so far.
        rows: i64,
        /// Copies instead of moving.
        copy: bool,
    },
    /// A clip's edge.
    TrimClip {
        /// Which.
        clip: ClipId,
        /// The end, not the start.
        end: bool,
        /// Song frame where the edge would be.
        to: i64,
    },
    /// A clip's fade handle.
    FadeClip {
        /// Which.
        clip: ClipId,
        /// The fade-out, not the fade-in.
        out: bool,
        /// Its length so far, in frames.
        length: i64,
    },
    /// A clip's gain line.
    GainClip {
        /// Which.
        clip: ClipId,
        /// Decibels so far.
        db: f32,
    },
    /// A rectangle that selects, in song frames and points of the lanes.
    Marquee {
        /// Where it began.
        from: (i64, f32),
        /// Where it is.
        to: (i64, f32),
        /// Added to what was selected before.
        add: bool,
    },
    /// The loop range: its start, its end, or all of it.
    Loop {
        /// First frame so far.
        start: i64,
        /// End so far.
        end: i64,
    },
    /// The punch range, likewise.
    Punch {
        /// First frame so far.
        start: i64,
        /// End so far.
        end: i64,
    },
    /// A track header, to another place.
    MoveTrack {
        /// Which.
        track: TrackId,
        /// Its place so far, as `Edit::MoveTrack` counts.
        to: usize,
    },
    /// Across a lane: what of it is to be heard.
    Swipe {
        /// Where it began.
        anchor: i64,
        /// Which stretch of which lane so far.
        swipe: Swipe,
    },
    /// A comp's boundary.
    Boundary {
        /// Whose.
        comp: CompId,
        /// The pick that begins (or, without a pick that begins there, ends) at it.
        edge: Edge,
        /// Song frame where it would be.
        to: i64,
    },
    /// The length of a joint.
    Joint {
        /// Whose.
        comp: CompId,
        /// The pick that begins at it.
        number: usize,
        /// Frames so far.
        length: i64,
    },
    /// A stretch of a track.
    Stretch {
        /// Where it began.
        anchor: i64,
        /// What it is so far.
        stretch: Stretch,
    },
    /// The playhead.
    Scrub,
    /// A fader, knob or field; the Edits stand in the preview.
    Control(Vec<Edit>),
}

/// A swipe across a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swipe {
    /// The lane's track.
    pub track: TrackId,
    /// The lane that is to be heard.
    pub lane: LaneId,
    /// First song frame.
    pub from: i64,
    /// First song frame after it.
    pub to: i64,
    /// Nothing is to be heard there instead.
    pub erase: bool,
    /// The id of the comp that is made if none plays yet.
    pub fresh: CompId,
}

/// An edge of a comp's pick, by the pick's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Where it starts; with it ends the pick before, if they are joined.
    Start(usize),
    /// Where it ends, with nothing after it.
    End(usize),
}

/// Sizes and visibility of panels, remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Panels {
    /// Width of the track headers.
    pub headers: f32,
    /// Width of the channel strip.
    pub strip: f32,
    /// Whether the strip is shown.
    pub strip_open: bool,
    /// Width of the panel left of the headers.
    pub browser: f32,
    /// Whether the browser is shown.
    pub browser_open: bool,
    /// Width of the lyrics pad.
    pub lyrics: f32,
    /// Whether the lyrics pad is shown.
    pub lyrics_open: bool,
    /// Height of the drawer below the arrangement: live pitch.
    pub drawer: f32,
    /// Whether the drawer is shown.
    pub drawer_open: bool,
    /// Whether the pitch of what was sung is drawn on clips and takes.
    pub curves: bool,
    /// Height of a track.
    pub track_height: f32,
    /// Whether jobs are listed.
    pub jobs_open: bool,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            headers: 252.0,
            strip: 220.0,
            strip_open: true,
            browser: 260.0,
            browser_open: false,
            lyrics: 280.0,
            lyrics_open: false,
            drawer: 260.0,
            drawer_open: false,
            curves: false,
            track_height: 72.0,
            jobs_open: false,
        }
    }
}

/// Files dragged over the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Ghost {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Song frame where they would land.
    pub at: i64,
    /// The track they would land on; none below the last.
    pub track: Option<(TrackId, LaneId)>,
}
