//! The trees of categories and causes in a policy file.

use super::node::{Fields, Node};
use crate::id::{CategoryPath, is_unprintable};
use crate::language::Name;
use crate::policy::Policy;
use crate::taxonomy::Taxonomy;

pub(super) fn read(fields: &Fields<'_>, complete: bool, policy: &mut Policy) {
    let example = "{ other = { zh_cn = \"其他\", en = \"Other\" } }";
    for (key, tree) in [
        ("categories", &mut policy.categories),
        ("causes", &mut policy.causes),
    ] {
        match fields.get(key) {
            Some(node) => grow(&node, tree),
            None if complete => {}
            None => fields.missing_at_the_bottom(key, example),
        }
    }
}

/// Adds what a table says to a tree; a code that is there already gets the new name.
fn grow(node: &Node<'_>, tree: &mut Taxonomy) {
    let Some(fields) = node.table("a table of codes with their names") else {
        return;
    };
    let codes = fields.named::<CategoryPath>();
    for (code, node) in &codes {
        // A code with a wrong name is there all the same; what lies below it is not at fault.
        let name = name(node).unwrap_or_else(|| Name {
            zh_cn: String::new(),
            en: String::new(),
        });
        tree.insert(code, name);
    }
    for (code, node) in &codes {
        if let Some((parent, _)) = code.as_str().rsplit_once('/')
            && !tree.knows(parent)
        {
            node.unknown("code", parent, tree.iter().map(|(path, _)| path));
        }
    }
    if tree.iter().next().is_none() {
        fields.refuse("the tree is empty; name at least one code");
    }
}

/// A name in both languages.
pub(super) fn name(node: &Node<'_>) -> Option<Name> {
    let fields = node.fields(&["zh_cn", "en"])?;
    let zh_cn = fields
        .need("zh_cn", "\"其他\"")
        .and_then(|node| words(&node));
    let en = fields.need("en", "\"Other\"").and_then(|node| words(&node));
    Some(Name {
        zh_cn: zh_cn?,
        en: en?,
    })
}

/// A few words on one line.
fn words(node: &Node<'_>) -> Option<String> {
    let text = node.text("a name in quotes")?;
    if text.trim().is_empty() {
        node.refuse("the name is empty; write one");
        return None;
    }
    if text.chars().any(is_unprintable) {
        node.refuse("the name holds a control or text-direction character; take it out");
        return None;
    }
    Some(text.to_owned())
}
