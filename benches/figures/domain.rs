//! How long the pure parts take: reading and writing a fact, folding it, deciding, reading a clock.

use std::collections::BTreeMap;
use std::hint::black_box;

use redress::core::{Context, Rulebook, apply, decide};
use redress::event::{NoteKind, NoteText, Noted};
use redress::store::Entry;
use redress::store::codec::{self, Draft};
use redress::{
    Actor, Command, Complaint, ComplaintId, Personal, Policy, Recorded, Timestamp, Version,
};

use crate::decide::Path;
use crate::report::{Figure, Section, Unit};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::{Outcome, check, cut};

/// How often everything is done in a round, so that a round is long enough to be timed.
const TIMES: usize = 20;

/// Up to here few complaints of the cut were closed, so that there is something to decide.
const HALF_WAY: Version = Version::new(3);

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let entries = cut::entries(1)?;
    let facts = entries
        .iter()
        .map(|entry| Ok(codec::decode_complaint(entry, codec::no_upcasts)?))
        .collect::<Outcome<Vec<Recorded>>>()?;
    let complaints = fold(&facts)?;
    let open = fold(facts.iter().filter(|fact| fact.version <= HALF_WAY))?;
    let policy = Policy::standard();
    let now: Timestamp = "2017-03-10T00:00:00Z".parse()?;
    let path = Path::smooth()?;
    let [
        decoded,
        parsed,
        encoded,
        folded,
        decided,
        on_path,
        cloned,
        read,
    ] = compare(
        plan.rounds,
        [
            &mut |_| decode_each(&entries),
            &mut |_| parse_each(&entries),
            &mut |_| encode_each(&facts, &entries),
            &mut |_| fold_each(&facts, complaints.len()),
            &mut |_| decide_each(&open, &policy, now),
            &mut |_| decide_path(&path),
            &mut |_| clone_path(&path),
            &mut |_| read_each(&complaints, &policy, now),
        ],
    )?;
    let figure = |what: &'static str, ours| Figure::alone(what, Unit::Each, ours);
    Ok(Section {
        title: "Domain",
        about: "On the facts of the cut, in memory, on one thread; the mean of all of them."
            .to_owned(),
        figures: vec![
            figure("decode a fact", decoded).beside("its JSON as serde_json::Value", parsed),
            figure("encode a fact", encoded),
            figure("fold a fact", folded),
            figure("decide on a note", decided),
            figure("decide with the default policy, a smooth path", on_path)
                .beside("cloning its commands", cloned),
            figure("read a clock", read).target("< 200 ns"),
        ],
    })
}

fn fold<'a>(
    facts: impl IntoIterator<Item = &'a Recorded>,
) -> Outcome<BTreeMap<ComplaintId, Complaint>> {
    let mut complaints: BTreeMap<ComplaintId, Complaint> = BTreeMap::new();
    for fact in facts {
        let complaint = complaints.entry(fact.complaint_id).or_default();
        apply(complaint, fact)?;
    }
    Ok(complaints)
}

/// Does it as often as needed; `work` gives how many operations it did.
fn repeat(mut work: impl FnMut() -> Outcome<usize>) -> Outcome<Sample> {
    let (operations, took) = time(|| {
        let mut operations = 0;
        for _ in 0..TIMES {
            operations += work()?;
        }
        Ok(operations)
    })?;
    check(operations > 0, || "nothing was done".to_owned())?;
    Ok(Sample { operations, took })
}

fn decode_each(entries: &[Entry]) -> Outcome<Sample> {
    repeat(|| {
        let mut decoder = codec::Decoder::new(codec::no_upcasts);
        for entry in entries {
            black_box(decoder.decode(entry)?);
        }
        Ok(entries.len())
    })
}

fn parse_each(entries: &[Entry]) -> Outcome<Sample> {
    repeat(|| {
        for entry in entries {
            black_box(serde_json::from_slice::<serde_json::Value>(
                &entry.content.public,
            )?);
        }
        Ok(entries.len())
    })
}

fn encode_each(facts: &[Recorded], entries: &[Entry]) -> Outcome<Sample> {
    let drafts: Vec<Draft> = facts.iter().map(draft).collect();
    for (draft, entry) in drafts.iter().zip(entries) {
        check(codec::encode(draft)? == entry.content, || {
            format!(
                "the fact at {} is written otherwise than it was",
                entry.position
            )
        })?;
    }
    repeat(|| {
        for draft in &drafts {
            black_box(codec::encode(draft)?);
        }
        Ok(drafts.len())
    })
}

fn draft(fact: &Recorded) -> Draft {
    Draft {
        event_id: fact.event_id,
        occurred_at: fact.occurred_at,
        actor: fact.actor.clone(),
        command_id: fact.command_id,
        correlation_id: fact.correlation_id,
        causation_id: fact.causation_id,
        event: fact.event.clone(),
    }
}

fn fold_each(facts: &[Recorded], complaints: usize) -> Outcome<Sample> {
    repeat(|| {
        let folded = black_box(fold(facts)?);
        check(folded.len() == complaints, || {
            "complaints are missing".to_owned()
        })?;
        Ok(facts.len())
    })
}

fn decide_each(
    complaints: &BTreeMap<ComplaintId, Complaint>,
    policy: &Policy,
    now: Timestamp,
) -> Outcome<Sample> {
    let actor = Actor::human(
        "agent-7".parse()?,
        "agent".parse()?,
        "service_desk".parse()?,
    );
    let note = Noted {
        kind: NoteKind::Internal,
        evidence: Vec::new(),
        personal: Personal::Known(NoteText {
            text: "called back".into(),
        }),
    };
    let command = Command::from(note);
    let rules = Rulebook::fixed(policy.clone());
    let context = Context {
        now,
        occurred_at: now,
        actor: &actor,
        policy,
        rules: &rules,
        target: None,
    };
    repeat(|| {
        let told = complaints
            .values()
            .map(|complaint| decide(complaint, &command, &context));
        let allowed = told.filter(|told| black_box(told).is_ok()).count();
        check(2 * allowed > complaints.len(), || {
            "most notes were refused".to_owned()
        })?;
        Ok(complaints.len())
    })
}

/// Often enough that a path of seven commands is long enough to be timed.
const PATHS: usize = 200;

fn decide_path(path: &Path) -> Outcome<Sample> {
    repeat(|| {
        for _ in 0..PATHS {
            for step in &path.steps {
                black_box(path.decide(step)?);
            }
        }
        Ok(PATHS * path.steps.len())
    })
}

fn clone_path(path: &Path) -> Outcome<Sample> {
    repeat(|| {
        for _ in 0..PATHS {
            for step in &path.steps {
                black_box(step.command.clone());
            }
        }
        Ok(PATHS * path.steps.len())
    })
}

fn read_each(
    complaints: &BTreeMap<ComplaintId, Complaint>,
    policy: &Policy,
    now: Timestamp,
) -> Outcome<Sample> {
    repeat(|| {
        let mut count = 0;
        for case in complaints.values().filter_map(Complaint::case) {
            for clock in &case.clocks {
                black_box(clock.read(&case.pauses, policy, now));
                count += 1;
            }
        }
        Ok(count)
    })
}
