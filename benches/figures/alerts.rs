//! The view of warnings: folded, asked, written down and read back, with as many complaints as are wanted.

use std::time::Duration;

use redress::Policy;
use redress::causes::{AlertView, Timeline};
use redress::store::codec::{self, Decoder};
use redress::store::snapshot::{Origin, Snapshot};
use redress::store::{EventStore, Fact, MemoryStore, Projection};
use uuid::Uuid;

use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, time};
use crate::views::each;
use crate::{Outcome, check, crowd};

/// How many facts are folded at a time, as in a replay.
const PAGE: usize = 1_000;

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let store = MemoryStore::new(Uuid::from_u128(1));
    let facts = crowd::write(&store, plan.complaints)?;
    let mut view = empty();
    let took = fold(&mut view, &store)?;
    drop(store);
    let at = view
        .last_fact()
        .map(|(_, at)| at)
        .ok_or("nothing was folded")?;
    let origin = Origin {
        ledger: Uuid::from_u128(1),
        last: view.last_fact(),
    };
    let bytes = view.snapshot(origin)?;
    let alerts = view.alerts(at);
    let figures = vec![
        Figure::alone("folded", Unit::PerSecond("facts"), took),
        each(plan, "how all warnings stand, and every one so far", || {
            check(view.alerts(at) == alerts, || "other warnings".to_owned())
        })?,
        each(plan, "snapshot, written", || {
            check(view.snapshot(origin)? == bytes, || "other bytes".to_owned())
        })?,
        each(plan, "the same, read", || {
            let mut other = empty();
            other.restore(&bytes, &mut |_| Ok(()))?;
            check(other.next_position() == view.next_position(), || {
                "another view was read".to_owned()
            })
        })?,
    ];
    Ok(Section {
        title: "Warnings",
        about: format!(
            "{} complaints of a seeded crowd, {} facts, already decoded and folded in pages of {} under the standard policy: \
             {} figures, {} warnings raised so far. The snapshot takes {} bytes.",
            grouped(u128::try_from(plan.complaints)?),
            grouped(u128::try_from(facts)?),
            grouped(u128::try_from(PAGE)?),
            grouped(u128::try_from(alerts.standings.len())?),
            grouped(u128::try_from(alerts.raised.len())?),
            grouped(u128::try_from(bytes.len())?),
        ),
        figures,
    })
}

fn empty() -> AlertView {
    AlertView::new(Policy::standard(), Timeline::Recorded)
}

fn fold(view: &mut AlertView, store: &MemoryStore) -> Outcome<Sample> {
    let mut decoder = Decoder::new(codec::no_upcasts);
    let mut sample = Sample {
        operations: 0,
        took: Duration::ZERO,
    };
    loop {
        let entries = pollster::block_on(store.read_all(view.next_position(), PAGE))?;
        let facts = entries.iter().map(|entry| decoder.decode(entry));
        let page: Vec<Fact> = facts.collect::<Result<_, _>>()?;
        if page.is_empty() {
            return Ok(sample);
        }
        sample.operations += page.len();
        sample.took += time(|| Ok(view.fold(&page)?))?.1;
    }
}
