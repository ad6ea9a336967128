//! The self-test: what it would be asked, of a sound whose pitch is known.

use axum::Json;
use axum::http::StatusCode;
use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::units::Hertz;
use serde::Serialize;
use sidecar::{Health, Problem};

use crate::ear;

/// What is played to it.
const PITCH: f64 = 220.0;
const RATE: u32 = 48_000;
const SECONDS: f64 = 0.5;
/// How far beside the pitch an answer may be: far more than it is, far less than a wrong one.
const CENTS: f32 = 5.0;

/// What came of it.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    ok: bool,
    tracker: String,
    played: f64,
    heard: Option<f32>,
    /// How much of the sound was taken for a voice, 0 to 1.
    voiced: f32,
}

/// Tests on a thread of its own, and tells `health` how it went and that the start is over.
pub(crate) fn begin(health: Health) {
    let told = health.clone();
    let tested = std::thread::Builder::new().name("self-test".to_owned()).spawn(move || {
        tell(&health, &test());
        health.ready();
    });
    if let Err(error) = tested {
        told.check("tracker", false, format!("it was not tested, as there can be no more threads ({error})"));
    }
}

/// `POST /api/self-test`.
pub(crate) async fn answer(health: axum::Extension<Health>) -> Result<Json<Found>, Problem> {
    let found = tokio::task::spawn_blocking(test).await;
    let found = found.map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    tell(&health, &found);
    Ok(Json(found))
}

fn tell(health: &Health, found: &Found) {
    let Found { ok, tracker, played, heard, .. } = found;
    let heard = heard.map_or("nothing".to_owned(), |heard| format!("{heard:.2} Hz"));
    health.check("tracker", *ok, format!("{tracker}: {played} Hz was played, {heard} heard"));
}

fn test() -> Found {
    let mut pitches = Vec::new();
    let mut moments = 0_usize;
    if let Ok(mut tracker) = ear::whole(RATE) {
        let mut give = |estimate: dawg_dsp::pitch::Estimate| {
            moments += 1;
            pitches.extend(estimate.voiced.then_some(estimate.frequency));
        };
        tracker.push(&sound(), &mut give);
        tracker.finish(&mut give);
    }
    pitches.sort_by(f32::total_cmp);
    let heard = pitches.get(pitches.len() / 2).copied();
    let played = Tuning { a4: Hertz(PITCH as f32) };
    let beside = heard.and_then(|heard| Some((played.keys(Hertz(heard))? - 69.0) * 100.0));
    let voiced = pitches.len() as f32 / moments.max(1) as f32;
    let ok = voiced > 0.8 && beside.is_some_and(|cents| cents.abs() <= CENTS);
    Found { ok, tracker: ear::name(), played: PITCH, heard, voiced }
}

/// A tone with the harmonics of a voice, softened at its ends.
fn sound() -> Vec<f32> {
    let count = (SECONDS * f64::from(RATE)) as usize;
    let sample = |n: usize| {
        let turn = std::f64::consts::TAU * PITCH * n as f64 / f64::from(RATE);
        let tone: f64 = (1..=8).map(|k| (f64::from(k) * turn).sin() / f64::from(k)).sum();
        let edge = (n.min(count - n) as f64 / 480.0).min(1.0);
        (0.2 * edge * tone) as f32
    };
    (0..count).map(sample).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_hears_what_is_played() {
        // Seen red: with every pitch taken for 7 cents higher.
        let found = super::test();
        assert!(found.ok, "{found:?}");
    }
}
