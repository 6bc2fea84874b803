//! How fast commands are carried out: load, fold, decide, append, acknowledged when durable.

use std::cell::RefCell;

use redress::blocking::Ledger;
use redress::event::{
    AssignReason, Assignee, Cause, Classified, Customer, Feedback, FeedbackKind, NoteKind,
    NoteText, Noted, Received, ReceivedPersonal, Resolved, Satisfaction, Upheld,
};
use redress::sqlite::SqliteStore;
use redress::store::Entry;
use redress::{Actor, Assign, Channel, Command, Outcome as Told, Personal, Revisit};
use tempfile::TempDir;

use crate::commit_group::{CommitGroup, Handle};
use crate::plain::Plain;
use crate::report::{Figure, Section, Unit};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::store::each_on_a_thread;
use crate::{Outcome, check, cut, streams};

const WRITERS: usize = 16;

/// How many commands a complaint is carried through.
const COMMANDS: usize = 8;

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let lives = 64_usize.div_ceil(plan.divisor);
    // What a round recorded is what the yardstick records.
    let recorded: RefCell<Vec<Vec<Entry>>> = RefCell::default();
    let [ours, plain] = compare(
        plan.rounds,
        [
            &mut |_| {
                let (sample, entries) = execute(lives)?;
                recorded.replace(cut::by_stream(entries));
                Ok(sample)
            },
            &mut |_| repeat(&recorded.borrow()),
        ],
    )?;
    let figure = Figure::alone("command, 16 writers", Unit::PerSecond("commands"), ours);
    Ok(Section {
        title: "Command",
        about: format!(
            "Sixteen threads carry {lives} complaints each through eight commands: receive, classify, assign, two \
             notes, resolve, result, revisit. The yardstick loads the same streams and appends the same facts, and \
             neither folds nor decides."
        ),
        figures: vec![figure.beside("load, then group commit by hand", plain)],
    })
}

fn execute(lives: usize) -> Outcome<(Sample, Vec<Entry>)> {
    let folder = TempDir::new()?;
    let ledger = cut::create(&folder.path().join("complaints.redress"))?;
    let agent = Actor::human(
        "agent-7".parse()?,
        "agent".parse()?,
        "service_desk".parse()?,
    );
    let handler = Actor::human(
        "handler-3".parse()?,
        "handler".parse()?,
        "logistics".parse()?,
    );
    let ((), took) = time(|| {
        each_on_a_thread((0..WRITERS).collect(), |_| {
            (0..lives).try_for_each(|_| live(&ledger, &agent, &handler))
        })
    })?;
    let operations = WRITERS * lives * COMMANDS;
    let entries = cut::all(ledger.as_async().store())?;
    // The revisit of a satisfied customer closes the complaint, which is a fact of its own.
    check(
        entries.len() == WRITERS * lives * (COMMANDS + 1) + cut::FOUNDING,
        || format!("{} facts of {operations} commands", entries.len()),
    )?;
    Ok((Sample { operations, took }, entries))
}

/// One complaint from receipt to revisit.
fn live(ledger: &Ledger<SqliteStore>, agent: &Actor, handler: &Actor) -> Outcome<()> {
    let words = ReceivedPersonal {
        description: "包裹三天没有送到，要求退款".into(),
        ..ReceivedPersonal::default()
    };
    let received = Received::new(
        Customer::anonymous(ledger.new_subject()?),
        Channel::MobileApp,
        agent.id.clone(),
        "service_desk".parse()?,
        words,
    );
    let id = carried_out(ledger.receive(received, agent)?)?;
    for command in handling(handler)? {
        carried_out(ledger.execute(id, command, handler)?)?;
    }
    // Who resolved it must not be who asks whether that was enough.
    let satisfaction = Satisfaction::Satisfied;
    let revisit = Revisit::reached(Channel::PhoneHotline, agent.id.clone(), satisfaction);
    carried_out(ledger.execute(id, revisit, agent)?)?;
    Ok(())
}

/// What lies between receipt and revisit.
fn handling(handler: &Actor) -> Outcome<Vec<Command>> {
    let lead = Assignee::person("logistics".parse()?, handler.id.clone());
    let note = |kind, text: &str| Noted {
        kind,
        evidence: Vec::new(),
        personal: Personal::Known(NoteText { text: text.into() }),
    };
    let solution = Resolved {
        remedies: Some(Vec::new()),
        primary_cause: Some(Cause::new("service/delivery_failure".parse()?)),
        upheld: Some(Upheld::Upheld),
        ..Resolved::default()
    };
    let result = Feedback::new(
        FeedbackKind::Result,
        Channel::Sms,
        "已退款，抱歉耽误了您的时间",
    );
    Ok(vec![
        Classified::new("delivery/delay".parse()?).into(),
        Assign::to(lead, AssignReason::Initial).into(),
        note(NoteKind::Investigation, "仓库已确认漏发").into(),
        note(NoteKind::Internal, "与仓库约定今天补发").into(),
        solution.into(),
        result.into(),
    ])
}

fn carried_out(told: Told) -> Outcome<redress::ComplaintId> {
    let receipt = told?;
    check(receipt.recorded.is_some() && !receipt.repeated, || {
        "a command recorded nothing".to_owned()
    })?;
    Ok(receipt.complaint_id)
}

/// Appends recorded facts again, each after its stream was loaded.
fn repeat(recorded: &[Vec<Entry>]) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let path = folder.path().join("plain.db");
    let group = CommitGroup::start(Plain::create(&path)?);
    let share = recorded.len().div_ceil(WRITERS).max(1);
    let writers = recorded
        .chunks(share)
        .map(|streams| Ok((group.handle(), Plain::open(&path)?, streams)))
        .collect::<Outcome<Vec<_>>>()?;
    let ((), took) = time(|| {
        each_on_a_thread(writers, |(handle, reader, streams)| {
            streams
                .iter()
                .try_for_each(|stream| repeat_stream(&handle, &reader, stream))
        })
    })?;
    let facts: usize = recorded.iter().map(Vec::len).sum();
    let stored = group.finish()?;
    check(stored == facts, || {
        format!("{stored} facts instead of {facts}")
    })?;
    let operations = recorded.iter().map(|stream| commands(stream).count()).sum();
    Ok(Sample { operations, took })
}

/// The facts of each command of a stream.
fn commands(stream: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    stream.chunk_by(|one, next| one.content.command_id == next.content.command_id)
}

/// Appends the facts of each command of a stream, after loading what stands before them.
fn repeat_stream(handle: &Handle, reader: &Plain, stream: &[Entry]) -> Outcome<()> {
    let mut before = 0;
    for facts in commands(stream) {
        let loaded = reader.load(facts[0].stream)?.len();
        check(loaded == before, || {
            format!("{loaded} facts instead of {before}")
        })?;
        handle.send(streams::continuing(facts))?;
        handle.wait()?;
        before += facts.len();
    }
    Ok(())
}
