//! A complaint from receipt to revisit, and the three views of it.
//!
//! `cargo run --example first FILE` writes to the ledger in FILE.

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use redress::blocking::Ledger;
use redress::event::{AssignReason, Assignee, Cause, Classified, Customer, Feedback, FeedbackKind};
use redress::event::{Received, ReceivedPersonal, Resolved, Satisfaction, Upheld};
use redress::{Actor, Assign, Channel, Policy, Revisit};
use redress::{archive::Query, causes::CauseQuery, sla::BoardFilter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a file")?;
    let ledger = Ledger::open(path, Policy::standard())?;
    let agent = Actor::human("li.na".parse()?, "agent".parse()?, "desk".parse()?);
    let handler = Actor::human("wang".parse()?, "handler".parse()?, "logistics".parse()?);

    let words = ReceivedPersonal {
        description: "包裹三天没有送到，要求退款".into(),
        ..ReceivedPersonal::default()
    };
    let (customer, desk) = (Customer::anonymous(ledger.new_subject()?), "desk".parse()?);
    let letter = Received::new(customer, Channel::Email, agent.id.clone(), desk, words);
    let id = ledger.receive(letter, &agent)??.complaint_id;
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
    let told = Feedback::new(FeedbackKind::Result, Channel::Email, "已退款，非常抱歉");
    ledger.execute(id, told, &handler)??;
    let asked = Revisit::reached(Channel::Email, agent.id.clone(), Satisfaction::Satisfied);
    ledger.execute(id, asked, &agent)??;

    let (views, now) = (ledger.views()?, ledger.as_async().now());
    for hit in views.archive.search(&Query::new().text("退款"))? {
        println!("found: {}", hit.summary.state.name());
    }
    for row in views.sla.board(now, &BoardFilter::default()).rows {
        let (clock, met) = (row.clock.name(), row.counts.met);
        println!("{}, {clock}: {met} met", row.department);
    }
    for row in views.causes.pareto(&CauseQuery::default()).rows {
        println!("{}: {}", row.code, row.share.percent());
    }
    Ok(())
}
