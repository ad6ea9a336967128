//! A picture of the screen, to be looked at by a test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Pixels of a screen.
#[derive(Debug, Clone)]
pub struct Picture {
    path: PathBuf,
    size: [usize; 2],
    rgb: Vec<u8>,
}

impl Picture {
    /// Reads a picture file.
    #[track_caller]
    pub fn load(path: &Path) -> Self {
        let run = |program: &str, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).output();
            let output = output.unwrap_or_else(|error| panic!("{program} is missing ({error})"));
            assert!(output.status.success(), "{program} cannot read {}", path.display());
            output.stdout
        };
        let place = path.to_str().unwrap();
        let size = String::from_utf8(run("identify", &["-format", "%w %h", place])).unwrap();
        let mut size = size.split(' ').map(|number| number.trim().parse().unwrap());
        let size = [size.next().unwrap(), size.next().unwrap()];
        let rgb = run("convert", &[place, "-depth", "8", "rgb:-"]);
        assert_eq!(rgb.len(), size[0] * size[1] * 3, "{place}");
        Self { path: path.to_owned(), size, rgb }
    }

    /// Where it is saved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Width and height in pixels.
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// The colour of a pixel.
    #[track_caller]
    pub fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.size[0] + x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// How many pixels in a rectangle (left, top, width, height) have that colour, each channel within `tolerance`.
    pub fn count(&self, [left, top, width, height]: [f64; 4], colour: [u8; 3], tolerance: u8) -> usize {
        let columns = left.max(0.0) as usize..((left + width) as usize).min(self.size[0]);
        let rows = top.max(0.0) as usize..((top + height) as usize).min(self.size[1]);
        let same = |pixel: [u8; 3]| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) <= tolerance);
        rows.flat_map(|y| columns.clone().map(move |x| (x, y))).filter(|(x, y)| same(self.at(*x, *y))).count()
    }

    /// Fails the test if there is nothing to be seen: no more than a handful of colours, or one that covers nearly all.
    #[track_caller]
    pub fn not_blank(&self) {
        let mut colours = BTreeMap::<[u8; 3], usize>::new();
        for pixel in self.rgb.chunks_exact(3) {
            *colours.entry([pixel[0], pixel[1], pixel[2]]).or_default() += 1;
        }
        let most = colours.values().copied().max().unwrap_or(0);
        let pixels = self.size[0] * self.size[1];
        assert!(
            colours.len() > 16 && most < pixels * 995 / 1_000,
            "{} is blank: {} colours, one of them covers {} of {pixels} pixels",
            self.path.display(),
            colours.len(),
            most
        );
    }
}
