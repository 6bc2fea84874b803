//! Which rules hold when, and what is refused as a rule.

use redress_core::policy::TargetRule;
use redress_core::{
    AdoptionFault, Clock, ClockKind, Cycle, Policy, PolicyAdopted, Rejection, Role, Rulebook, Span,
    Status, Target, Terms, Timestamp,
};

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn role(name: &str) -> Role {
    name.parse().unwrap()
}

/// Rules under this version, with so many hours to acknowledge.
fn rules(version: &str, hours: i64) -> Policy {
    let target = Target::Elapsed(Span::hours(hours));
    Policy {
        version: version.parse().unwrap(),
        targets: vec![TargetRule::all(ClockKind::Acknowledge, target)],
        ..Policy::standard()
    }
}

fn founded(policy: &Policy) -> Rulebook {
    let mut book = Rulebook::new(Policy::standard());
    book.adopt(&PolicyAdopted::founding(policy).unwrap())
        .unwrap();
    book
}

fn adoption(policy: &Policy, from: &str) -> PolicyAdopted {
    PolicyAdopted::new(policy, at(from)).unwrap()
}

/// A new year with new rules: 24 hours to acknowledge up to the end of 2026, 4 hours from 1 January 2027 on.
fn new_year() -> Rulebook {
    let mut book = founded(&rules("1", 24));
    book.adopt(&adoption(&rules("2", 4), "2027-01-01T00:00:00Z"))
        .unwrap();
    book
}

fn acknowledge(started: &str) -> Clock {
    Clock::start(
        ClockKind::Acknowledge,
        Cycle::FIRST,
        at(started),
        Terms::UNCLASSIFIED,
    )
}

/// A microsecond before midnight the old rules hold, and with them for as long as the clock runs.
#[test]
fn a_clock_stays_under_the_rules_it_started_under() {
    let book = new_year();
    let due = |started: &str| {
        book.read(&acknowledge(started), &[], at("2027-01-01T03:00:00Z"))
            .due
    };
    assert_eq!(
        due("2026-12-31T23:59:59.999999Z"),
        Some(at("2027-01-01T23:59:59.999999Z"))
    );
    assert_eq!(
        due("2027-01-01T00:00:00Z"),
        Some(at("2027-01-01T04:00:00Z"))
    );
    let late = acknowledge("2026-12-31T12:00:00Z");
    assert_eq!(
        book.read(&late, &[], at("2027-01-01T12:00:00Z")).status,
        Status::AtRisk
    );
    assert_eq!(
        book.read(&late, &[], at("2027-01-01T12:00:00.000001Z"))
            .status,
        Status::Overdue
    );
}

#[test]
fn founding_rules_hold_from_the_beginning_of_time() {
    let book = new_year();
    assert_eq!(book.in_force_at(Timestamp::MIN).version.as_str(), "1");
    assert_eq!(
        book.in_force_at(at("2026-12-31T23:59:59.999999Z"))
            .version
            .as_str(),
        "1"
    );
    assert_eq!(
        book.in_force_at(at("2027-01-01T00:00:00Z"))
            .version
            .as_str(),
        "2"
    );
    assert_eq!(book.in_force_at(Timestamp::MAX).version.as_str(), "2");
}

#[test]
fn until_rules_are_known_the_given_ones_hold_and_fixed_ones_always_do() {
    let mut book = Rulebook::new(rules("given", 1));
    assert_eq!(book.in_force_at(Timestamp::MIN).version.as_str(), "given");
    let founding = PolicyAdopted::founding(&rules("1", 24)).unwrap();
    book.adopt(&founding).unwrap();
    assert_eq!(book.in_force_at(Timestamp::MIN).version.as_str(), "1");
    book.forget();
    assert_eq!(book, Rulebook::new(rules("given", 1)));

    let mut fixed = Rulebook::fixed(rules("what if", 1));
    fixed.adopt(&founding).unwrap();
    assert_eq!(fixed, Rulebook::fixed(rules("what if", 1)));
}

