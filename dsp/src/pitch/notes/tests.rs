//! Notes in curves whose notes are known.

mod curves;
mod finding;
mod measuring;
mod sung;
