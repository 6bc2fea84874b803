//! Rules adopted in a ledger: recorded first, known to everybody, and never for the past.

use redress::core::{ClockKind, Rulebook, Status};
use redress::event::{AssignReason, Assignee};
use redress::sla::SlaView;
use redress::store::{EventStore, MemoryStore};
use redress::{Actor, Assign, ComplaintId, LedgerEvent, Policy, Rejection, Span, Timestamp};

use crate::wishes::{agent, classify, complaint, handler, letter, receive, resolve, wish};
use crate::world::{LEDGER, Shown, World, in_memory, ledger_on, on_both_stores, start};

on_both_stores!(
    founding_rules_are_recorded_before_anything_else,
    adopted_rules_decide_from_then_on,
    an_edited_calendar_changes_no_verdict_and_times_what_comes,
    who_may_not_adopt_is_refused_and_that_is_recorded,
    rules_of_the_future_wait,
);

fn manager() -> Actor {
    let desk = "service_desk".parse().unwrap();
    Actor::human("he.ping".parse().unwrap(), "manager".parse().unwrap(), desk)
}

fn rules(version: &str, more: &str) -> Policy {
    let text = format!("version = \"{version}\"\nextends = \"standard\"\n{more}\n");
    Policy::parse(&text, "rules.toml").unwrap()
}

fn adopted<S: EventStore>(world: &World<S>, policy: &Policy) -> bool {
    let adopted = world.ledger.adopt(policy, None, &manager());
    adopted.unwrap().unwrap().is_some()
}

fn versions<S: EventStore>(world: &World<S>) -> Vec<String> {
    let adoptions = world.ledger.adoptions().unwrap();
    let version = |event: &LedgerEvent| match event {
        LedgerEvent::PolicyAdopted(adopted) => adopted.version.to_string(),
        LedgerEvent::Refused(_) => "none".to_owned(),
    };
    adoptions.iter().map(|fact| version(&fact.event)).collect()
}

fn founding_rules_are_recorded_before_anything_else<S: EventStore>(world: &World<S>) {
    assert_eq!(world.entries(), []);
    assert!(world.ledger.rules().unwrap().adoptions().is_empty());
    assert_eq!(world.entries(), [], "looking records nothing");
    world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let adoptions = world.ledger.adoptions().unwrap();
    assert_eq!(adoptions.len(), 1);
    assert_eq!(adoptions[0].position.get(), 0);
    assert_eq!(adoptions[0].actor, Actor::ledger());
    let LedgerEvent::PolicyAdopted(founding) = &adoptions[0].event else {
        unreachable!("an adoption");
    };
    assert_eq!(founding.in_force_from, Timestamp::MIN);
    assert_eq!(founding.policy(), Ok(Policy::standard()));
}

fn adopted_rules_decide_from_then_on<S: EventStore>(world: &World<S>) {
    let id = complaint(1);
    let take_in = |number| {
        world
            .ledger
            .submit(complaint(number), wish(number, receive()))
            .unwrap()
    };
    take_in(1).unwrap();
    let stricter = rules(
        "2",
        "categories.card = { zh_cn = \"银行卡\", en = \"Cards\" }\n[[intake]]\nrequired = [\"account\"]",
    );
    let unknown = world
        .ledger
        .execute(id, classify("card"), &agent())
        .unwrap();
    assert_eq!(unknown.unwrap_err().code(), "unknown_category");
    world.clock.advance(Span::hours(1));
    assert!(adopted(world, &stricter));
    assert!(!adopted(world, &stricter), "it is in force already");
    assert_eq!(world.ledger.as_async().policy().version.as_str(), "2");
    world
        .ledger
        .execute(id, classify("card"), &agent())
        .unwrap()
        .unwrap();
    assert_eq!(take_in(2).unwrap_err().code(), "intake_incomplete");
    // And back again.
    world.clock.advance(Span::hours(1));
    assert!(adopted(world, &Policy::standard()));
    take_in(3).unwrap();
    assert_eq!(versions(world), ["standard-1", "2", "standard-1"]);
    let views = Shown::of(&world.ledger.views().unwrap());
    assert_eq!(views, Shown::anew(&world.ledger, None));
}

/// Working hours 9:00 to 17:00 from Monday to Friday, with 8 hours of working time to acknowledge and these days off.
fn office(version: &str, rest: &str) -> Policy {
    rules(
        version,
        &format!(
            "calendar = \"office\"\ntarget = [{{ clock = \"acknowledge\", working_time = \"8h\" }}]\n\
             [calendars.office]\nzone = \"UTC\"\nfirst = 2026-01-01\nlast = 2026-12-31\n\
             week = {{ workdays = [\"09:00-17:00\"] }}\nrest = [{rest}]"
        ),
    )
}

