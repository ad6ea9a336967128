//! A table as a file that other programs read.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Any table of the panel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is of, for the file's name: `services`.
    pub name: String,
    /// Its columns.
    pub head: Vec<String>,
    /// Its rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// One without rows.
    #[must_use]
    pub fn new(name: &str, head: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            head: head.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// As comma-separated values (RFC 4180). What a spreadsheet would take for a formula gets a `'` before it: names come
    /// from outside.
    ///
    /// # Errors
    /// When a row is not as long as the head.
    pub fn to_csv(&self) -> Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        for row in std::iter::once(&self.head).chain(&self.rows) {
            writer.write_record(row.iter().map(|cell| guarded(cell)))?;
        }
        Ok(writer.into_inner()?)
    }

    /// Writes it to a file that is not there yet.
    ///
    /// # Errors
    /// As the disk says.
    pub fn save(&self, path: &Path) -> Result<()> {
        let bytes = self.to_csv()?;
        let mut options = std::fs::OpenOptions::new();
        let mut file = match options.write(true).create_new(true).open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                bail!("{} is there already, and was left as it is: give another name", path.display())
            }
            file => {
                file.with_context(|| format!("{} cannot be written: choose another place", path.display()))?
            }
        };
        file.write_all(&bytes)
            .and_then(|()| file.sync_all())
            .with_context(|| format!("{} could not be written whole: choose another place", path.display()))
    }
}

/// A cell that no spreadsheet computes (OWASP, "CSV Injection").
fn guarded(cell: &str) -> String {
    // A number computes nothing.
    let computes = cell.parse::<f64>().is_err();
    if computes && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_comes_back() {
        let wild = [
            "=1+1",
            "+a",
            "-1+1",
            "@a",
            "-1",
            "+0.5",
            "a,b",
            "a\"b",
            "two\nlines",
            "<script>",
            "项目 🎵",
            "",
        ];
        let mut table = Table::new("wild", &["what", "seen"]);
        table.rows = wild.iter().map(|cell| vec![(*cell).to_owned(), "x".to_owned()]).collect();
        let bytes = table.to_csv().unwrap();
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let read: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
        // Not seen red yet; meant for: without the guard.
        assert_eq!(read[..4], ["'=1+1", "'+a", "'-1+1", "'@a"]);
        assert_eq!(read[4..], wild[4..]);
    }

    #[test]
    fn a_file_that_is_there_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("services.csv");
        let table = Table::new("services", &["name"]);
        table.save(&path).unwrap();
        std::fs::write(&path, "mine").unwrap();
        // Not seen red yet; meant for: the file created anew.
        assert!(table.save(&path).unwrap_err().to_string().contains("another name"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        assert!(table.save(&folder.path().join("no/where.csv")).is_err());
    }
}
