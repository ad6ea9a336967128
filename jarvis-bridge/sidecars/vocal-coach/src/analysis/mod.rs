//! Recordings: a WAV file comes in, what was found goes out.
//!
//! Start at [`recording`]. Never a path: the coach reads no file but what it was sent.

mod report;
mod rhythm;
mod upload;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request};
use axum::http::StatusCode;
use axum::{Extension, Json};
use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::units::Hertz;
use serde::Deserialize;
use sidecar::Problem;

use crate::load::Load;
pub(crate) use report::rounded;
use report::{Pitch, Recording};
use rhythm::{Asked, Rhythm};

/// What a WAV file is called on the way.
pub(crate) const KINDS: [&str; 4] = ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"];

/// How pitch is named.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    /// The pitch of A4 in Hz.
    #[serde(default = "usual")]
    a4: f32,
}

fn usual() -> f32 {
    Tuning::default().a4.0
}

impl Named {
    fn tuning(self) -> Result<Tuning, Problem> {
        if Tuning::REFERENCES.contains(&self.a4) {
            return Ok(Tuning { a4: Hertz(self.a4) });
        }
        let (low, high) = (Tuning::REFERENCES.start(), Tuning::REFERENCES.end());
        Err(wrong(format!("a4 is {}: give {low} to {high} Hz", self.a4)))
    }
}

type Parameters<T> = Result<Query<T>, QueryRejection>;

/// `POST /api/analyze-pitch`: the curve and the notes in it.
pub(crate) async fn pitch(
    load: Extension<Load>,
    named: Parameters<Named>,
    request: Request,
) -> Result<Json<Pitch>, Problem> {
    let tuning = read(named)?.tuning()?;
    upload::analysed(&load, request, move |source, path, progress| Pitch::of(source, path, progress, tuning))
        .await
        .map(Json)
}

/// `POST /api/analyze-recording`: the same, and what is to be said of it as a whole.
pub(crate) async fn recording(
    load: Extension<Load>,
    named: Parameters<Named>,
    request: Request,
) -> Result<Json<Recording>, Problem> {
    let tuning = read(named)?.tuning()?;
    upload::analysed(&load, request, move |source, path, progress| {
        Recording::of(source, path, progress, tuning)
    })
    .await
    .map(Json)
}

/// `POST /api/analyze-rhythm?bpm=…`: onsets against a tempo.
pub(crate) async fn rhythm(
    load: Extension<Load>,
    asked: Parameters<Asked>,
    request: Request,
) -> Result<Json<Rhythm>, Problem> {
    let asked = read(asked)?.checked().map_err(wrong)?;
    upload::analysed(&load, request, move |source, _, progress| Rhythm::of(source, progress, asked))
        .await
        .map(Json)
}

fn read<T>(parameters: Parameters<T>) -> Result<T, Problem> {
    parameters.map(|Query(read)| read).map_err(|rejected| wrong(rejected.body_text()))
}

fn wrong(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail)
}
