//! The statistics against published figures, against other people's programs, and by laws.
#![expect(
    clippy::float_arithmetic,
    reason = "charts are worked out in floating point"
)]

mod laws;
mod oracles;
mod published;
mod worked;

/// Whether two numbers agree to this distance.
#[track_caller]
fn close(found: f64, expected: f64, distance: f64) {
    assert!(
        (found - expected).abs() <= distance,
        "{found} is not {expected}"
    );
}
