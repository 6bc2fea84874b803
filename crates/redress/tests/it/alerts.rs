//! Early warnings of a ledger, and the actions they open.

use redress::action::{AlertLevel, Cancelled, Origin};
use redress::causes::{AlertView, Timeline};
use redress::event::{Classified, Customer, Received, ReceivedPersonal};
use redress::store::{EventStore, MemoryStore};
use redress::{Action, Actor, Channel, Policy, Span};

use crate::world::{LEDGER, World, on_both_stores, start};

fn agent() -> Actor {
    let (id, role) = ("li.na".parse().unwrap(), "agent".parse().unwrap());
    Actor::human(id, role, "service_desk".parse().unwrap())
}

fn overseer() -> Actor {
    Actor::system("overseer".parse().unwrap(), "system".parse().unwrap())
}

/// A complaint about safety, received and classified now.
fn danger<S: EventStore>(world: &World<S>) {
    let said = ReceivedPersonal {
        description: "充电时电池起火".into(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::anonymous(world.ledger.new_subject().unwrap());
    let desk = "service_desk".parse().unwrap();
    let received = Received::new(customer, Channel::Post, agent().id, desk, said);
    let receipt = world.ledger.receive(received, &agent()).unwrap().unwrap();
    let mut class = Classified::new("product_quality/safety_hazard".parse().unwrap());
    class.safety = true;
    let ledger = &world.ledger;
    ledger
        .execute(receipt.complaint_id, class, &agent())
        .unwrap()
        .unwrap();
}

on_both_stores!(
    a_warning_opens_one_action_however_often_it_is_asked,
    the_views_that_are_kept_tell_what_those_folded_anew_do,
);

fn a_warning_opens_one_action_however_often_it_is_asked<S: EventStore>(world: &World<S>) {
    let ledger = &world.ledger;
    assert!(ledger.open_alert_actions(&overseer()).unwrap().is_empty());
    danger(world);
    let first = ledger.open_alert_actions(&overseer()).unwrap();
    assert_eq!(first.len(), 1);
    let receipt = first[0].outcome.as_ref().unwrap();
    assert!(!receipt.repeated);
    let action = ledger.action(receipt.action_id).unwrap();
    let case = action.case().unwrap();
    let Origin::Alert(alert) = &case.opened.origin else {
        panic!("{:?}", case.opened.origin);
    };
    assert_eq!(
        (alert.rule.as_str(), alert.level),
        ("safety", AlertLevel::Red)
    );
    assert_eq!(alert.raised_at, start());
    let measure = "立即停止风险，通知管理层，当日核实 / Stop the danger, tell management, find out the same day";
    assert_eq!(case.opened.measure, measure);

    // Another complaint while it stands, and an action that was given up: the warning is the same.
    world.clock.advance(Span::hours(5));
    danger(world);
    let reason = Cancelled {
        reason: "a false alarm".to_owned(),
    };
    ledger
        .act(receipt.action_id, reason, &agent())
        .unwrap()
        .unwrap();
    let again = ledger.open_alert_actions(&overseer()).unwrap();
    assert_eq!(again.len(), 1);
    let repeated = again[0].outcome.as_ref().unwrap();
    assert!(repeated.repeated && repeated.action_id == receipt.action_id);
    assert!(matches!(
        ledger.action(receipt.action_id).unwrap(),
        Action::Cancelled { .. }
    ));

    // The second complaint leaves the window of a day 29 hours after the start.
    world.clock.advance(Span::hours(24));
    let open = |action: &redress::AlertAction| action.raised.alert.rule.as_str() == "safety";
    assert!(
        !ledger
            .open_alert_actions(&overseer())
            .unwrap()
            .iter()
            .any(open)
    );
    world.clock.advance(Span::hours(1));
    danger(world);
    let next = ledger.open_alert_actions(&overseer()).unwrap();
    let next = next.iter().find(|action| open(action)).unwrap();
    let next = next.outcome.as_ref().unwrap();
    assert!(!next.repeated && next.action_id != receipt.action_id);
}

fn the_views_that_are_kept_tell_what_those_folded_anew_do<S: EventStore>(world: &World<S>) {
    let ledger = &world.ledger;
    let check = |when: &str| {
        for timeline in [Timeline::Recorded, Timeline::Occurred] {
            let mut anew = AlertView::new(Policy::standard(), timeline);
            ledger.replay_into(&mut anew).unwrap();
            for hours in [-1, 0, 30, 60] {
                let at = start() + Span::hours(hours);
                let kept = ledger.alerts(at, timeline).unwrap();
                assert_eq!(kept, anew.alerts(at), "{when}, {timeline:?}, {hours}");
            }
        }
    };
    check("nothing recorded");
    for hours in [0, 5, 30] {
        world.clock.advance(Span::hours(hours));
        danger(world);
        check("more recorded");
    }
    let text = "version = \"2\"\nextends = \"standard\"\n[[warning]]\nname = \"many\"\nmetric = \"count\"\n\
        window = \"9d\"\nyellow = { at_least = 1 }\nprocedure = { zh_cn = \"核实\", en = \"Look\" }\n";
    let policy = Policy::parse(text, "second.toml").unwrap();
    ledger.adopt(&policy, None, &agent()).unwrap().unwrap();
    danger(world);
    check("other rules adopted");
    ledger.rebuild_views().unwrap();
    check("rebuilt");
    danger(world);
    check("gone on with");
}

#[test]
fn warnings_of_the_past_and_of_what_is_to_come_are_told() {
    let world = World::under(MemoryStore::new(LEDGER), Policy::standard());
    danger(&world);
    let level = |hours: i64| {
        let at = start() + Span::hours(hours);
        let alerts = world.ledger.alerts(at, Timeline::Recorded).unwrap();
        let mut standings = alerts.standings.into_iter();
        let safety = standings.find(|standing| standing.rule.as_str() == "safety");
        safety.unwrap().level
    };
    assert_eq!(level(-1), None);
    assert_eq!(level(0), Some(AlertLevel::Red));
    assert_eq!(level(23), Some(AlertLevel::Red));
    assert_eq!(level(24), None);
}

#[test]
fn whoever_may_not_open_actions_is_refused() {
    let text = "version = \"1\"\nextends = \"standard\"\n\
        [[authority]]\nrole = \"agent\"\ncommands = [\"receive\", \"classify\", \"assign\", \"resolve\", \
        \"give_feedback\", \"amend\", \"adopt_policy\"]\n[review]\nrole = \"agent\"\n";
    let policy = Policy::parse(text, "ours.toml").unwrap();
    let world = World::under(MemoryStore::new(LEDGER), policy);
    danger(&world);
    let refused = world.ledger.open_alert_actions(&overseer()).unwrap();
    assert_eq!(refused.len(), 1);
    assert!(refused[0].outcome.is_err());
    assert_eq!(world.refusals().len(), 1);
}
