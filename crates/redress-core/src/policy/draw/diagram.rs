//! Boxes and arrows, written in Mermaid or for Graphviz.

use std::fmt::Write as _;

use crate::Language;
use crate::complaint::State;

/// Boxes and arrows.
pub(super) struct Diagram {
    pub(super) title: String,
    pub(super) nodes: Vec<Node>,
    pub(super) arrows: Vec<Arrow>,
}

/// A state, and what is said beside it.
pub(super) struct Node {
    pub(super) state: State,
    pub(super) notes: Vec<String>,
}

/// What leads from one state to another.
pub(super) struct Arrow {
    from: State,
    to: State,
    pub(super) command: &'static str,
    guards: Vec<String>,
    /// One of the guards is enough.
    any: bool,
    /// Who may do it.
    pub(super) by: Vec<String>,
}

impl Arrow {
    /// Needs all of its guards.
    pub(super) fn new<G: Into<String>>(
        from: State,
        to: State,
        command: &'static str,
        guards: impl IntoIterator<Item = G>,
    ) -> Self {
        Self {
            from,
            to,
            command,
            guards: guards.into_iter().map(Into::into).collect(),
            any: false,
            by: Vec::new(),
        }
    }

    /// Needs one of its guards.
    pub(super) fn any<G: Into<String>>(
        from: State,
        to: State,
        command: &'static str,
        guards: impl IntoIterator<Item = G>,
    ) -> Self {
        Self {
            any: true,
            ..Self::new(from, to, command, guards)
        }
    }

    fn label(&self) -> String {
        let mut label = self.command.to_owned();
        if !self.guards.is_empty() {
            let between = if self.any { " or " } else { ", " };
            label = format!("{label} [{}]", self.guards.join(between));
        }
        if !self.by.is_empty() {
            label = format!("{label} by {}", self.by.join(", "));
        }
        label
    }
}

impl Diagram {
    pub(super) fn mermaid(&self) -> String {
        let mut text = String::from("stateDiagram-v2\n");
        // Writing to a string cannot fail.
        let _ = self.write_mermaid(&mut text);
        text
    }

    fn write_mermaid(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "    %% {}", mermaid_text(&self.title))?;
        for node in &self.nodes {
            let names = mermaid_text(&names(node.state));
            writeln!(text, "    {} : {names}", node.state.name())?;
        }
        for arrow in &self.arrows {
            let from = if arrow.from == State::Absent {
                "[*]"
            } else {
                arrow.from.name()
            };
            let label = mermaid_text(&arrow.label());
            writeln!(text, "    {from} --> {} : {label}", arrow.to.name())?;
        }
        for node in self.nodes.iter().filter(|node| !node.notes.is_empty()) {
            writeln!(text, "    note right of {}", node.state.name())?;
            for note in &node.notes {
                writeln!(text, "        {}", mermaid_text(note))?;
            }
            writeln!(text, "    end note")?;
        }
        Ok(())
    }

    pub(super) fn dot(&self) -> String {
        let mut text = String::from("digraph policy {\n");
        // Writing to a string cannot fail.
        let _ = self.write_dot(&mut text);
        text
    }

    fn write_dot(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "    label = \"{}\";", dot_text(&self.title))?;
        writeln!(text, "    node [shape = box, style = rounded];")?;
        writeln!(text, "    absent [shape = point, label = \"\"];")?;
        for node in &self.nodes {
            let mut lines = vec![names(node.state)];
            lines.extend(node.notes.iter().cloned());
            let lines: Vec<String> = lines.iter().map(|line| dot_text(line)).collect();
            let label = lines.join("\\l");
            writeln!(text, "    {} [label = \"{label}\\l\"];", node.state.name())?;
        }
        for arrow in &self.arrows {
            let label = dot_text(&arrow.label());
            let (from, to) = (arrow.from.name(), arrow.to.name());
            writeln!(text, "    {from} -> {to} [label = \"{label}\"];")?;
        }
        writeln!(text, "}}")
    }
}

fn names(state: State) -> String {
    let chinese = state.label(Language::Chinese);
    format!("{} {chinese}", state.label(Language::English))
}

/// Text that Mermaid does not read as a part of the drawing: what steers it is written as a character code.
fn mermaid_text(text: &str) -> String {
    let mut written = String::new();
    for character in text.chars() {
        match character {
            '#' | ';' | '"' | '<' | '>' | '{' | '}' | ':' => {
                written.push_str(&format!("#{};", u32::from(character)));
            }
            other => written.push(other),
        }
    }
    // Two in a row begin a comment.
    written.replace("%%", "%#37;")
}

fn dot_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
