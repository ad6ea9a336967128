//! Everything that can be asked by name: from the palette, a menu, a key, or a button.
//!
//! Start at [`Command`]. What a command does stands in `perform`; what it is called and which keys it has by default
//! stands here, so that palette, tooltips, menus and preferences say the same.

use serde::{Deserialize, Serialize};

/// A named action without arguments: it acts on what is selected and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is named for people in `name`, beside it")]
pub enum Command {
    NewSong,
    OpenSong,
    OpenDemo,
    RenameSong,
    SongKey,
    SaveCopy,
    Import,
    Export,
    CloseSong,
    Quit,
    Undo,
    Redo,
    Cut,
    Copy,
    Paste,
    SelectAll,
    SelectNone,
    Delete,
    Duplicate,
    Split,
    MuteClips,
    NudgeLeft,
    NudgeRight,
    PreviousClip,
    NextClip,
    PlayStop,
    Play,
    Stop,
    Record,
    TogglePunch,
    ToggleQuickPunch,
    KeepLast,
    ToStart,
    ToEnd,
    BarBack,
    BarForward,
    ToggleLoop,
    LoopSelection,
    ToggleMetronome,
    CycleCountIn,
    TapTempo,
    FirstDownbeatHere,
    HeadphoneMix,
    AddMonoTrack,
    AddStereoTrack,
    DuplicateTrack,
    DeleteTrack,
    RenameTrack,
    TrackUp,
    TrackDown,
    PreviousTrack,
    NextTrack,
    ToggleArm,
    ToggleMute,
    ToggleSolo,
    ToggleMonitor,
    ClearSolos,
    ZoomIn,
    ZoomOut,
    ZoomToSelection,
    ZoomToAll,
    TracksTaller,
    TracksLower,
    FollowPlayhead,
    CycleSnap,
    ShowArrange,
    ShowMix,
    ShowStudio,
    ShowJarvis,
    ToggleBrowser,
    ToggleLyrics,
    ToggleStrip,
    ToggleCurves,
    TogglePitch,
    OpenInNewWindow,
    Palette,
    Preferences,
    AudioSettings,
    Calibrate,
    Shortcuts,
    Tour,
    TextLarger,
    TextSmaller,
    ThemeDark,
    ThemeLight,
    ThemeHighContrast,
    ResetClips,
    About,
    ToggleTakes,
    ShowHiddenTakes,
    PreviousTake,
    NextTake,
    PickTake,
    UseWholeTake,
    AuditionTake,
    RateTake1,
    RateTake2,
    RateTake3,
    RateTake4,
    RateTake5,
    RateTake0,
    RenameTake,
    HideTake,
    DeleteTake,
    NewComp,
    DuplicateComp,
    RenameComp,
    ClearComp,
    FlattenComp,
    DeleteComp,
}

/// Where a command is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "named for people in `name`")]
pub enum Group {
    Song,
    Edit,
    Transport,
    Tracks,
    Takes,
    View,
    Help,
}

impl Group {
    /// All, in the order of the menus.
    pub const ALL: [Self; 7] =
        [Self::Song, Self::Edit, Self::Transport, Self::Tracks, Self::Takes, Self::View, Self::Help];

    /// Its title.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Song => "Song",
            Self::Edit => "Edit",
            Self::Transport => "Transport",
            Self::Tracks => "Tracks",
            Self::Takes => "Takes",
            Self::View => "View",
            Self::Help => "Help",
        }
    }
}

macro_rules! commands {
    ($($command:ident, $group:ident, $name:literal, $keys:literal;)*) => {
        impl Command {
            /// All of them, in the order of the menus.
            pub const ALL: &'static [Self] = &[$(Self::$command),*];

            /// What it is called.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$command => $name),* }
            }

            /// Where it is listed.
            #[must_use]
            pub const fn group(self) -> Group {
                match self { $(Self::$command => Group::$group),* }
            }

            /// Its keys until a person chooses others: `"Ctrl+Shift+Z"`, alternatives with a space between, or none.
            #[must_use]
            pub const fn default_keys(self) -> &'static str {
                match self { $(Self::$command => $keys),* }
            }
        }
    };
}

