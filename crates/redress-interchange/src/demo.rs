//! A cut of a real incident log, for demonstrations and tests.

/// A cut of the UCI incident log (whole incidents), to be read with the shipped mapping `uci-incidents`.
///
/// Claudio Amaral, Marcelo Fantinato, Sarajane Peres: *Incident management process enriched event log*, UCI Machine
/// Learning Repository, CC BY 4.0. `data/README.md` says how it was cut.
#[must_use]
pub const fn demo_csv() -> &'static str {
    include_str!("../data/uci_incidents_cut.csv")
}
