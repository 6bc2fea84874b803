//! Who may hold, release and erase a customer's data, and on which basis.

use redress::blocking::Ledger;
use redress::core::policy::Authority;
use redress::sqlite::SqliteStore;
use redress::{
    Actor, LedgerError, LedgerEvent, NotErased, PartVerdict, Policy, Rejection, SubjectId,
};

use crate::desk::{Desk, live, subject};
use crate::wishes::agent;

const BASIS: &str = "GDPR Art. 17";

fn officer() -> Actor {
    Actor::human(
        "chen.jie".parse().unwrap(),
        "data_officer".parse().unwrap(),
        "legal".parse().unwrap(),
    )
}

/// What a role may do, everywhere or about one department.
fn authority(role: &str, commands: &[&str], department: Option<&str>) -> Authority {
    Authority {
        role: role.parse().unwrap(),
        commands: commands.iter().map(|&name| name.to_owned()).collect(),
        departments: department.map(|name| vec![name.parse().unwrap()]),
    }
}

/// Everybody here handles complaints; only the officer decides about data.
fn guarded(officer: Authority) -> Policy {
    let mut policy = Policy::standard();
    let handling = [
        "receive",
        "note",
        "classify",
        "assign",
        "resolve",
        "give_feedback",
    ];
    let handling = [
        handling.as_slice(),
        &["pause", "resume", "revisit", "amend", "close"],
    ]
    .concat();
    policy.version = "guarded".parse().unwrap();
    policy.authority = vec![
        authority("agent", &handling, None),
        authority("handler", &handling, None),
        authority("supervisor", &["amend", "adopt_policy"], None),
        officer,
    ];
    policy
}

/// The refusals on record, by command and code.
fn refused(ledger: &Ledger<SqliteStore>) -> Vec<(String, String)> {
    let told = ledger.refusals().unwrap().into_iter();
    told.filter_map(|fact| match fact.event {
        LedgerEvent::Refused(refused) => Some((refused.command.into(), refused.rejection.into())),
        LedgerEvent::PolicyAdopted(_)
        | LedgerEvent::Held(_)
        | LedgerEvent::Released(_)
        | LedgerEvent::ErasureRequested(_)
        | LedgerEvent::KeyDestroyed(_) => None,
    })
    .collect()
}

fn pair(command: &str, code: &str) -> (String, String) {
    (command.to_owned(), code.to_owned())
}

/// Everything that can be decided about the customer's data, by one actor and on one basis.
fn try_all(
    ledger: &Ledger<SqliteStore>,
    basis: &str,
    actor: &Actor,
) -> Result<[Option<Rejection>; 3], LedgerError> {
    let erased = ledger.erase_subject(subject(), basis, actor)?;
    Ok([
        ledger.hold(subject(), basis, actor)?.err(),
        ledger.release(subject(), basis, actor)?.err(),
        match erased {
            Ok(_) => None,
            Err(NotErased::Refused(rejection)) => Some(rejection),
            Err(other) => panic!("{other}"),
        },
    ])
}

#[test]
fn a_hold_keeps_a_customer_from_being_erased() {
    let desk = Desk::new();
    let ledger = desk.open();
    let id = live(&ledger, subject(), "whatever was said");
    let held = ledger.hold(subject(), "court order 17", &agent()).unwrap();
    assert_eq!(held, Ok(()));
    let refusal = ledger.erase_subject(subject(), BASIS, &agent()).unwrap();
    let basis = "court order 17".to_owned();
    assert_eq!(refusal, Err(Rejection::UnderHold { basis }.into()));
    assert_eq!(refused(&ledger), [pair("erase", "under_hold")]);
    assert_eq!(ledger.examine_parts(id).unwrap()[0].1, PartVerdict::Intact);
    let released = ledger.release(subject(), "case closed", &agent()).unwrap();
    assert_eq!(released, Ok(()));
    let erased = ledger.erase_subject(subject(), BASIS, &agent()).unwrap();
    assert!(erased.is_ok());
    let nobody = SubjectId::from_random([9; 16]);
    let unknown = ledger.erase_subject(nobody, BASIS, &agent()).unwrap();
    assert_eq!(unknown, Err(NotErased::Unknown));
}

#[test]
fn only_who_has_the_authority_holds_releases_and_erases() {
    let desk = Desk::new();
    let all = authority("data_officer", &["hold", "release", "erase"], None);
    let ledger = Ledger::open(desk.path(), guarded(all)).unwrap();
    let id = live(&ledger, subject(), "whatever was said");
    let no = |command| {
        let role = agent().role;
        Some(Rejection::NotPermitted { role, command })
    };
    let told = try_all(&ledger, BASIS, &agent()).unwrap();
    assert_eq!(told, [no("hold"), no("release"), no("erase")]);
    let recorded = ["erase", "hold", "release"].map(|command| pair(command, "not_permitted"));
    assert_eq!(refused(&ledger), recorded);
    assert_eq!(ledger.custody(subject()).unwrap().held, None);
    assert_eq!(ledger.examine_parts(id).unwrap()[0].1, PartVerdict::Intact);
    assert_eq!(
        try_all(&ledger, BASIS, &officer()).unwrap(),
        [None, None, None]
    );
}

#[test]
fn what_is_given_for_some_departments_alone_does_not_let_a_customer_be_held() {
    let desk = Desk::new();
    let some = authority("data_officer", &["hold", "release"], Some("legal"));
    let ledger = Ledger::open(desk.path(), guarded(some)).unwrap();
    let held = ledger.hold(subject(), BASIS, &officer()).unwrap();
    assert!(matches!(
        held,
        Err(Rejection::NotPermitted {
            command: "hold",
            ..
        })
    ));
}

#[test]
fn nothing_is_held_released_or_erased_without_a_basis() {
    let desk = Desk::new();
    let ledger = desk.open();
    let id = live(&ledger, subject(), "whatever was said");
    for basis in ["", " \t\u{3000}"] {
        let told = try_all(&ledger, basis, &agent()).unwrap();
        assert_eq!(told, [(); 3].map(|()| Some(Rejection::BasisMissing)));
    }
    assert_eq!(refused(&ledger)[0], pair("erase", "basis_missing"));
    assert_eq!(ledger.custody(subject()).unwrap(), Default::default());
    assert_eq!(ledger.examine_parts(id).unwrap()[0].1, PartVerdict::Intact);
}
