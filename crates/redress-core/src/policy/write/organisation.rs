//! Departments, routes, authority, and what is told and asked in words.

use std::collections::BTreeMap;

use super::super::{Authority, Department, IntakeField, IntakeRule, Route, Template};
use super::name;
use super::text::{Text, quoted, quoted_list};
use crate::event::Channel;
use crate::id::{DepartmentId, Label};

pub(super) fn departments(departments: &BTreeMap<DepartmentId, Department>, text: &mut Text) {
    for (id, department) in departments {
        text.heading(format!("[departments.{}]", quoted(id.as_str())));
        if let Some(named) = &department.name {
            text.pair("name", name(named));
        }
        if let Some(head) = &department.head {
            text.pair("head", quoted(head.as_str()));
        }
        if let Some(calendar) = &department.calendar {
            text.pair("calendar", quoted(calendar.as_str()));
        }
    }
}

pub(super) fn routing(routes: &[Route], text: &mut Text) {
    for route in routes {
        text.heading("[[route]]");
        text.pair("category", quoted(route.category.as_str()));
        text.pair("department", quoted(route.department.as_str()));
    }
}

pub(super) fn authority(authorities: &[Authority], text: &mut Text) {
    for authority in authorities {
        text.heading("[[authority]]");
        text.pair("role", quoted(authority.role.as_str()));
        let commands = authority.commands.iter().map(String::as_str);
        text.pair("commands", quoted_list(commands));
        if let Some(departments) = &authority.departments {
            let departments = departments.iter().map(DepartmentId::as_str);
            text.pair("departments", quoted_list(departments));
        }
    }
}

pub(super) fn intake(rules: &[IntakeRule], text: &mut Text) {
    for rule in rules {
        text.heading("[[intake]]");
        if let Some(channel) = rule.channel {
            text.pair("channel", quoted(channel.code()));
        }
        let required = rule.required.iter().copied().map(IntakeField::name);
        text.pair("required", quoted_list(required));
    }
}

pub(super) fn templates(templates: &BTreeMap<Label, Template>, text: &mut Text) {
    for (name, template) in templates {
        text.heading(format!("[templates.{}]", quoted(name.as_str())));
        if !template.channels.is_empty() {
            let channels = template.channels.iter().copied().map(Channel::code);
            text.pair("channels", quoted_list(channels));
        }
        text.pair("zh_cn", quoted(&template.text.zh_cn));
        text.pair("en", quoted(&template.text.en));
    }
}