/// Each of them is told, and changes nothing.
#[test]
fn a_recorded_adoption_that_cannot_be_followed_is_never_guessed_at() {
    let sound = adoption(&rules("3", 2), "2027-02-01T00:00:00Z");
    let changed = |change: fn(&mut PolicyAdopted)| {
        let mut adopted = sound.clone();
        change(&mut adopted);
        let mut book = new_year();
        let fault = book.adopt(&adopted).unwrap_err();
        assert_eq!(book, new_year());
        fault
    };
    let other_text = changed(|it| it.text = it.text.replace("max_cycles = 3", "max_cycles = 2"));
    assert!(
        matches!(other_text, AdoptionFault::DigestDiffers { .. }),
        "{other_text}"
    );
    let other_digest = changed(|it| it.digest.make_ascii_uppercase());
    assert!(
        matches!(other_digest, AdoptionFault::DigestDiffers { .. }),
        "{other_digest}"
    );
    let other_name = changed(|it| it.version = "4".parse().unwrap());
    assert!(
        matches!(other_name, AdoptionFault::VersionDiffers { .. }),
        "{other_name}"
    );
    let back = changed(|it| it.in_force_from = at("2026-12-31T23:59:59.999999Z"));
    assert!(matches!(back, AdoptionFault::OutOfOrder { .. }), "{back}");
    let reused = changed(|it| *it = PolicyAdopted::new(&rules("2", 9), it.in_force_from).unwrap());
    assert!(
        matches!(reused, AdoptionFault::VersionReused { .. }),
        "{reused}"
    );
    // SHA-256 of no text at all, as everybody knows it.
    let nothing = changed(|it| {
        it.text.clear();
        it.digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into();
    });
    assert!(
        matches!(nothing, AdoptionFault::Unreadable { .. }),
        "{nothing}"
    );

    let mut book = Rulebook::new(Policy::standard());
    let not_founding = book.adopt(&sound).unwrap_err();
    assert!(
        matches!(not_founding, AdoptionFault::NotFounding { .. }),
        "{not_founding}"
    );
}

#[test]
fn rules_that_no_file_can_say_are_not_adopted() {
    let historical = PolicyAdopted::founding(&Policy::standard().for_history()).unwrap_err();
    assert!(
        matches!(historical, AdoptionFault::SaysLess { .. }),
        "{historical}"
    );
    let too_fine = Policy {
        back_dating: Span::micros(1),
        ..Policy::standard()
    };
    let too_fine = PolicyAdopted::founding(&too_fine).unwrap_err();
    assert!(
        matches!(too_fine, AdoptionFault::SaysLess { .. }),
        "{too_fine}"
    );
    let impossible = Policy {
        at_risk_percent: 0,
        ..Policy::standard()
    };
    let impossible = PolicyAdopted::founding(&impossible).unwrap_err();
    assert!(
        impossible.to_string().contains("at_risk_percent"),
        "{impossible}"
    );
}

#[track_caller]
fn check(book: &Rulebook, wanted: &PolicyAdopted, by: &str, code: Result<bool, &str>) {
    let decided = book.decide(wanted.clone(), &role(by), at("2026-06-01T00:00:00Z"));
    let told = decided
        .as_ref()
        .map(Option::is_some)
        .map_err(Rejection::code);
    assert_eq!(told, code);
}

#[test]
fn adopting_is_decided() {
    let book = new_year();
    let (now, june) = ("2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z");
    check(&book, &adoption(&rules("3", 2), june), "agent", Ok(true));
    check(
        &book,
        &adoption(&rules("3", 2), "2027-01-01T00:00:00Z"),
        "agent",
        Ok(true),
    );
    // In force already, now or then.
    check(&book, &adoption(&rules("1", 24), now), "agent", Ok(false));
    check(
        &book,
        &adoption(&rules("2", 4), "2027-01-01T00:00:00Z"),
        "agent",
        Ok(false),
    );
    check(
        &book,
        &adoption(&rules("1", 24), "2026-05-31T00:00:00Z"),
        "agent",
        Ok(false),
    );
    // A return to the old rules.
    check(&book, &adoption(&rules("1", 24), june), "agent", Ok(true));
    check(
        &book,
        &adoption(&rules("3", 2), "2026-05-31T23:59:59.999999Z"),
        "agent",
        Err("rules_in_the_past"),
    );
    check(
        &book,
        &adoption(&rules("3", 2), "2026-12-31T23:59:59.999999Z"),
        "agent",
        Err("rules_out_of_order"),
    );
    check(
        &book,
        &adoption(&rules("1", 9), june),
        "agent",
        Err("policy_version_reused"),
    );
}

