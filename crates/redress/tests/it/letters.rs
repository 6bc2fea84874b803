//! Letters: filled from the facts of a complaint, or refused with the reason.

use redress::core::Name;
use redress::core::policy::Template;
use redress::event::FeedbackKind;
use redress::store::MemoryStore;
use redress::{Channel, Event, Label, Language, NoLetter, Policy};

use crate::wishes::{NAME, agent, complaint, receive};
use crate::world::{LEDGER, World};

fn label(text: &str) -> Label {
    text.parse().unwrap()
}

fn world() -> World<MemoryStore> {
    let mut policy = Policy::standard();
    let text = Name {
        zh_cn: "{customer}：您的投诉已收到。".to_owned(),
        en: "Dear {customer}, your complaint is here.".to_owned(),
    };
    let early = Name {
        zh_cn: "方案：{solution}".to_owned(),
        en: "Solution: {solution}".to_owned(),
    };
    for (name, text) in [("arrived", text), ("solved", early)] {
        let channels = vec![Channel::Email];
        policy
            .templates
            .insert(label(name), Template { channels, text });
    }
    World::under(MemoryStore::new(LEDGER), policy)
}

#[test]
fn a_letter_is_filled_and_recorded_with_its_template() {
    let World { ledger, .. } = &world();
    let receipt = ledger.receive(receive(), &agent()).unwrap().unwrap();
    let id = receipt.complaint_id;
    let letter = ledger.letter(id, &label("arrived"), Language::Chinese);
    let letter = letter.unwrap().unwrap();
    assert_eq!(letter.content(), format!("{NAME}：您的投诉已收到。"));
    assert_eq!(letter.template(), &label("arrived"));
    assert!(!format!("{letter:?}").contains(NAME));

    let content = letter.content().to_owned();
    let told = letter.into_feedback(FeedbackKind::Acknowledgement, Channel::Email);
    ledger.execute(id, told, &agent()).unwrap().unwrap();
    let history = ledger.history(id).unwrap();
    let Event::Feedback(told) = &history[1].event else {
        panic!("a feedback was recorded");
    };
    assert_eq!(told.template, Some(label("arrived")));
    assert_eq!(told.personal.known().unwrap().content, content);
}

#[test]
fn what_is_missing_is_told() {
    let World { ledger, .. } = &world();
    let nobody = complaint(9);
    let unknown = ledger.letter(nobody, &label("arrived"), Language::English);
    assert_eq!(unknown.unwrap(), Err(NoLetter::NotReceived(nobody)));

    let receipt = ledger.receive(receive(), &agent()).unwrap().unwrap();
    let why = |template: &str| {
        let letter = ledger.letter(receipt.complaint_id, &label(template), Language::English);
        letter.unwrap().unwrap_err().to_string()
    };
    assert_eq!(
        why("arived"),
        "the policy has no template `arived`; take one of arrived, solved"
    );
    assert_eq!(
        why("solved"),
        "there is no value for `{solution}`: no solution with these words stands, or they were erased; record it, or take a template without this place"
    );
    assert_eq!(ledger.history(receipt.complaint_id).unwrap().len(), 1);
}
