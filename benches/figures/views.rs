//! The views held in memory: folded, asked, written down and read back, with as many complaints as are wanted.

use std::time::Duration;

use redress::causes::{CauseQuery, CauseView, KpiQuery};
use redress::sla::{BoardFilter, SlaView};
use redress::store::codec::{self, Decoder};
use redress::store::snapshot::{Origin, Snapshot};
use redress::store::{EventStore, Fact, MemoryStore, Projection};
use redress::{DepartmentId, Policy, Position, Span, Timestamp};
use uuid::Uuid;

use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, median, time};
use crate::{Outcome, check, crowd};

/// How many facts are folded at a time, as in a replay.
const PAGE: usize = 1_000;

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let mut views = Views {
        sla: SlaView::new(Policy::standard()),
        causes: CauseView::new(Policy::standard()),
    };
    let store = MemoryStore::new(Uuid::from_u128(1));
    let facts = crowd::write(&store, plan.complaints)?;
    let (at, folding) = views.fold(&store)?;
    drop(store);
    let operations = facts;
    let folding = folding.map(|(what, took)| {
        Figure::alone(what, Unit::PerSecond("facts"), Sample { operations, took })
    });
    let mut figures = Vec::from(folding);
    figures.extend(views.ask(plan, at)?);
    figures.extend(views.write_and_read(plan)?);
    Ok(Section {
        title: "Views in memory",
        about: format!(
            "{} complaints of a seeded crowd, {} facts, already decoded and folded in pages of {}. Asked of all of them, at \
             the moment of the last fact.",
            grouped(u128::try_from(plan.complaints)?),
            grouped(u128::try_from(facts)?),
            grouped(u128::try_from(PAGE)?),
        ),
        figures,
    })
}

struct Views {
    sla: SlaView,
    causes: CauseView,
}

impl Views {
    /// Folds everything; when the last fact was recorded, and how long each view took.
    fn fold(&mut self, store: &MemoryStore) -> Outcome<(Timestamp, [(&'static str, Duration); 2])> {
        let mut decoder = Decoder::new(codec::no_upcasts);
        let (mut next, mut last) = (Position::FIRST, Timestamp::MIN);
        let mut took = [Duration::ZERO; 2];
        loop {
            let entries = pollster::block_on(store.read_all(next, PAGE))?;
            let facts = entries.iter().map(|entry| decoder.decode(entry));
            let page: Vec<Fact> = facts.collect::<Result<_, _>>()?;
            let Some(fact) = page.last() else {
                break;
            };
            (next, last) = (fact.position().next(), fact.recorded_at());
            took[0] += time(|| Ok(self.sla.fold(&page)?))?.1;
            took[1] += time(|| Ok(self.causes.fold(&page)?))?.1;
        }
        let [sla, causes] = took;
        Ok((
            last,
            [("into the SLA view", sla), ("into the cause view", causes)],
        ))
    }

    fn ask(&self, plan: &Plan, at: Timestamp) -> Outcome<Vec<Figure>> {
        let department: DepartmentId = "logistics".parse()?;
        let (board, complaints) = (BoardFilter::default(), CauseQuery::default());
        let kpis = KpiQuery {
            complaints,
            now: at,
            served: None,
        };
        let all = plan.complaints;
        Ok(vec![
            each(plan, "the board", || {
                let clocks: u64 = (self.sla.board(at, &board).totals.iter())
                    .map(|total| total.counts.total())
                    .sum();
                check(clocks > 0, || "there is no clock".to_owned())
            })?,
            each(plan, "the queue of a department", || {
                let queue = self.sla.queue(at, &department);
                check(queue.len() < all, || format!("{} are due", queue.len()))
            })?,
            each(plan, "what will be overdue in three days", || {
                let overdue = self.sla.forecast(at, at + Span::days(3), &board);
                check(!overdue.is_empty(), || "nothing will be overdue".to_owned())
            })?,
            each(plan, "the Pareto of causes", || {
                let counted = self.causes.pareto(&complaints).counted;
                check(counted > 0, || "nothing is resolved".to_owned())
            })?,
            each(plan, "the figures of complaint handling", || {
                let received = self.causes.kpis(&kpis).received;
                check(received > 0, || "nothing was received".to_owned())
            })?,
        ])
    }

    fn write_and_read(&self, plan: &Plan) -> Outcome<[Figure; 4]> {
        let origin = Origin {
            ledger: Uuid::from_u128(1),
            last: None,
        };
        let (sla, causes) = (self.sla.snapshot(origin)?, self.causes.snapshot(origin)?);
        Ok([
            each(plan, "snapshot of the SLA view, written", || {
                drop(self.sla.snapshot(origin)?);
                Ok(())
            })?,
            each(plan, "the same, read", || {
                let mut view = SlaView::new(Policy::standard());
                view.restore(&sla, &mut |_| Ok(()))?;
                check(view.next_position() == self.sla.next_position(), || {
                    "another view was read".to_owned()
                })
            })?,
            each(plan, "snapshot of the cause view, written", || {
                drop(self.causes.snapshot(origin)?);
                Ok(())
            })?,
            each(plan, "the same, read", || {
                let mut view = CauseView::new(Policy::standard());
                view.restore(&causes, &mut |_| Ok(()))?;
                check(view.next_position() == self.causes.next_position(), || {
                    "another view was read".to_owned()
                })
            })?,
        ])
    }
}

/// The median of what one call takes.
pub(crate) fn each(
    plan: &Plan,
    what: &'static str,
    mut ask: impl FnMut() -> Outcome<()>,
) -> Outcome<Figure> {
    let mut samples = Vec::with_capacity(plan.rounds);
    for _ in 0..plan.rounds {
        let ((), took) = time(&mut ask)?;
        let operations = 1;
        samples.push(Sample { operations, took });
    }
    let sample = median(samples).ok_or("nothing was asked")?;
    Ok(Figure::alone(what, Unit::Each, sample))
}
