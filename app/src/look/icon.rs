//! Icons, drawn as shapes so that they are crisp at every scale. [`Icon`] says what there is, `shapes.rs` how each
//! looks on a grid of 24 by 24, and here they become lines of one optical weight.

mod shapes;

use egui::epaint::{PathShape, PathStroke};
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2};

/// What there is to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named by what it shows")]
pub enum Icon {
    Play,
    Pause,
    Stop,
    Record,
    ToStart,
    ToEnd,
    Loop,
    Punch,
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
    Question,
    ChevronDown,
    ChevronRight,
    ChevronUp,
    ChevronLeft,
    ArrowUp,
    ArrowDown,
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
    Lock,
    Clock,
    Mixer,
    Wave,
    Scissors,
    Power,
    Device,
    Star,
}

impl Icon {
    /// All of them, for a page that shows them.
    pub const ALL: [Self; 62] = {
        use Icon::*;
        [
            Play,
            Pause,
            Stop,
            Record,
            ToStart,
            ToEnd,
            Loop,
            Punch,
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
            Question,
            ChevronDown,
            ChevronRight,
            ChevronUp,
            ChevronLeft,
            ArrowUp,
            ArrowDown,
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
            Lock,
            Clock,
            Mixer,
            Wave,
            Scissors,
            Power,
            Device,
            Star,
        ]
    };
}

/// A part of an icon, on a grid of 24 by 24.
enum Mark {
    /// A line through points, its corners rounded by a radius.
    Line(f32, &'static [[f32; 2]]),
    /// The same, closed.
    Loop(f32, &'static [[f32; 2]]),
    /// A filled convex shape, its corners rounded by a radius.
    Fill(f32, &'static [[f32; 2]]),
    /// A circle.
    Ring([f32; 2], f32),
    /// A filled circle.
    Disc([f32; 2], f32),
    /// Part of a circle from one angle to another, in degrees clockwise from the right.
    Arc([f32; 2], f32, f32, f32),
    /// A cogwheel.
    Cog,
}

const GRID: f32 = 24.0;
const WEIGHT: f32 = 1.75;
// Thinner than this, lines of light on dark fall apart.
const THINNEST: f32 = 1.2;

/// Draws an icon into a rectangle, of which it takes the largest centred square.
pub fn draw(painter: &Painter, icon: Icon, rect: Rect, colour: Color32) {
    if !painter.clip_rect().intersects(rect) {
        return;
    }
    let side = rect.size().min_elem();
    let pixels = painter.pixels_per_point();
    // A square that begins on a pixel, so that the same icon looks the same wherever it stands.
    let corner = rect.center() - Vec2::splat(side / 2.0);
    let corner = Pos2::new((corner.x * pixels).round() / pixels, (corner.y * pixels).round() / pixels);
    let pen = Pen { painter, corner, scale: side / GRID, colour };
    for mark in shapes::of(icon) {
        pen.mark(mark);
    }
}

struct Pen<'a> {
    painter: &'a Painter,
    corner: Pos2,
    scale: f32,
    colour: Color32,
}

impl Pen<'_> {
    fn at(&self, [x, y]: [f32; 2]) -> Pos2 {
        self.corner + Vec2::new(x, y) * self.scale
    }

    fn width(&self) -> f32 {
        (WEIGHT * self.scale).max(THINNEST)
    }

    fn mark(&self, mark: &Mark) {
        let stroke = Stroke::new(self.width(), self.colour);
        match mark {
            Mark::Line(radius, points) => self.line(&rounded(points, *radius, false)),
            Mark::Loop(radius, points) => self.closed(&rounded(points, *radius, true)),
            Mark::Fill(radius, points) => {
                let points = rounded(points, *radius, true).into_iter().map(|point| self.at(point)).collect();
                self.painter.add(PathShape::convex_polygon(points, self.colour, PathStroke::NONE));
            }
            Mark::Ring(centre, radius) => {
                self.painter.circle_stroke(self.at(*centre), radius * self.scale, stroke);
            }
            Mark::Disc(centre, radius) => {
                self.painter.circle_filled(self.at(*centre), radius * self.scale, self.colour);
            }
            Mark::Arc(centre, radius, from, to) => self.line(&arc(*centre, *radius, *from, *to)),
            Mark::Cog => self.closed(&cog()),
        }
    }

    /// An open line with round ends.
    fn line(&self, points: &[[f32; 2]]) {
        let stroke = Stroke::new(self.width(), self.colour);
        let points: Vec<Pos2> = points.iter().map(|point| self.at(*point)).collect();
        let ends = [points.first().copied(), points.last().copied()];
        self.painter.add(Shape::line(points, stroke));
        // Round ends are seen only where the line is thick enough to have them.
        if stroke.width * self.painter.pixels_per_point() >= 2.0 {
            for end in ends.into_iter().flatten() {
                // A shade smaller than the line, or its soft edge would stand out as a knot.
                let radius = stroke.width / 2.0 - 0.25 / self.painter.pixels_per_point();
                self.painter.circle_filled(end, radius, self.colour);
            }
        }
    }

    fn closed(&self, points: &[[f32; 2]]) {
        let points = points.iter().map(|point| self.at(*point)).collect();
        self.painter.add(Shape::closed_line(points, Stroke::new(self.width(), self.colour)));
    }
}

/// The points of a line with its corners rounded.
fn rounded(points: &[[f32; 2]], radius: f32, closed: bool) -> Vec<[f32; 2]> {
    const STEPS: u8 = 6;
    let count = points.len();
    if radius <= 0.0 || count < 3 {
        return points.to_vec();
    }
    let mut round = Vec::with_capacity(count * usize::from(STEPS + 1));
    for (index, corner) in points.iter().enumerate() {
        if !closed && (index == 0 || index == count - 1) {
            round.push(*corner);
            continue;
        }
        let before = towards(*corner, points[(index + count - 1) % count], radius);
        let after = towards(*corner, points[(index + 1) % count], radius);
        for step in 0..=STEPS {
            let t = f32::from(step) / f32::from(STEPS);
            let blend = |axis: usize| {
                (1.0 - t).powi(2) * before[axis] + 2.0 * t * (1.0 - t) * corner[axis] + t * t * after[axis]
            };
            round.push([blend(0), blend(1)]);
        }
    }
    round
}

/// The point on the way from one to another at a distance, at most half-way.
fn towards(from: [f32; 2], to: [f32; 2], distance: f32) -> [f32; 2] {
    let way = [to[0] - from[0], to[1] - from[1]];
    let length = way[0].hypot(way[1]).max(f32::EPSILON);
    let part = (distance / length).min(0.5);
    [from[0] + way[0] * part, from[1] + way[1] * part]
}

fn arc([x, y]: [f32; 2], radius: f32, from: f32, to: f32) -> Vec<[f32; 2]> {
    const STEPS: u8 = 16;
    let point = |step: u8| {
        let angle = (from + (to - from) * f32::from(step) / f32::from(STEPS)).to_radians();
        [x + radius * angle.cos(), y + radius * angle.sin()]
    };
    (0..=STEPS).map(point).collect()
}

/// A cogwheel of eight teeth.
fn cog() -> Vec<[f32; 2]> {
    let mut points = Vec::with_capacity(32);
    for tooth in 0..8_u8 {
        for (offset, radius) in [(-15.0_f32, 6.9), (-9.0, 9.4), (9.0, 9.4), (15.0, 6.9)] {
            let angle = (f32::from(tooth) * 45.0 + offset).to_radians();
            points.push([12.0 + radius * angle.cos(), 12.0 + radius * angle.sin()]);
        }
    }
    points
}