commands! {
    NewSong, Song, "New song…", "Ctrl+N";
    OpenSong, Song, "Open song…", "Ctrl+O";
    OpenDemo, Song, "Open the demo song", "";
    RenameSong, Song, "Rename song…", "";
    SongKey, Song, "Key and reference pitch…", "Alt+K";
    SaveCopy, Song, "Save a copy…", "Ctrl+Shift+S";
    Import, Song, "Import audio…", "Ctrl+I";
    Export, Song, "Export…", "Ctrl+E";
    CloseSong, Song, "Close song", "Ctrl+W";
    Quit, Song, "Quit", "Ctrl+Q";
    Undo, Edit, "Undo", "Ctrl+Z";
    Redo, Edit, "Redo", "Ctrl+Shift+Z Ctrl+Y";
    Cut, Edit, "Cut clips", "Ctrl+X";
    Copy, Edit, "Copy clips", "Ctrl+C";
    Paste, Edit, "Paste clips at playhead", "Ctrl+V";
    SelectAll, Edit, "Select all clips", "Ctrl+A";
    SelectNone, Edit, "Select nothing", "Escape";
    Delete, Edit, "Delete clips", "Delete Backspace";
    Duplicate, Edit, "Duplicate clips", "Ctrl+D";
    Split, Edit, "Split clips at playhead", "S";
    MuteClips, Edit, "Mute or unmute clips", "Ctrl+M";
    NudgeLeft, Edit, "Nudge clips left", "Alt+ArrowLeft";
    NudgeRight, Edit, "Nudge clips right", "Alt+ArrowRight";
    PreviousClip, Edit, "Select previous clip", "Shift+ArrowLeft";
    NextClip, Edit, "Select next clip", "Shift+ArrowRight";
    ResetClips, Edit, "Reset clip gain and fades", "";
    PlayStop, Transport, "Play or stop", "Space";
    Play, Transport, "Play", "";
    Stop, Transport, "Stop", "";
    Record, Transport, "Record", "R";
    TogglePunch, Transport, "Auto-punch on or off", "P";
    ToggleQuickPunch, Transport, "Quick-punch on or off", "";
    KeepLast, Transport, "Keep what I just sang", "Shift+R";
    ToStart, Transport, "Go to start", "Home Enter";
    ToEnd, Transport, "Go to end", "End";
    BarBack, Transport, "Back one bar", "ArrowLeft ,";
    BarForward, Transport, "Forward one bar", "ArrowRight .";
    ToggleLoop, Transport, "Loop on or off", "L C";
    LoopSelection, Transport, "Loop the selection", "Ctrl+L";
    ToggleMetronome, Transport, "Metronome on or off", "K";
    CycleCountIn, Transport, "Change count-in", "Shift+K";
    TapTempo, Transport, "Tap tempo", "T";
    FirstDownbeatHere, Transport, "First downbeat is here", "";
    HeadphoneMix, Transport, "Headphone mix…", "H";
    AddMonoTrack, Tracks, "Add mono track", "Ctrl+T";
    AddStereoTrack, Tracks, "Add stereo track", "Ctrl+Shift+T";
    DuplicateTrack, Tracks, "Duplicate track", "Ctrl+Shift+D";
    DeleteTrack, Tracks, "Delete track", "Ctrl+Delete Ctrl+Backspace";
    RenameTrack, Tracks, "Rename track", "F2";
    TrackUp, Tracks, "Move track up", "Alt+ArrowUp";
    TrackDown, Tracks, "Move track down", "Alt+ArrowDown";
    PreviousTrack, Tracks, "Select previous track", "ArrowUp";
    NextTrack, Tracks, "Select next track", "ArrowDown";
    ToggleArm, Tracks, "Arm track", "A";
    ToggleMute, Tracks, "Mute track", "M";
    ToggleSolo, Tracks, "Solo track", "Shift+S";
    ToggleMonitor, Tracks, "Change input monitoring", "I";
    ClearSolos, Tracks, "Clear all solos", "Ctrl+Alt+S";
    ZoomIn, View, "Zoom in", "Ctrl+ArrowRight Ctrl+Plus Ctrl+Equals";
    ZoomOut, View, "Zoom out", "Ctrl+ArrowLeft Ctrl+Minus";
    ZoomToSelection, View, "Zoom to selection", "Z";
    ZoomToAll, View, "Zoom to the whole song", "Shift+Z";
    TracksTaller, View, "Taller tracks", "Ctrl+ArrowDown";
    TracksLower, View, "Lower tracks", "Ctrl+ArrowUp";
    FollowPlayhead, View, "Follow playhead", "F";
    CycleSnap, View, "Change snap", "G";
    ShowArrange, View, "Arrange", "F5";
    ShowMix, View, "Mix", "F6";
    ShowStudio, View, "Studio", "F7";
    ShowJarvis, View, "JARVIS", "F8";
    ToggleBrowser, View, "Browser", "B";
    ToggleLyrics, View, "Lyrics", "Y";
    ToggleStrip, View, "Channel strip", "X";
    ToggleCurves, View, "Show pitch on clips", "Shift+C";
    TogglePitch, View, "Pitch", "Shift+P";
    OpenInNewWindow, View, "Open this view in a new window", "Ctrl+Shift+N";
    TextLarger, View, "Larger text", "Ctrl+Alt+Plus Ctrl+Alt+Equals";
    TextSmaller, View, "Smaller text", "Ctrl+Alt+Minus";
    ThemeDark, View, "Dark theme", "";
    ThemeLight, View, "Light theme", "";
    ThemeHighContrast, View, "High contrast theme", "";
    Palette, Help, "Find an action…", "Ctrl+K Ctrl+Shift+P F1";
    Preferences, Help, "Preferences…", "Ctrl+Comma";
    AudioSettings, Help, "Audio settings…", "Ctrl+Shift+A";
    Calibrate, Help, "Measure the round trip…", "";
    Shortcuts, Help, "Keyboard shortcuts…", "Ctrl+Slash";
    Tour, Help, "Take the tour", "";
    About, Help, "About AI DAWG", "";
    ToggleTakes, Takes, "Show or hide takes", "Alt+L";
    ShowHiddenTakes, Takes, "Show hidden takes", "";
    PreviousTake, Takes, "Try the take above", "Shift+ArrowUp";
    NextTake, Takes, "Try the take below", "Shift+ArrowDown";
    PickTake, Takes, "Use this take here", "Alt+Enter";
    UseWholeTake, Takes, "Use all of the take", "";
    AuditionTake, Takes, "Hear this take alone", "Shift+A";
    RateTake1, Takes, "Rate the take 1", "1";
    RateTake2, Takes, "Rate the take 2", "2";
    RateTake3, Takes, "Rate the take 3", "3";
    RateTake4, Takes, "Rate the take 4", "4";
    RateTake5, Takes, "Rate the take 5", "5";
    RateTake0, Takes, "No rating for the take", "0";
    RenameTake, Takes, "Rename take", "Shift+F2";
    HideTake, Takes, "Hide take", "Alt+H";
    DeleteTake, Takes, "Delete take", "";
    NewComp, Takes, "New comp", "Alt+N";
    DuplicateComp, Takes, "Duplicate comp", "Alt+D";
    RenameComp, Takes, "Rename comp", "";
    ClearComp, Takes, "Clear comp", "";
    FlattenComp, Takes, "Flatten comp", "";
    DeleteComp, Takes, "Delete comp", "";
}
