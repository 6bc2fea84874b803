//! How many bytes the views in memory keep of a complaint, open and closed.

use std::collections::BTreeMap;

use allocation_counter::measure;
use redress::causes::CauseView;
use redress::core::apply;
use redress::sla::SlaView;
use redress::store::{EventStore, Fact, MemoryStore, Projection, codec};
use redress::{Complaint, ComplaintId, Policy, Position, Recorded};
use uuid::Uuid;

use crate::{Outcome, crowd};

/// Of which a fiftieth stays open.
const COMPLAINTS: usize = 5_000;

/// Prints the bytes that stay allocated after folding, divided by the complaints.
pub(crate) fn print() -> Outcome<()> {
    let (open, closed) = facts()?;
    println!("| kept of a complaint | SLA view | cause view |");
    println!("| ------------------- | -------: | ---------: |");
    for (what, (count, facts)) in [("open", open), ("closed", closed)] {
        let sla = kept(SlaView::new(Policy::standard()), &facts)?;
        let causes = kept(CauseView::new(Policy::standard()), &facts)?;
        println!("| {what} | {} B | {} B |", sla / count, causes / count);
    }
    Ok(())
}

/// How many bytes more are allocated after folding than before.
fn kept(mut view: impl Projection, facts: &[Fact]) -> Outcome<i64> {
    let mut folded = Ok(());
    let info = measure(|| folded = view.fold(facts));
    folded?;
    Ok(info.bytes_current)
}

/// How many complaints, and their facts as a ledger of its own.
type Share = (i64, Vec<Fact>);

/// The facts of the complaints that end open, and of those that end closed.
fn facts() -> Outcome<(Share, Share)> {
    let store = MemoryStore::new(Uuid::from_u128(1));
    crowd::write(&store, COMPLAINTS)?;
    let mut decoder = codec::Decoder::new(codec::no_upcasts);
    let mut lives: BTreeMap<ComplaintId, (Complaint, Vec<Recorded>)> = BTreeMap::new();
    let entries = pollster::block_on(store.read_all(Position::FIRST, usize::MAX))?;
    for entry in &entries {
        if let Fact::Complaint(fact) = decoder.decode(entry)? {
            let (complaint, facts) = lives.entry(fact.complaint_id).or_default();
            apply(complaint, &fact)?;
            facts.push(fact);
        }
    }
    let (open, closed) = lives
        .into_values()
        .partition(|(complaint, _)| complaint.is_open());
    Ok((share(open)?, share(closed)?))
}

fn share(lives: Vec<(Complaint, Vec<Recorded>)>) -> Outcome<Share> {
    let count = i64::try_from(lives.len().max(1))?;
    let mut next = Position::FIRST;
    let facts = lives.into_iter().flat_map(|(_, facts)| facts);
    let facts = facts.map(|mut fact| {
        fact.position = next;
        next = next.next();
        Fact::from(fact)
    });
    Ok((count, facts.collect()))
}
