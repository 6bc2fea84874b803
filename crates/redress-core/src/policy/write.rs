//! Writing a policy as TOML that needs nothing else.
//!
//! Nothing is extended and no list of holidays is named, so that the text means the same whatever a later release ships.
//! The same policy is written as the same bytes.

mod calendars;
mod limits;
mod organisation;
mod text;
mod warnings;

use self::text::{Text, quoted, quoted_list};
use super::file::PAUSE_REASONS;
use super::{Policy, length};
use crate::event::Channel;
use crate::id::Label;
use crate::language::Name;
use crate::taxonomy::Taxonomy;
use crate::time::Span;

impl Policy {
    /// The whole policy as the text of a TOML file, for [`Policy::parse`] to read again.
    ///
    /// What no file can say is lost: [`Policy::conduct`], a length of time finer than a second, and values that
    /// `parse` refuses. Rules to be adopted are therefore read again and compared
    /// ([`PolicyAdopted::new`](crate::PolicyAdopted::new)).
    ///
    /// ```
    /// use redress_core::Policy;
    ///
    /// let policy = Policy::standard();
    /// let text = policy.to_toml();
    /// assert!(text.starts_with("version = \"standard-1\"\n"));
    /// assert_eq!(Policy::parse(&text, "adopted"), Ok(policy));
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        // Every field by its name: one that is added is not forgotten here.
        let Self {
            version: _,
            conduct: _,
            calendar: _,
            at_risk_percent: _,
            revisit_window: _,
            quality_department: _,
            max_level: _,
            max_cycles: _,
            reopen_window: _,
            back_dating: _,
            pause: _,
            unreachable: _,
            neutral_closes: _,
            waiver: _,
            max_extensions: _,
            min_description_chars: _,
            review: _,
            confirmation: _,
            duplicates: _,
            departments,
            calendars,
            routing,
            authority,
            categories,
            causes,
            targets,
            ladder,
            intake,
            templates,
            warnings,
        } = self;
        let mut text = Text::default();
        settings(self, &mut text);
        calendars::write(calendars, &mut text);
        organisation::departments(departments, &mut text);
        organisation::routing(routing, &mut text);
        organisation::authority(authority, &mut text);
        limits::targets(targets, &mut text);
        limits::ladder(ladder, &mut text);
        organisation::intake(intake, &mut text);
        organisation::templates(templates, &mut text);
        warnings::warnings(warnings, &mut text);
        tree("categories", categories, &mut text);
        tree("causes", causes, &mut text);
        text.finish()
    }
}

fn settings(policy: &Policy, text: &mut Text) {
    text.pair("version", quoted(policy.version.as_str()));
    if let Some(calendar) = policy.calendar.as_ref().map(Label::as_str) {
        text.pair("calendar", quoted(calendar));
    }
    text.pair("at_risk_percent", policy.at_risk_percent);
    let window = policy.revisit_window;
    let (from, to) = (length::write(window.from), length::write(window.to));
    text.pair(
        "revisit_window",
        format!("{{ from = \"{from}\", to = \"{to}\" }}"),
    );
    text.pair(
        "quality_department",
        quoted(policy.quality_department.as_str()),
    );
    text.pair("max_level", policy.max_level);
    text.pair("max_cycles", policy.max_cycles);
    text.pair(
        "reopen_window",
        quoted(&length::write(policy.reopen_window)),
    );
    text.pair("back_dating", quoted(&length::write(policy.back_dating)));
    let reasons = PAUSE_REASONS.iter();
    let reasons = policy.pause.reasons.iter().filter_map(|reason| {
        let known = reasons.clone().find(|(_, known)| known == reason);
        known.map(|(name, _)| *name)
    });
    let (reasons, longest) = (quoted_list(reasons), length::write(policy.pause.longest));
    text.pair(
        "pause",
        format!("{{ reasons = {reasons}, longest = \"{longest}\" }}"),
    );
    let unreachable = policy.unreachable;
    text.pair(
        "unreachable",
        format!(
            "{{ attempts = {}, days = {} }}",
            unreachable.attempts, unreachable.days
        ),
    );
    text.pair("neutral_closes", policy.neutral_closes);
    text.pair("waiver", policy.waiver);
    text.pair("max_extensions", policy.max_extensions);
    checks(policy, text);
}

/// What is flagged of an intake, and what is owed for it.
fn checks(policy: &Policy, text: &mut Text) {
    text.pair("min_description_chars", policy.min_description_chars);
    let within = |limit: Option<Span>| {
        limit.map_or_else(String::new, |limit| {
            format!(", within = {}", quoted(&length::write(limit)))
        })
    };
    let (role, limit) = (
        quoted(policy.review.role.as_str()),
        within(policy.review.within),
    );
    text.pair("review", format!("{{ role = {role}{limit} }}"));
    let channels = policy.confirmation.channels.iter().copied();
    let channels = quoted_list(channels.map(Channel::code));
    let limit = within(policy.confirmation.within);
    text.pair(
        "confirmation",
        format!("{{ channels = {channels}{limit} }}"),
    );
    let limit = quoted(&length::write(policy.duplicates.within));
    text.pair("duplicates", format!("{{ within = {limit} }}"));
}

fn tree(heading: &str, tree: &Taxonomy, text: &mut Text) {
    text.heading(format!("[{heading}]"));
    for (path, names) in tree.iter() {
        text.pair(&quoted(path), name(names));
    }
}

/// A name in both languages.
fn name(name: &Name) -> String {
    let (zh_cn, en) = (quoted(&name.zh_cn), quoted(&name.en));
    format!("{{ zh_cn = {zh_cn}, en = {en} }}")
}
