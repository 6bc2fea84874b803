//! Drawings, as they are looked at.

use redress_core::Policy;
use redress_core::policy::Notation;

use super::base;

#[test]
fn the_standard_in_mermaid() {
    let drawing = Policy::standard().draw(Notation::Mermaid);
    assert_eq!(
        drawing,
        include_str!("../../data/policy_drawings/standard.mmd")
    );
}

#[test]
fn the_standard_for_graphviz() {
    let drawing = Policy::standard().draw(Notation::Dot);
    assert_eq!(
        drawing,
        include_str!("../../data/policy_drawings/standard.dot")
    );
}

#[test]
fn a_policy_with_authority_and_a_ladder_of_its_own() {
    let drawing = base().draw(Notation::Mermaid);
    assert_eq!(drawing, include_str!("../../data/policy_drawings/base.mmd"));
}

#[test]
fn what_a_policy_allows_is_drawn() {
    let mut policy = Policy::standard();
    policy.waiver = true;
    policy.neutral_closes = true;
    policy.pause.reasons.clear();
    let drawing = policy.draw(Notation::Mermaid);
    for line in [
        "processing --> closed : close [withdrawn or duplicate or waived]",
        "fed_back --> closed : revisit [satisfied or neutral]",
        "processing --> processing : pause [no reason is allowed]",
    ] {
        assert!(drawing.contains(line), "{line} is missing in\n{drawing}");
    }
}

#[test]
fn names_cannot_steer_a_drawing() {
    let mut policy = Policy::standard();
    policy.version = "a\"; b --> c %% \\ {x}".parse().unwrap();
    let mermaid = policy.draw(Notation::Mermaid);
    let title = mermaid.lines().nth(1).unwrap();
    assert_eq!(
        title,
        "    %% policy a#34;#59; b --#62; c %#37; \\ #123;x#125;"
    );
    let dot = policy.draw(Notation::Dot);
    let title = dot.lines().nth(1).unwrap();
    assert_eq!(title, "    label = \"policy a\\\"; b --> c %% \\\\ {x}\";");
}
