//! A complaint from receipt to revisit, and the three views of it.
//!
//! `cargo run --example first FILE` writes to the ledger in FILE.

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use redress::archive::Query;
use redress::blocking::Ledger;
use redress::causes::CauseQuery;
use redress::event::{
    AssignReason, Assignee, Cause, Classified, Customer, Feedback, FeedbackKind, Received,
    ReceivedPersonal, Resolved, Satisfaction, Upheld,
};
use redress::sla::BoardFilter;
use redress::{Actor, Assign, Channel, Policy, Revisit};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: first FILE, such as complaints.redress")?;
    let ledger = Ledger::open(path, Policy::standard())?;
    let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
    let handler = Actor::human(
        "wang.fang".parse()?,
        "handler".parse()?,
        "logistics".parse()?,
    );

    let customer = Customer::anonymous(ledger.new_subject()?);
    let words = ReceivedPersonal {
        description: "包裹三天没有送到，要求退款".into(),
        ..ReceivedPersonal::default()
    };
    let complaint = Received::new(
        customer,
        Channel::MobileApp,
        agent.id.clone(),
        "service_desk".parse()?,
        words,
    );
    let id = ledger.receive(complaint, &agent)??.complaint_id;
    ledger.execute(id, Classified::new("delivery/delay".parse()?), &agent)??;
    let lead = Assignee::person("logistics".parse()?, handler.id.clone());
    ledger.execute(id, Assign::to(lead, AssignReason::Initial), &agent)??;
    let solution = Resolved {
        remedies: Some(vec![]),
        primary_cause: Some(Cause::new("service/delivery_failure".parse()?)),
        upheld: Some(Upheld::Upheld),
        ..Resolved::default()
    };
    ledger.execute(id, solution, &handler)??;
    ledger.execute(
        id,
        Feedback::new(
            FeedbackKind::Result,
            Channel::Sms,
            "已退款，抱歉耽误了您的时间",
        ),
        &handler,
    )??;
    ledger.execute(
        id,
        Revisit::reached(
            Channel::PhoneHotline,
            agent.id.clone(),
            Satisfaction::Satisfied,
        ),
        &agent,
    )??;

    let views = ledger.views()?;
    let found = views.archive.search(&Query::new().text("退款"))?;
    let board = views
        .sla
        .board(ledger.as_async().now(), &BoardFilter::default());
    let causes = views.causes.pareto(&CauseQuery::default());
    println!(
        "{} found, {} rows on the board, {} causes",
        found.len(),
        board.rows.len(),
        causes.rows.len()
    );
    Ok(())
}
