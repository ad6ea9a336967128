//! The page that says how everything is: cards, services, what happened; at the right what is urgent, latency, the trail.

use egui::{Rect, ScrollArea, Sense, Ui, pos2, vec2};

use super::{GAP, Panel, cards, cell, happened, latency, services, trail, urgent};
use crate::look::Tokens;

/// From this width on the right column stands beside the left.
const BESIDE: f32 = 1_000.0;
/// Width of the right column: a share of all, within these.
const RIGHT: (f32, [f32; 2]) = (0.27, [312.0, 440.0]);
/// Fewest rows of what happened.
const FEWEST: usize = 6;

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, page: Rect) {
    let mut wide = super::scrolling(ui, page);
    let ui = &mut wide;
    ScrollArea::vertical().id_salt("overview").auto_shrink(false).show(ui, |ui| {
        let beside = page.width() >= BESIDE;
        let place = Places::of(panel, page.size(), beside);
        let (rect, _) = ui.allocate_exact_size(vec2(page.width(), place.height), Sense::hover());
        let at = |part: Rect| part.translate(rect.min.to_vec2());
        // What is placed by hand must not move the cursor of what scrolls, or there is a little more than there is to see.
        let mut whole = cell::child(ui, "whole", rect);
        let ui = &mut whole;
        cards::show(ui, panel, at(place.cards));
        let ground = at(place.left);
        cell::ground(ui, ground);
        services::show(ui, panel, at(place.services));
        happened::show(ui, panel, at(place.happened));
        urgent::show(ui, panel, at(place.urgent));
        latency::show(ui, panel, at(place.latency));
        trail::card(ui, panel, at(place.trail));
    });
}

/// Where everything stands, from the upper left of the page.
struct Places {
    height: f32,
    cards: Rect,
    left: Rect,
    services: Rect,
    happened: Rect,
    urgent: Rect,
    latency: Rect,
    trail: Rect,
}

impl Places {
    fn of(panel: &Panel<'_, '_>, size: egui::Vec2, beside: bool) -> Self {
        let cards = Rect::from_min_size(pos2(0.0, 0.0), vec2(size.x, cards::HEIGHT));
        let top = cards.bottom() + GAP;
        let right = if beside { (size.x * RIGHT.0).clamp(RIGHT.1[0], RIGHT.1[1]) } else { 0.0 };
        let width = if beside { size.x - right - GAP } else { size.x };
        let table = services::height(panel);
        // In a low window what is urgent is told in fewer lines.
        let room = size.y - top - Tokens::HAIRLINE - latency::HEIGHT - trail::HEIGHT - 2.0 * GAP;
        let urgent = room.clamp(urgent::HEIGHT[0], urgent::HEIGHT[1]);
        let column = [urgent, latency::HEIGHT, trail::HEIGHT];
        let stacked: f32 = column.iter().sum::<f32>() + 2.0 * GAP;
        let fewest = table + happened::height(FEWEST);
        let tall = if beside { fewest.max(stacked).max(size.y - top - Tokens::HAIRLINE) } else { fewest };
        let left = Rect::from_min_size(pos2(0.0, top), vec2(width, tall));
        let (services, happened) = left.split_top_bottom_at_y(top + table);
        // Beside: the chart takes what the left column is higher. Below: all under each other.
        let (x, mut y, wide) =
            if beside { (width + GAP, top, right) } else { (0.0, left.bottom() + GAP, size.x) };
        let spare = if beside { (tall - stacked).max(0.0) } else { 0.0 };
        let mut next = |height: f32| {
            let rect = Rect::from_min_size(pos2(x, y), vec2(wide, height));
            y = rect.bottom() + GAP;
            rect
        };
        let urgent = next(column[0]);
        let latency = next(column[1] + spare.min(latency::SPARE));
        let trail = next(column[2] + (spare - spare.min(latency::SPARE)));
        let height = left.bottom().max(trail.bottom());
        Self { height, cards, left, services, happened, urgent, latency, trail }
    }
}