/// Golden scenario 11. Received on Mon 2 March at 9:00 with 8 hours: due at 17:00. On Tue at 10:00 nothing was said yet:
/// overdue. Then the calendar is edited, and Monday and Wednesday become days off.
///
/// By the edited calendar the clock would have begun on Tue at 9:00 and be on track. It stays overdue. Another complaint, of
/// Tue 12:00, is timed by the edited calendar: 5 hours on Tue and, as Wed is off, 3 on Thu, due Thu 5 March 12:00.
fn an_edited_calendar_changes_no_verdict_and_times_what_comes<S: EventStore>(world: &World<S>) {
    world.clock.advance(Span::hours(-1));
    assert!(
        adopted(world, &office("office 1", "")),
        "the standard rules found it, then these"
    );
    world.clock.advance(Span::hours(1));
    let status = |id: u128, now: Timestamp| {
        let case = world.ledger.complaint(complaint(id)).unwrap();
        let case = case.case().unwrap().clone();
        let clock = case
            .clocks
            .iter()
            .find(|clock| clock.kind == ClockKind::Acknowledge);
        let reading = world
            .ledger
            .rules()
            .unwrap()
            .read(clock.unwrap(), &case.pauses, now);
        (reading.status, reading.due.unwrap())
    };
    let at = |time: &str| time.parse::<Timestamp>().unwrap();
    world
        .ledger
        .submit(complaint(1), wish(1, receive()))
        .unwrap()
        .unwrap();
    world.clock.advance(Span::hours(25));
    let breach = (Status::Overdue, at("2026-03-02T17:00:00Z"));
    assert_eq!(status(1, at("2026-03-03T10:00:00Z")), breach);

    assert!(adopted(
        world,
        &office("office 2", "2026-03-02, 2026-03-04")
    ));
    assert_eq!(status(1, at("2026-03-03T10:00:00Z")), breach);
    assert_eq!(status(1, at("2026-07-01T10:00:00Z")), breach);
    world.clock.advance(Span::hours(2));
    world
        .ledger
        .submit(complaint(2), wish(2, receive()))
        .unwrap()
        .unwrap();
    let due = at("2026-03-05T12:00:00Z");
    assert_eq!(status(2, at("2026-03-04T23:00:00Z")).1, due);

    // The views say the same, folded anew too; under the edited rules from the start it would have been another story.
    let overdue = |view: &SlaView| {
        let filter = redress::sla::BoardFilter {
            clock: Some(ClockKind::Acknowledge),
            ..Default::default()
        };
        let board = view.board(at("2026-03-03T12:00:00Z"), &filter);
        board.rows.iter().map(|row| row.counts.overdue).sum::<u64>()
    };
    assert_eq!(overdue(&world.ledger.views().unwrap().sla), 1);
    let folded = |rules: Rulebook| {
        let mut view = SlaView::new(rules);
        world.ledger.replay_into(&mut view).unwrap();
        view
    };
    assert_eq!(overdue(&folded(Rulebook::new(Policy::standard()))), 1);
    assert_eq!(
        overdue(&folded(Rulebook::fixed(office(
            "office 2",
            "2026-03-02, 2026-03-04"
        )))),
        0
    );
}

fn who_may_not_adopt_is_refused_and_that_is_recorded<S: EventStore>(world: &World<S>) {
    let authority = "authority = [\
        { role = \"agent\", commands = [\"receive\", \"classify\", \"assign\", \"resolve\", \"give_feedback\"] },\
        { role = \"supervisor\", commands = [\"amend\"] },\
        { role = \"manager\", commands = [\"adopt_policy\"] }]";
    // Nobody had authority before, so anybody may give it.
    let strict = rules("strict", authority);
    world
        .ledger
        .adopt(&strict, None, &agent())
        .unwrap()
        .unwrap()
        .unwrap();
    world.clock.advance(Span::hours(1));
    let before = world.entries().len();
    let refused = world
        .ledger
        .adopt(&Policy::standard(), None, &agent())
        .unwrap();
    assert!(matches!(
        &refused,
        Err(Rejection::NotPermitted {
            command: "adopt_policy",
            ..
        })
    ));
    let refusals = world.refusals();
    assert_eq!((refusals.len(), world.entries().len()), (1, before + 1));
    assert_eq!(refusals[0].actor, agent());
    let LedgerEvent::Refused(refusal) = &refusals[0].event else {
        unreachable!("a refusal");
    };
    assert_eq!(
        (&*refusal.command, &*refusal.rejection),
        ("adopt_policy", "not_permitted")
    );
    assert!(adopted(world, &Policy::standard()));
}

fn rules_of_the_future_wait<S: EventStore>(world: &World<S>) {
    let from = start() + Span::hours(10);
    let later = rules("later", "max_cycles = 2");
    let adopt = |from| world.ledger.adopt(&later, Some(from), &manager()).unwrap();
    assert_eq!(
        adopt(start() + Span::micros(-1)).unwrap_err().code(),
        "rules_in_the_past"
    );
    assert!(adopt(from).unwrap().is_some());
    assert!(adopt(from).unwrap().is_none(), "it waits already");
    assert_eq!(world.ledger.as_async().policy().max_cycles, 3);
    let between = world
        .ledger
        .adopt(&rules("4", ""), None, &manager())
        .unwrap();
    assert_eq!(between.unwrap_err().code(), "rules_out_of_order");
    world.clock.advance(Span::hours(10));
    assert_eq!(world.ledger.as_async().policy().max_cycles, 2);
    assert!(adopt(from).unwrap().is_none(), "it is in force");
}

