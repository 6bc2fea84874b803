//! Statistics as functions of plain numbers: nothing here knows a complaint.
//!
//! Counts and shares are exact. Charts and survival curves need square roots and so are `f64`, worked out with
//! `+ − × ÷ √` alone, which every machine rounds alike (IEEE 754); they are for showing and never stored. No function
//! returns a NaN or an infinity: what cannot be told is `None`.

mod change;
mod chart;
mod cusum;
mod durations;
mod ewma;
mod histogram;
mod laney;
mod pareto;
mod run_rules;
mod shewhart;
mod survival;

pub use change::Change;
pub use chart::{ChartPoint, ControlChart};
pub use cusum::{Cusum, CusumPoint};
pub use durations::Durations;
pub use ewma::Ewma;
pub use histogram::Histogram;
pub use laney::{LaneyChart, laney_p_chart};
pub use pareto::{Bar, pareto};
pub use run_rules::{RunRule, Signal, run_signals};
pub use shewhart::{c_chart, p_chart, u_chart};
pub use survival::{Interval, Observation, Step, SurvivalCurve};
