//! How many bytes the views in memory keep of a complaint, open and closed.

use std::collections::BTreeMap;

use allocation_counter::measure;
use redress::causes::{AlertView, CauseView, Timeline};
use redress::core::apply;
use redress::sla::SlaView;
use redress::store::{Entry, EventStore, MemoryStore, Projection, StreamId, codec};
use redress::{Complaint, Policy, Position};
use uuid::Uuid;

use crate::{Outcome, crowd};

/// Of which a fiftieth stays open.
const COMPLAINTS: usize = 50_000;

/// Prints the bytes that stay allocated after folding, divided by the complaints.
pub(crate) fn print() -> Outcome<()> {
    let (open, closed) = facts()?;
    println!("| kept of a complaint | SLA view | cause view | view of warnings |");
    println!("| ------------------- | -------: | ---------: | ---------------: |");
    for (what, (count, entries)) in [("open", open), ("closed", closed)] {
        let sla = kept(SlaView::new(Policy::standard()), &entries)?;
        let causes = kept(CauseView::new(Policy::standard()), &entries)?;
        let alerts = AlertView::new(Policy::standard(), Timeline::Recorded);
        let alerts = kept(alerts, &entries)?;
        println!(
            "| {what} | {} B | {} B | {} B |",
            sla / count,
            causes / count,
            alerts / count
        );
    }
    Ok(())
}

/// How many bytes more are allocated after folding than before. What was decoded is counted where the view keeps it.
fn kept(mut view: impl Projection, entries: &[Entry]) -> Outcome<i64> {
    let mut folded = Ok(());
    let info = measure(|| {
        folded = entries.iter().try_for_each(|entry| {
            let fact = codec::decode(entry, codec::no_upcasts)?;
            Ok(view.fold(&[fact])?)
        });
    });
    folded.map(|()| info.bytes_current)
}

/// How many complaints, and their entries as a ledger of its own.
type Share = (i64, Vec<Entry>);

/// The entries of the complaints that end open, and of those that end closed.
fn facts() -> Outcome<(Share, Share)> {
    let store = MemoryStore::new(Uuid::from_u128(1));
    crowd::write(&store, COMPLAINTS)?;
    let mut lives: BTreeMap<StreamId, (Complaint, Vec<Entry>)> = BTreeMap::new();
    for entry in pollster::block_on(store.read_all(Position::FIRST, usize::MAX))? {
        let (complaint, entries) = lives.entry(entry.stream).or_default();
        let fact = codec::decode_complaint(&entry, codec::no_upcasts)?;
        apply(complaint, &fact)?;
        entries.push(entry);
    }
    let (open, closed) = lives
        .into_values()
        .partition(|(complaint, _)| complaint.is_open());
    Ok((share(open)?, share(closed)?))
}

fn share(lives: Vec<(Complaint, Vec<Entry>)>) -> Outcome<Share> {
    let count = i64::try_from(lives.len().max(1))?;
    let mut entries: Vec<Entry> = lives.into_iter().flat_map(|(_, entries)| entries).collect();
    let mut next = Position::FIRST;
    for entry in &mut entries {
        entry.position = next;
        next = next.next();
    }
    Ok((count, entries))
}