/// Two ledgers on one store: what one adopts the other knows when it decides next, and both were founded once.
#[test]
fn rules_adopted_by_another_ledger_are_known_before_the_next_decision() {
    let world = in_memory();
    let id = world
        .ledger
        .receive(letter("1"), &agent())
        .unwrap()
        .unwrap()
        .complaint_id;
    let store = shared(&world);
    let other = ledger_on(
        store,
        rules("never recorded", "max_cycles = 9"),
        &world.clock,
    );
    assert_eq!(
        other.rules().unwrap().in_force_at(start()).version.as_str(),
        "standard-1"
    );
    let more = rules(
        "2",
        "categories.card = { zh_cn = \"银行卡\", en = \"Cards\" }",
    );
    other
        .adopt(&more, None, &manager())
        .unwrap()
        .unwrap()
        .unwrap();
    copy(other.as_async().store(), &world);
    world.clock.advance(Span::hours(1));
    world
        .ledger
        .execute(id, classify("card"), &agent())
        .unwrap()
        .unwrap();
    assert_eq!(versions(&world), ["standard-1", "2"]);
}

/// A store with the same entries.
fn shared(world: &World<MemoryStore>) -> MemoryStore {
    let store = MemoryStore::new(LEDGER);
    append_all(&world.entries(), 0, &store);
    store
}

/// Brings over what the other store has in addition.
fn copy(from: &MemoryStore, to: &World<MemoryStore>) {
    let had = to.entries().len();
    append_all(
        &crate::world::entries(from),
        had,
        to.ledger.as_async().store(),
    );
}

fn append_all(entries: &[redress::store::Entry], had: usize, store: &MemoryStore) {
    for entry in &entries[had..] {
        let append = redress::store::Append {
            stream: entry.stream,
            expected: redress::store::ExpectedVersion::Any,
            recorded_at: entry.recorded_at,
            entries: vec![entry.content.clone()],
        };
        pollster::block_on(store.append(append)).unwrap();
    }
}

/// As of an instant the rules are those known then.
#[test]
fn a_replay_as_of_an_instant_has_the_rules_of_the_day() {
    let world = in_memory();
    world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    world.clock.advance(Span::hours(1));
    assert!(adopted(&world, &rules("2", "")));
    let known = |as_of| {
        let mut view = SlaView::new(Policy::standard());
        let replay = world.ledger.as_async().replay().as_of(as_of);
        pollster::block_on(replay.fold_into(&mut view)).unwrap();
        view.rules().adoptions().len()
    };
    assert_eq!(known(start() + Span::micros(-1)), 0);
    assert_eq!(known(start()), 1);
    assert_eq!(known(start() + Span::hours(1)), 2);
}

/// An extension is judged by the deadline the clock has, whatever the rules are by then.
#[test]
fn an_extension_is_measured_by_the_rules_of_its_clock() {
    let world = in_memory();
    let id: ComplaintId = complaint(1);
    let lead = Assignee::person("logistics".parse().unwrap(), handler().id);
    let submit =
        |number, what: redress::Command| world.ledger.submit(id, wish(number, what)).unwrap();
    submit(1, receive().into()).unwrap();
    submit(2, classify("delivery").into()).unwrap();
    submit(3, Assign::to(lead, AssignReason::Initial).into()).unwrap();
    // Handling of a complaint of normal priority has 5 days; under the new rules it would have 30.
    let generous = rules(
        "2",
        "target = [{ clock = \"handling\", elapsed = \"30d\" }]",
    );
    assert!(adopted(&world, &generous));
    let extension = |to: Timestamp| redress::event::Extended {
        clock: ClockKind::Handling,
        new_due: to,
        reason: "the part is on its way".to_owned(),
        approved_by: manager().id,
        customer_told: false,
    };
    let to = start() + Span::days(5);
    assert_eq!(submit(4, extension(to).into()), Err(Rejection::NotLater));
    submit(5, extension(to + Span::hours(1)).into()).unwrap();
    submit(6, resolve().into()).unwrap();
}

/// A clock that is set back does not make rules that hold for what was recorded already.
#[test]
fn nothing_is_adopted_for_what_is_recorded_already() {
    let world = in_memory();
    world.clock.advance(Span::hours(5));
    world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    world.clock.advance(Span::hours(-3));
    let adopted = world.ledger.adopt(&rules("2", ""), None, &manager());
    let from = adopted.unwrap().unwrap().unwrap().in_force_from;
    assert_eq!(from, start() + Span::hours(5) + Span::micros(1));
}
