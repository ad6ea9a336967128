//! `ai-dawg sidecar`: an AI service of the studio as a program of its own.
//!
//! JARVIS starts them so; started by hand they serve whoever asks on this machine.

use anyhow::Result;
use sidecar::Start;

/// Run an AI service by itself.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    which: Which,
}

#[derive(Debug, clap::Subcommand)]
enum Which {
    /// The vocal coach: pitch, notes, vibrato, rhythm, live feedback
    ///
    /// It prints one line of JSON when it listens: {"ready":{"port":8000}}. It ends by Ctrl-C.
    #[command(after_help = "\
Example:
  ai-dawg sidecar vocal-coach &
  curl http://127.0.0.1:8000/health
  curl -H 'Content-Type: audio/wav' --data-binary @voice.wav http://127.0.0.1:8000/api/analyze-pitch")]
    VocalCoach(Coach),
}

/// As a supervisor starts it, or a person. A supervisor adds its own to what is declared, so the last one counts.
#[derive(Debug, clap::Args)]
#[command(args_override_self = true)]
struct Coach {
    /// The port on this machine; 0: any
    #[arg(long, default_value_t = vocal_coach::PORT)]
    port: u16,
    /// Started by the supervisor: end when standard input ends, and take another port if that one is taken
    #[arg(long)]
    supervised: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let Which::VocalCoach(coach) = &arguments.which;
    let start = Start::from_environment(coach.supervised, coach.port)?;
    Ok(vocal_coach::run(start)?)
}
