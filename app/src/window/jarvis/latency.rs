//! The 95th percentile of each service's answers over the last hour, as lines.

use egui::{Align2, Color32, Painter, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};

use super::Panel;
use super::cell::{self, Ink, Strip};
use super::words::{DASH, NO_DATA, milliseconds, plain, title};
use crate::look::control::elide;
use crate::look::{Tokens, regular, tokens};

/// Its least height, and how much more it takes where there is room.
pub(super) const HEIGHT: f32 = 152.0;
pub(super) const SPARE: f32 = 150.0;
const TITLE: f32 = 46.0;
/// Height of the names below.
const LEGEND: f32 = 20.0;
/// Room for the scale.
const SCALE: f32 = 44.0;
/// So many services are named below the lines.
const NAMED: usize = 3;

/// A service's line: one value a minute, none where it never answered.
struct Series<'a> {
    name: String,
    values: &'a [Option<f64>],
    all: Option<f64>,
    colour: Color32,
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &Panel<'_, '_>, rect: Rect) {
    let inner = cell::ground(ui, rect);
    let tokens = tokens(ui.ctx());
    let head = inner.with_max_y(rect.top() + TITLE);
    cell::text(ui, head, "Latency p95, last hour", &Ink::title(tokens.text), None);
    let series = series(panel, &tokens);
    let foot = Rect::from_min_max(
        pos2(inner.left(), rect.bottom() - 12.0 - LEGEND),
        pos2(inner.right(), rect.bottom() - 12.0),
    );
    let plot = Rect::from_min_max(pos2(inner.left(), head.bottom()), pos2(inner.right(), foot.top() - 8.0));
    let most = series.iter().flat_map(|one| one.values.iter().flatten()).copied().fold(0.0, f64::max);
    if most <= 0.0 {
        cell::text(ui, plot.with_max_y(plot.top() + 20.0), NO_DATA, &Ink::body(tokens.faint), None);
        return;
    }
    let top = round_up(most);
    let field = plot.with_max_x(plot.right() - SCALE);
    grid(ui, plot, field, top, &tokens);
    let painter = ui.painter().with_clip_rect(field.expand(2.0).intersect(ui.clip_rect()));
    for one in &series {
        line(&painter, field, one, top);
    }
    legend(ui, foot, &series, &tokens);
    tell(ui, field, &series, &tokens);
}

fn series<'a>(panel: &'a Panel<'_, '_>, tokens: &Tokens) -> Vec<Series<'a>> {
    let colours = tokens.series();
    let Some(report) = panel.seen.reports.hour.as_deref() else { return Vec::new() };
    let measured = report.services.iter().filter(|service| service.p95_bars.iter().any(Option::is_some));
    measured
        .zip(colours.into_iter().cycle())
        .map(|(service, colour)| Series {
            name: plain(&title(&service.name)),
            values: &service.p95_bars,
            all: service.p95_ms,
            colour,
        })
        .collect()
}

/// The next of 1, 2, 5, 10, 20, … above.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .map(|step| step * power)
        .into_iter()
        .find(|step| *step >= value)
        .unwrap_or(10.0 * power)
}

fn grid(ui: &Ui, plot: Rect, field: Rect, top: f64, tokens: &Tokens) {
    for part in [0.0, 0.5, 1.0] {
        let y = (field.bottom() - field.height() * part).round() + 0.5;
        let strong = if part == 0.0 { tokens.hairline } else { tokens.grid_strong };
        ui.painter().hline(field.x_range(), y, Stroke::new(Tokens::HAIRLINE, strong));
        if part > 0.0 {
            let words = milliseconds(top * f64::from(part));
            ui.painter().text(
                pos2(plot.right(), y),
                Align2::RIGHT_CENTER,
                words,
                regular(Tokens::TYPE[0]),
                tokens.faint,
            );
        }
    }
}

fn x(field: Rect, number: usize, of: usize) -> f32 {
    field.left() + field.width() * (number as f32 + 0.5) / of as f32
}

