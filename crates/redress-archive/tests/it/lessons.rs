//! What there is to learn from complaints that were solved before.

use redress_archive::{Archive, Query, TYPICAL_CASE};
use redress_core::event::{CloseReason, FeedbackKind, Product, RemedyKind, Satisfaction};
use redress_core::{ComplaintId, Policy};
use redress_store::Projection;

use crate::histories::{
    History, LEDGER, as_facts, assign, classified, closed, complaint, feedback, received, resolved,
    revisit,
};

fn about(product: Option<&str>) -> Option<Product> {
    product.map(|code| Product {
        code: code.parse().unwrap(),
        model: None,
        batch: None,
        order_ref: None,
    })
}

fn solve(
    history: &mut History,
    number: u128,
    (category, cause, product): (&str, &str, Option<&str>),
    is_typical: bool,
) {
    let id = complaint(number);
    let mut letter = received(number, "a matter", "words");
    letter.product = about(product);
    letter.tags = if is_typical {
        vec![TYPICAL_CASE.parse().unwrap()]
    } else {
        Vec::new()
    };
    history.then(id, letter);
    history.then(id, classified(category));
    history.then(id, assign("logistics", "ann"));
    history.then(id, resolved(cause, "refunded"));
    history.then(id, feedback(FeedbackKind::Result, "refunded"));
    history.then(id, revisit(Satisfaction::Satisfied, ""));
}

#[test]
fn the_likest_come_first() {
    let mut history = History::new(Policy::standard());
    let delay = ("delivery/delay", "service/slow_response");
    solve(&mut history, 1, (delay.0, delay.1, Some("kettle")), false); // category 3, product 2, satisfied 1
    solve(&mut history, 2, (delay.0, delay.1, None), true); // category 3, satisfied 1, typical 1
    solve(
        &mut history,
        3,
        ("price/refund", delay.1, Some("kettle")),
        false,
    ); // product 2, satisfied 1
    solve(&mut history, 4, ("price/refund", delay.1, None), true); // not like it
    solve(&mut history, 5, (delay.0, delay.1, Some("lamp")), false); // category 3, satisfied 1
    solve(&mut history, 6, (delay.0, delay.1, None), false); // the same, closed later
    // Withdrawn, and still open: nothing to learn.
    history.then(complaint(7), received(7, "a matter", "words"));
    history.then(complaint(7), classified(delay.0));
    history.then(complaint(7), closed(CloseReason::Withdrawn, ""));
    history.then(complaint(8), received(8, "a matter", "words"));
    history.then(complaint(8), classified(delay.0));
    let asked = complaint(9);
    let mut letter = received(9, "a matter", "words");
    letter.product = about(Some("kettle"));
    history.then(asked, letter);
    history.then(asked, classified(delay.0));
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();

    let lessons = |asked: ComplaintId, limit: usize| {
        let lessons = archive.similar(asked, limit).unwrap();
        let lessons = lessons
            .into_iter()
            .map(|lesson| (lesson.summary.id, lesson.score));
        lessons.collect::<Vec<_>>()
    };
    let expected =
        [(1, 6), (2, 5), (6, 4), (5, 4), (3, 3)].map(|(number, score)| (complaint(number), score));
    assert_eq!(lessons(asked, 10), expected);
    assert_eq!(lessons(asked, 2), expected[..2]);
    assert_eq!(lessons(complaint(99), 10), []);
    // Of one that was solved the cause counts too: 4 for the cause, 3 for the category, 1 each for satisfied and typical.
    let of_second = lessons(complaint(5), 10);
    assert_eq!(of_second[0], (complaint(2), 9));
    assert!(of_second.contains(&(complaint(4), 6)));
    assert!(!of_second.iter().any(|(id, _)| *id == complaint(5)));

    let lesson = archive.similar(asked, 1).unwrap().remove(0);
    assert_eq!(
        lesson.summary.remedies.as_ref().unwrap()[0].kind,
        RemedyKind::Refund
    );
    assert_eq!(lesson.summary.close_reason, Some(CloseReason::Satisfied));
    assert!(!format!("{lesson:?}").contains("refunded"));
    assert_eq!(archive.count(&Query::new().tag(TYPICAL_CASE)).unwrap(), 2);
}