#[test]
fn authority_decides_who_may_adopt() {
    let mut policy = rules("1", 24);
    policy.authority = Policy::parse(
        "version = \"1\"\nextends = \"standard\"\nauthority = [\
         { role = \"agent\", commands = [\"receive\", \"classify\", \"assign\", \"resolve\", \"give_feedback\"] },\
         { role = \"handler\", commands = [\"adopt_policy\"], departments = [\"logistics\"] },\
         { role = \"supervisor\", commands = [\"amend\"] },\
         { role = \"manager\", commands = [\"adopt_policy\"] }]\n",
        "ours.toml",
    )
    .unwrap()
    .authority;
    let book = founded(&policy);
    let wanted = adoption(&rules("2", 4), "2027-06-01T00:00:00Z");
    check(&book, &wanted, "manager", Ok(true));
    for by in ["agent", "handler", "stranger"] {
        check(&book, &wanted, by, Err("not_permitted"));
    }
    // Time comes before authority, and authority before what was adopted.
    check(
        &book,
        &adoption(&rules("2", 4), "2026-01-01T00:00:00Z"),
        "agent",
        Err("rules_in_the_past"),
    );
    check(
        &book,
        &adoption(&rules("1", 9), "2027-01-01T00:00:00Z"),
        "agent",
        Err("not_permitted"),
    );
    check(
        &book,
        &adoption(&policy, "2027-01-01T00:00:00Z"),
        "agent",
        Err("not_permitted"),
    );
}

/// An office open from 9:00 to 17:00 in UTC, Monday to Friday, published for these dates.
fn office(version: &str, first: &str, last: &str, rest: &str) -> Policy {
    let text = format!(
        "version = \"{version}\"\nextends = \"standard\"\ncalendar = \"office\"\n\
         target = [{{ clock = \"acknowledge\", working_time = \"16h\" }}]\n\
         [calendars.office]\nzone = \"UTC\"\nfirst = {first}\nlast = {last}\n\
         week = {{ workdays = [\"09:00-17:00\"] }}\nrest = [{rest}]\n"
    );
    Policy::parse(&text, "office.toml").unwrap()
}

/// Started on Wednesday 30 December 2026 at 13:00 with 16 hours of working time: 4 hours that day, 8 on Thursday, and the
/// last 4 after the calendar of 2026 has ended. In 2027 Friday 1 January is off, so they end on Monday the 4th at 13:00.
#[test]
fn a_calendar_that_ends_is_continued_by_later_rules_that_agree() {
    let clock = acknowledge("2026-12-30T13:00:00Z");
    let read = |later: Option<&Policy>| {
        let mut book = founded(&office("2026", "2026-01-01", "2026-12-31", "2026-12-25"));
        if let Some(later) = later {
            book.adopt(&adoption(later, "2027-01-01T00:00:00Z"))
                .unwrap();
        }
        let reading = book.read(&clock, &[], at("2027-01-04T13:00:00.000001Z"));
        (reading.status, reading.due)
    };
    let unknown = (Status::NotEvaluable, None);
    let known = (Status::Overdue, Some(at("2027-01-04T13:00:00Z")));
    assert_eq!(read(None), unknown);
    let longer = office("2027", "2026-01-01", "2027-12-31", "2026-12-25, 2027-01-01");
    assert_eq!(read(Some(&longer)), known);
    let next_year_alone = office("2027", "2027-01-01", "2027-12-31", "2027-01-01");
    assert_eq!(read(Some(&next_year_alone)), known);
    // It says that Christmas was worked, so nobody knows which of the two is right.
    let disagrees = office("2027", "2026-01-01", "2027-12-31", "2027-01-01");
    assert_eq!(read(Some(&disagrees)), unknown);
    let leaves_a_gap = office("2027", "2027-01-02", "2027-12-31", "");
    assert_eq!(read(Some(&leaves_a_gap)), unknown);
    let no_longer = office("2027", "2026-06-01", "2026-12-31", "2026-12-25");
    assert_eq!(read(Some(&no_longer)), unknown);
}