fn line(painter: &Painter, field: Rect, one: &Series<'_>, top: f64) {
    let at = |(number, value): (usize, f64)| {
        pos2(x(field, number, one.values.len()), field.bottom() - field.height() * (value / top) as f32)
    };
    let mut run = Vec::new();
    let end = |run: &mut Vec<egui::Pos2>| {
        match &run[..] {
            [] => {}
            [alone] => _ = painter.circle_filled(*alone, 2.0, one.colour),
            points => _ = painter.add(Shape::line(points.to_vec(), Stroke::new(Tokens::LINE, one.colour))),
        }
        run.clear();
    };
    for (number, value) in one.values.iter().enumerate() {
        match value {
            Some(value) => run.push(at((number, *value))),
            // Where nothing was measured there is no line.
            None => end(&mut run),
        }
    }
    end(&mut run);
}

fn legend(ui: &mut Ui, foot: Rect, series: &[Series<'_>], tokens: &Tokens) {
    const LINE: f32 = 14.0;
    let mut strip = Strip(foot);
    let more = series.len().saturating_sub(NAMED);
    if more > 0 {
        let place = strip.right(52.0, foot.height());
        cell::text(ui, place, &format!("+{more} more"), &Ink::label(tokens.faint).right(), None);
    }
    let named = || series.iter().take(NAMED);
    let with_value =
        |one: &Series<'_>| format!("{} {}", one.name, one.all.map_or_else(|| DASH.to_owned(), milliseconds));
    let wide = |ui: &Ui, words: &str| {
        elide(ui, &plain(words), regular(Tokens::TYPE[1]), tokens.secondary, f32::MAX).size().x
            + LINE
            + Tokens::SPACE[2]
    };
    let fits =
        named().map(|one| wide(ui, &with_value(one))).sum::<f32>() <= strip.0.width() + Tokens::SPACE[2];
    let share = strip.0.width() / series.len().clamp(1, NAMED) as f32;
    for one in named() {
        let words = if fits { with_value(one) } else { one.name.clone() };
        let width = if fits { wide(ui, &words) } else { share };
        let mut place = Strip(strip.left(width));
        let sign = place.left(LINE);
        let y = sign.center().y;
        ui.painter().hline(sign.left()..=sign.left() + 9.0, y, Stroke::new(Tokens::FOCUS, one.colour));
        let hint = format!("{}: the 95th percentile of the whole hour", with_value(one));
        cell::text(ui, place.0, &words, &Ink::label(tokens.secondary), Some(&hint));
    }
}

/// For those who listen, and for a pointer over it.
fn tell(ui: &mut Ui, field: Rect, series: &[Series<'_>], tokens: &Tokens) {
    let response = ui.interact(field, ui.scope_id().with("latency"), Sense::hover());
    let said = |value: Option<f64>| value.map_or_else(|| NO_DATA.to_owned(), milliseconds);
    let all: Vec<String> = series.iter().map(|one| format!("{} {}", one.name, said(one.all))).collect();
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(all.join(", ")),
        ..WidgetInfo::labeled(Role::Figure, true, "Latency p95, last hour")
    });
    let Some(at) = response.hover_pos() else { return };
    let Some(parts) = series.first().map(|one| one.values.len()).filter(|parts| *parts > 0) else { return };
    let number =
        ((at.x - field.left()) / field.width() * parts as f32).clamp(0.0, parts as f32 - 1.0) as usize;
    let stroke = Stroke::new(Tokens::HAIRLINE, tokens.faint);
    ui.painter().vline(x(field, number, parts), field.y_range(), stroke);
    let back = parts - 1 - number;
    let when = if back == 0 { "now".to_owned() } else { format!("{back} min ago") };
    let words: Vec<String> = series
        .iter()
        .map(|one| format!("{}: {}", plain(&one.name), said(one.values.get(number).copied().flatten())))
        .collect();
    response.on_hover_text_at_pointer(format!("{when}\n{}", words.join("\n")));
}

#[cfg(test)]
mod tests {
    use super::round_up;

    #[test]
    fn the_scale_ends_at_a_round_number_above_all() {
        assert_eq!([0.3, 1.0, 3.2, 41.0, 99.0].map(round_up), [0.5, 1.0, 5.0, 50.0, 100.0]);
    }
}
