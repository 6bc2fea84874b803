//! Departments, routes and authority in a policy file.

use std::collections::BTreeMap;

use super::node::{Fields, Node};
use super::source::shown;
use super::trees::name;
use crate::id::{CategoryPath, DepartmentId, Label};
use crate::policy::{ADOPT_POLICY, Authority, COMMANDS, Department, Policy, Route};

/// What somebody must be able to do, or no complaint ever ends.
const NEEDED: [&str; 5] = ["receive", "classify", "assign", "resolve", "give_feedback"];

pub(super) fn read(fields: &Fields<'_>, complete: bool, policy: &mut Policy) {
    departments(fields, policy);
    quality_department(fields, complete, policy);
    routes(fields, policy);
    authority(fields, policy);
}

fn departments(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(table) = fields
        .get("departments")
        .and_then(|node| node.table("a table of departments by their ids"))
    else {
        return;
    };
    for (id, node) in table.named::<DepartmentId>() {
        let department = department(&node, policy).unwrap_or_default();
        policy.departments.insert(id, department);
    }
}

fn department(node: &Node<'_>, policy: &Policy) -> Option<Department> {
    let fields = node.fields(&["name", "head", "calendar"])?;
    Some(Department {
        name: fields.get("name").and_then(|node| name(&node)),
        head: fields.get("head").and_then(|node| node.code()),
        calendar: fields
            .get("calendar")
            .and_then(|node| calendar(&node, policy)),
    })
}

/// The name of a calendar that there is.
pub(super) fn calendar(node: &Node<'_>, policy: &Policy) -> Option<Label> {
    let name: Label = node.code()?;
    if policy.calendars.contains_key(&name) {
        return Some(name);
    }
    let known = policy.calendars.keys().map(Label::as_str);
    node.unknown("calendar", name.as_str(), known);
    None
}

/// A department that there is; any, while none is listed.
pub(super) fn known_department(node: &Node<'_>, policy: &Policy) -> Option<DepartmentId> {
    let id: DepartmentId = node.code()?;
    if policy.departments.is_empty() || policy.departments.contains_key(&id) {
        return Some(id);
    }
    let known = policy.departments.keys().map(DepartmentId::as_str);
    node.unknown("department", id.as_str(), known);
    None
}

fn quality_department(fields: &Fields<'_>, complete: bool, policy: &mut Policy) {
    if let Some(node) = fields.get("quality_department") {
        if let Some(id) = known_department(&node, policy) {
            policy.quality_department = id;
        }
    } else if !complete {
        fields.missing_at_the_bottom("quality_department", "\"quality\"");
    } else if let Some(departments) = fields.get("departments")
        && !policy.departments.is_empty()
        && !policy.departments.contains_key(&policy.quality_department)
    {
        let quality = policy.quality_department.as_str();
        departments.refuse(format!(
            "there is no department `{}`, which answers for revisits; add it, or name another one as `quality_department`",
            shown(quality)
        ));
    }
}

fn routes(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(node) = fields.get("route") else {
        return;
    };
    let mut lines: BTreeMap<CategoryPath, usize> = BTreeMap::new();
    let routes = node.each("a list of tables, each headed by [[route]]", |item| {
        route(item, policy)
    });
    let mut routing = Vec::new();
    for (node, route) in routes {
        if let Some(line) = lines.get(&route.category) {
            node.refuse(format!(
                "the route on line {line} is for `{}` too; leave one out",
                route.category
            ));
        } else {
            lines.insert(route.category.clone(), node.line());
            routing.push(route);
        }
    }
    policy
        .routing
        .retain(|route| !lines.contains_key(&route.category));
    policy.routing.extend(routing);
}

fn route(node: &Node<'_>, policy: &Policy) -> Option<Route> {
    let fields = node.fields(&["category", "department"])?;
    let category = fields
        .need("category", "\"delivery\"")
        .and_then(|node| known_category(&node, policy));
    let department = fields
        .need("department", "\"logistics\"")
        .and_then(|node| known_department(&node, policy));
    Some(Route {
        category: category?,
        department: department?,
    })
}

/// A category that there is.
pub(super) fn known_category(node: &Node<'_>, policy: &Policy) -> Option<CategoryPath> {
    let path: CategoryPath = node.code()?;
    if policy.categories.knows(path.as_str()) {
        return Some(path);
    }
    let known = policy.categories.iter().map(|(path, _)| path);
    node.unknown("category", path.as_str(), known);
    None
}

fn authority(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(node) = fields.get("authority") else {
        return;
    };
    let read = node.each("a list of tables, each headed by [[authority]]", |item| {
        one_authority(item, policy)
    });
    let mut all: Vec<(usize, Authority)> = Vec::new();
    for (node, authority) in read {
        let same = |(_, other): &&(usize, Authority)| {
            other.role == authority.role && other.departments == authority.departments
        };
        if let Some((line, _)) = all.iter().find(same) {
            node.refuse(format!(
                "the authority on line {line} is for the same role and departments; make one of the two"
            ));
        } else {
            all.push((node.line(), authority));
        }
    }
    policy.authority = all.into_iter().map(|(_, authority)| authority).collect();
    // What a rule that cannot be read allows is not known.
    let all_read = node
        .list("")
        .is_none_or(|items| items.len() == policy.authority.len());
    if all_read {
        check_authority(&node, policy);
    }
}

fn one_authority(node: &Node<'_>, policy: &Policy) -> Option<Authority> {
    let fields = node.fields(&["role", "commands", "departments"])?;
    let role = fields
        .need("role", "\"agent\"")
        .and_then(|node| node.code());
    let commands = fields
        .need("commands", "[\"receive\"]")
        .and_then(|node| commands(&node));
    let departments = match fields.get("departments") {
        None => None,
        Some(node) => {
            let wanted = "a list of departments";
            let departments = node.set(wanted, |item| known_department(item, policy));
            if node.list(wanted).is_some_and(|items| items.is_empty()) {
                node.refuse("the list is empty, so nobody has this authority; leave the key out for all departments");
            }
            Some(departments)
        }
    };
    Some(Authority {
        role: role?,
        commands: commands?,
        departments,
    })
}

fn commands(node: &Node<'_>) -> Option<Vec<String>> {
    let known = COMMANDS.map(|name| (name, name));
    let items = node.list("a list of commands")?;
    if items.is_empty() {
        node.refuse("the list is empty; name at least one command");
        return None;
    }
    let commands = node.set("a list of commands", |item| item.choice("command", &known));
    Some(commands.into_iter().map(str::to_owned).collect())
}

/// Where some authority is given, whatever is given to nobody is forbidden to everybody.
fn check_authority(node: &Node<'_>, policy: &Policy) {
    if policy.authority.is_empty() {
        return;
    }
    let permitted = |command: &&str| {
        let mut all = policy
            .authority
            .iter()
            .flat_map(|authority| &authority.commands);
        all.any(|name| name == command)
    };
    for command in NEEDED.iter().filter(|command| !permitted(command)) {
        node.refuse(format!(
            "nobody may `{command}`, so no complaint can be handled; give the command to a role"
        ));
    }
    let may_adopt = |authority: &Authority| authority.permits_everywhere(ADOPT_POLICY);
    if !policy.authority.iter().any(may_adopt) {
        node.refuse(format!(
            "nobody may `{ADOPT_POLICY}` for all departments, so these rules could never be changed; give the command to a role"
        ));
    }
}
