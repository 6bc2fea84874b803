//! What becomes of records that are flagged, in a policy file: review, confirmation, probable duplicates.

use super::limits::optional;
use super::node::Node;
use super::source::shown;
use super::words::channel;
use crate::id::Role;
use crate::policy::{ConfirmationRule, DuplicateRule, Policy, ReviewRule};

pub(super) fn review(node: &Node<'_>, policy: &Policy) -> Option<ReviewRule> {
    let fields = node.fields(&["role", "within"])?;
    let role = fields
        .need("role", "\"supervisor\"")
        .and_then(|node| reviewer(&node, policy));
    let within = optional(&fields, "within", Node::positive_span);
    Some(ReviewRule {
        role: role?,
        within: within?,
    })
}

/// A role that may record a review.
fn reviewer(node: &Node<'_>, policy: &Policy) -> Option<Role> {
    let role: Role = node.code()?;
    if may_review(&role, policy) {
        return Some(role);
    }
    node.refuse(format!(
        "the role `{}` may not `amend`, so it cannot record a review; give it the command, or name another role",
        shown(role.as_str())
    ));
    None
}

/// Where a file gives authority anew, whoever reviews by the extended policy needs it too.
pub(super) fn check_inherited_review(authority: &Node<'_>, policy: &Policy) {
    let role = &policy.review.role;
    if !may_review(role, policy) {
        authority.refuse(format!(
            "the role `{role}`, which reviews records, may not `amend`; give it the command, or name another role in `[review]`"
        ));
    }
}

fn may_review(role: &Role, policy: &Policy) -> bool {
    policy.authority.is_empty()
        || policy.authority.iter().any(|authority| {
            authority.role == *role && authority.commands.iter().any(|command| command == "amend")
        })
}

pub(super) fn confirmation(node: &Node<'_>) -> Option<ConfirmationRule> {
    let fields = node.fields(&["channels", "within"])?;
    let channels = fields
        .need("channels", "[\"phone_hotline\"]")
        .map(|node| node.set("a list of channels", channel));
    let within = optional(&fields, "within", Node::positive_span);
    Some(ConfirmationRule {
        channels: channels?,
        within: within?,
    })
}

pub(super) fn duplicates(node: &Node<'_>) -> Option<DuplicateRule> {
    let fields = node.fields(&["within"])?;
    let within = fields.need("within", "\"7d\"")?.positive_span()?;
    Some(DuplicateRule { within })
}