/// Continued twice, and the rules themselves stay as they were adopted.
#[test]
fn a_calendar_is_continued_year_by_year() {
    let founding = office("2026", "2026-01-01", "2026-12-31", "");
    let mut book = founded(&founding);
    for year in ["2027", "2028"] {
        let rules = office(year, &format!("{year}-01-01"), &format!("{year}-12-31"), "");
        book.adopt(&adoption(&rules, &format!("{year}-01-01T00:00:00Z")))
            .unwrap();
    }
    let policy = book.of_clock(&acknowledge("2026-12-30T13:00:00Z"));
    assert_eq!(
        policy.calendar_of(None).horizon(),
        at("2029-01-01T00:00:00Z")
    );
    assert_eq!(**book.in_force_at(at("2026-12-30T13:00:00Z")), founding);
}

/// Work up to midnight may go on past it, and a calendar that begins only then does not say so.
#[test]
fn a_night_shift_over_the_last_midnight_is_not_cut_off() {
    let night = |version: &str, first: &str, last: &str| {
        let text = office(version, first, last, "")
            .to_toml()
            .replace("09:00-17:00", "22:00-06:00");
        Policy::parse(&text, "night.toml").unwrap()
    };
    let horizon = |later: &Policy| {
        let mut book = founded(&night("2026", "2026-01-01", "2026-12-31"));
        book.adopt(&adoption(later, "2027-01-01T00:00:00Z"))
            .unwrap();
        let policy = book.of_clock(&acknowledge("2026-12-30T13:00:00Z")).clone();
        policy.calendar_of(None).horizon()
    };
    assert_eq!(
        horizon(&night("2027", "2027-01-01", "2027-12-31")),
        at("2027-01-01T00:00:00Z")
    );
    assert_eq!(
        horizon(&night("2027", "2026-01-01", "2027-12-31")),
        at("2028-01-01T00:00:00Z")
    );
}

/// What was used up before the calendar ended is late for ever, and how long it ran is known only in part.
///
/// 16 hours from Monday 28 December at 13:00: 4 that day, 8 on Tuesday, 4 on Wednesday: due at 13:00. Up to the end of Thursday
/// 4 + 8 + 8 + 8 = 28 hours have run.
#[test]
fn what_is_late_stays_late_when_the_calendar_has_ended() {
    let book = founded(&office("2026", "2026-01-01", "2026-12-31", ""));
    let clock = acknowledge("2026-12-28T13:00:00Z");
    let reading = book.read(&clock, &[], at("2027-03-01T12:00:00Z"));
    assert_eq!(
        (reading.status, reading.due),
        (Status::Overdue, Some(at("2026-12-30T13:00:00Z")))
    );
    assert_eq!((reading.elapsed, reading.at_least), (Span::hours(28), true));
    assert_eq!(reading.used_percent(), Some(175));
    // Used up by the last minute of the calendar, to the minute: whether more has run since, nobody knows.
    let to_the_end = acknowledge("2026-12-30T09:00:00Z");
    let reading = book.read(&to_the_end, &[], at("2027-03-01T12:00:00Z"));
    assert_eq!(reading.status, Status::NotEvaluable);
    assert_eq!(
        book.read(&to_the_end, &[], at("2027-01-01T00:00:00Z"))
            .status,
        Status::AtRisk
    );
}
