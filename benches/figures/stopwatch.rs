//! Measuring: rounds in which all rivals take turns, and the median of each.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::Outcome;

/// How much is measured.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// How often everything is measured; odd, so that there is a median.
    pub(crate) rounds: usize,
    /// How often the cut of the incident log is repeated.
    pub(crate) copies: usize,
    /// By how much less than usual is written, as a divisor.
    pub(crate) divisor: usize,
    /// How many complaints the large ledger has.
    pub(crate) complaints: usize,
    /// Where the searched ledger is kept, and taken from where it is there already; nowhere without this.
    pub(crate) folder: Option<PathBuf>,
}

impl Plan {
    /// What `cargo bench` measures.
    pub(crate) const FULL: Self = Self {
        rounds: 5,
        copies: 40,
        divisor: 1,
        complaints: 20_000,
        folder: None,
    };
    /// Just enough to see that everything works.
    pub(crate) const SMALL: Self = Self {
        rounds: 1,
        copies: 1,
        divisor: 50,
        complaints: 200,
        folder: None,
    };
}

/// How long a number of operations took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) operations: usize,
    pub(crate) took: Duration,
}

impl Sample {
    /// Picoseconds for each operation, so that nothing is lost to rounding.
    pub(crate) fn picoseconds_each(self) -> u128 {
        let operations = u128::try_from(self.operations).unwrap_or(1).max(1);
        self.took.as_nanos().saturating_mul(1_000) / operations
    }

    /// Operations in a second.
    pub(crate) fn per_second(self) -> u128 {
        1_000_000_000_000_u128
            .checked_div(self.picoseconds_each())
            .unwrap_or_default()
    }
}

/// Does something and says how long it took.
pub(crate) fn time<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
    let start = Reading::now()?;
    let done = work()?;
    Ok((done, start.elapsed()?))
}

/// Which clock is read: that on the wall, unless `REDRESS_CLOCK=processor` asks for the time that the calling thread had on
/// a processor. That one leaves out waiting, for the disk as for other programs.
enum Reading {
    Wall(Instant),
    Processor(Duration),
}

impl Reading {
    #[expect(
        clippy::disallowed_methods,
        reason = "measuring time is what benches are for, and this is where"
    )]
    fn now() -> Outcome<Self> {
        if std::env::var_os("REDRESS_CLOCK").is_some_and(|clock| clock == "processor") {
            on_processor().map(Self::Processor)
        } else {
            Ok(Self::Wall(Instant::now()))
        }
    }

    fn elapsed(&self) -> Outcome<Duration> {
        match self {
            Self::Wall(start) => Ok(start.elapsed()),
            Self::Processor(start) => Ok(on_processor()?.saturating_sub(*start)),
        }
    }
}

/// How long the calling thread has run so far, as Linux tells it; brought up to date when the thread gives way.
fn on_processor() -> Outcome<Duration> {
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = told.split(' ').next().ok_or("schedstat is empty")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

/// One of those that are compared: measures itself once. It gets the number of the round, from 0.
pub(crate) type Rival<'a> = &'a mut dyn FnMut(usize) -> Outcome<Sample>;

/// Lets all rivals take turns, so that a disturbance of the machine hits each of them; the median of each.
pub(crate) fn compare<const N: usize>(
    rounds: usize,
    rivals: [Rival<'_>; N],
) -> Outcome<[Sample; N]> {
    let mut samples: [Vec<Sample>; N] = std::array::from_fn(|_| Vec::new());
    let mut rivals = rivals;
    for round in 0..rounds {
        for (rival, samples) in rivals.iter_mut().zip(&mut samples) {
            samples.push(rival(round)?);
        }
    }
    let nothing = Sample {
        operations: 0,
        took: Duration::ZERO,
    };
    Ok(samples.map(|samples| median(samples).unwrap_or(nothing)))
}

/// The middle one by the time of an operation.
pub(crate) fn median(samples: Vec<Sample>) -> Option<Sample> {
    percentile(samples, 50)
}

/// The one that so many of a hundred are no slower than, by the time of an operation.
pub(crate) fn percentile(mut samples: Vec<Sample>, percent: usize) -> Option<Sample> {
    samples.sort_by_key(|sample| sample.picoseconds_each());
    samples.get(samples.len() * percent / 100).copied()
}
