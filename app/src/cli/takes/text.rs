//! The takes of a track as people read them.

use std::fmt::{self, Display, Formatter};

use super::{TakeReport, Takes};
use crate::cli::format::Time;

impl Display for Takes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.takes.is_empty() {
            return write!(f, "nothing was recorded on “{}” yet", self.track);
        }
        let width = self.takes.iter().map(|take| take.name.chars().count()).max().unwrap_or(0);
        self.takes.iter().try_for_each(|take| self.row(f, take, width))
    }
}

impl Takes {
    fn row(&self, f: &mut Formatter<'_>, take: &TakeReport, width: usize) -> fmt::Result {
        let TakeReport { number, name, start, length, seconds, file, rating, .. } = take;
        let time = |samples| Time { samples, rate: self.rate };
        let (from, to) = (time(*start), time(start + length));
        write!(f, "{number:>3}  {name:<width$}  {from} to {to}  {seconds:>8.3} s  {file}")?;
        if *rating > 0 {
            write!(f, "  {}", "*".repeat(usize::from(*rating)))?;
        }
        let clips = take.clips.len();
        if clips > 1 {
            write!(f, "  {clips} clips")?;
        }
        for (is, word) in [(take.plays, "plays"), (take.picked, "in the comp"), (take.hidden, "hidden")] {
            if is {
                write!(f, "  ({word})")?;
            }
        }
        writeln!(f)
    }
}
