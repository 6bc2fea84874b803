//! Early warnings: each figure by hand, courses by hand, and what holds for every history.

mod courses;
mod figures;
mod laws;
mod snapshots;

use redress_causes::{AlertView, Alerts, Raised, Standing, Timeline};
use redress_core::action::AlertLevel;
use redress_core::{
    Actor, CommandId, EventId, LedgerEvent, LedgerRecorded, Policy, PolicyAdopted, Position,
    Recorded, Timestamp,
};
use redress_store::{Fact, Projection};

use crate::ledger::{as_facts, h, id};

/// The standard rules without their warnings, and with these.
pub(crate) fn policy(warnings: &str) -> Policy {
    let text = format!("version = \"tested\"\nextends = \"standard\"\n{warnings}");
    let mut policy = Policy::parse(&text, "tested.toml").unwrap();
    let standard = Policy::standard().warnings;
    policy
        .warnings
        .retain(|name, rule| standard.get(name) != Some(rule));
    policy
}

/// A rule called `it`, without what every rule must say besides.
pub(crate) fn rule(keys: &str) -> Policy {
    policy(&format!(
        "[[warning]]\nname = \"it\"\nprocedure = {{ zh_cn = \"核实\", en = \"Look into it\" }}\n{keys}"
    ))
}

pub(crate) fn folded(policy: &Policy, facts: &[Recorded]) -> AlertView {
    let mut view = AlertView::new(policy.clone(), Timeline::Recorded);
    view.fold(&as_facts(facts)).unwrap();
    view
}

/// The only figure that is watched.
pub(crate) fn only(alerts: &Alerts) -> &Standing {
    assert_eq!(alerts.standings.len(), 1, "{:?}", alerts.standings);
    &alerts.standings[0]
}

/// In which hour something was, if it was in a whole one.
pub(crate) fn hour(at: Timestamp) -> i64 {
    let since = at.since(h(0)).as_micros();
    assert_eq!(since % 3_600_000_000, 0, "{at}");
    since / 3_600_000_000
}

/// The levels of a warning by the hours from which on they held, and the hour it ended in.
pub(crate) fn course(raised: &Raised) -> (Vec<(i64, AlertLevel)>, Option<i64>) {
    let first = (hour(raised.alert.raised_at), raised.alert.level);
    let changes = raised.changes.iter();
    let changes = changes.map(|change| (hour(change.at), change.level));
    let levels = std::iter::once(first).chain(changes).collect();
    (levels, raised.ended_at.map(hour))
}

/// The facts, and adoptions before those at their places: each recorded and in force from an instant, or founding.
pub(crate) fn among_adoptions(
    facts: &[Recorded],
    adoptions: &[(usize, Option<Timestamp>, &Policy)],
) -> Vec<Fact> {
    let mut history = Vec::new();
    for place in 0..=facts.len() {
        for (_, at, policy) in adoptions.iter().filter(|(before, ..)| *before == place) {
            history.push(adoption(policy, *at, history.len()));
        }
        if let Some(fact) = facts.get(place) {
            let position = Position::new(history.len() as u64);
            history.push(Fact::from(Recorded {
                position,
                ..fact.clone()
            }));
        }
    }
    history
}

fn adoption(policy: &Policy, at: Option<Timestamp>, place: usize) -> Fact {
    let event = PolicyAdopted::new(policy, at.unwrap_or(Timestamp::MIN)).unwrap();
    let command_id = CommandId::derived(id(0), &format!("adopt {place}"));
    let at = at.unwrap_or(h(0));
    Fact::from(LedgerRecorded {
        event_id: EventId::derived(command_id, 0),
        position: Position::new(place as u64),
        occurred_at: at,
        recorded_at: at,
        actor: Actor::system("redress".parse().unwrap(), "system".parse().unwrap()),
        command_id,
        correlation_id: None,
        causation_id: None,
        schema: 1,
        event: LedgerEvent::PolicyAdopted(event),
    })
}
