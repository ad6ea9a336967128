//! Sets in a folder: NAME.wav beside NAME.csv (`time,frequency`, a row each 10 ms, 0 = unvoiced), as `make_set.py` writes.

use std::fmt::Write as _;
use std::path::Path;

use super::{Piece, Set};
use crate::signal;

impl Set {
    /// Reads the pieces of a folder, in the order of their names.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let entries =
            std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut tables: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        tables.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
        tables.sort();
        Self { pieces: tables.iter().map(|table| read(table)).collect() }
    }

    /// Writes the pieces into a folder, which is made: WAV of 32-bit floats.
    pub fn write(&self, folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        self.pieces.iter().for_each(|piece| piece.write(folder));
    }
}

impl Piece {
    /// Writes NAME.wav and NAME.csv.
    pub fn write(&self, folder: &Path) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: self.rate,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut wav = hound::WavWriter::create(folder.join(format!("{}.wav", self.name)), spec).unwrap();
        self.samples.iter().for_each(|sample| wav.write_sample(*sample).unwrap());
        wav.finalize().unwrap();
        let mut rows = String::from("time,frequency\n");
        for (row, hertz) in self.truth.iter().enumerate() {
            writeln!(rows, "{:.2},{hertz:.4}", row as f64 * 0.01).unwrap();
        }
        std::fs::write(folder.join(format!("{}.csv", self.name)), rows).unwrap();
    }
}

/// The piece of a table.
fn read(table: &Path) -> Piece {
    let wav = signal::read_wav(table.with_extension("wav"));
    let text = std::fs::read_to_string(table).unwrap();
    let rows = text.lines().skip(1).filter_map(|row| row.split(',').nth(1));
    Piece {
        name: table.file_stem().unwrap().to_string_lossy().into_owned(),
        rate: wav.rate,
        samples: wav.planar.into_iter().next().unwrap(),
        truth: rows.map(|hertz| hertz.trim().parse().unwrap()).collect(),
    }
}
