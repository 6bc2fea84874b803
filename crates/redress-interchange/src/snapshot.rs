//! What one row says: its cells, read as the mapping tells.

use std::borrow::Cow;
use std::collections::BTreeMap;

use redress_core::event::{
    Assignee, Cause, Classified, Customer, Product, Received, ReceivedPersonal,
};
use redress_core::{
    CategoryPath, CauseCode, ComplaintId, DepartmentId, ExternalRef, InvalidCode, Label, PersonId,
    Personal, ProductCode, SubjectId, Timestamp,
};

use crate::cell::even_blanks;
use crate::finding::{Column, Finding, Problem};
use crate::header::Layout;
use crate::local_time::Shift;
use crate::mapping::{CellValue, Coded, Mapping, StateMeaning};
use crate::records::Record;

/// Stands in a path for a category that the source leaves out.
const UNKNOWN: &str = "unknown";

/// The first row of a case, as far as it tells how the complaint was received.
pub(crate) struct Intake {
    pub(crate) complaint_id: ComplaintId,
    pub(crate) at: Timestamp,
    pub(crate) received: Received,
}

/// What any row says of its case.
pub(crate) struct Update {
    pub(crate) at: Timestamp,
    /// Who made it; `None` where the row does not say.
    pub(crate) by: Option<PersonId>,
    pub(crate) class: Classified,
    /// Who has the case; `None` where no department is named.
    pub(crate) owner: Option<Assignee>,
    /// The state; `None` where it is missing or unlisted.
    pub(crate) state: Option<StateMeaning>,
}

/// What a whole case tells of its owner and of its end.
pub(crate) struct Whole {
    /// Since when it has its owner.
    pub(crate) assigned_at: Option<Timestamp>,
    /// Until when it should have been handled.
    pub(crate) due: Option<Timestamp>,
    /// When it ended.
    pub(crate) ended_at: Option<Timestamp>,
    /// The customer did not accept the end.
    pub(crate) disputed: bool,
}

/// Reads the cells of one row.
pub(crate) struct Snapshot<'a> {
    line: u64,
    cells: Vec<&'a str>,
    mapping: &'a Mapping,
    layout: &'a Layout,
    /// What was found while reading, though the row can be used.
    pub(crate) findings: Vec<Finding>,
    /// The last values of the columns in which an empty cell keeps the one before, by their numbers.
    pub(crate) kept: BTreeMap<usize, String>,
}

impl<'a> Snapshot<'a> {
    /// Checks the number of cells, and that those are text which are read.
    ///
    /// Cells without a column are passed over where they are empty: some exports end each row with a delimiter.
    pub(crate) fn new(
        record: &'a Record,
        mapping: &'a Mapping,
        layout: &'a Layout,
    ) -> Result<Self, Finding> {
        let line = record.line;
        let width = layout.width();
        if record.len() < width || record.fields().skip(width).any(|cell| !cell.is_empty()) {
            let problem = Problem::CellCount {
                expected: width,
                found: record.len(),
            };
            return Err(Finding {
                line,
                column: None,
                problem,
            });
        }
        let cell = |(index, field)| match str::from_utf8(field) {
            Ok(text) => Ok(text),
            Err(_) if !layout.is_read(index) => Ok(""),
            Err(error) => Err(Finding {
                line,
                column: Some(layout.column(index)),
                problem: Problem::NotText {
                    encoding: mapping.file.encoding.name(),
                    valid_chars: valid_chars(field, &error),
                },
            }),
        };
        let cells = record.fields().take(width).enumerate().map(cell);
        Ok(Self {
            line,
            cells: cells.collect::<Result<_, _>>()?,
            mapping,
            layout,
            findings: Vec::new(),
            kept: BTreeMap::new(),
        })
    }

    /// Notes something about the row, once: a cell may be read for more than one purpose.
    pub(crate) fn note(&mut self, column: &Column, problem: Problem) {
        let finding = self.finding(column, problem);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    pub(crate) fn key(&self) -> Result<ExternalRef, Finding> {
        let column = &self.layout.key;
        self.optional(column, ExternalRef::new)?
            .ok_or_else(|| self.finding(column, Problem::Missing))
    }

    /// Reads how the complaint was received.
    pub(crate) fn intake(&mut self, key: &ExternalRef) -> Result<Intake, Finding> {
        let layout = self.layout;
        let rules = &self.mapping.received;
        let channel = self.coded(layout.channel.as_ref(), &rules.channel)?;
        let complaint_id = ComplaintId::of_source(self.mapping.name(), key);
        let receiver = self.some(layout.receiver.as_ref(), PersonId::new)?;
        let receiver = receiver.unwrap_or_else(|| self.mapping.name.importer().id.clone());
        let mut received = Received::new(
            self.customer(complaint_id),
            channel,
            receiver,
            rules.intake_department.clone(),
            ReceivedPersonal::default(),
        );
        received.external_ref = Some(key.clone());
        let product = self.some(layout.product.as_ref(), ProductCode::new)?;
        received.product = product.map(|code| Product {
            code,
            model: None,
            batch: None,
            order_ref: None,
        });
        received.personal = self.words();
        Ok(Intake {
            complaint_id,
            at: self.time(&layout.received_at, None)?,
            received,
        })
    }

    /// The customer's words; where the file holds none, there is nothing to keep apart.
    fn words(&self) -> Personal<ReceivedPersonal> {
        let text = |column: &Option<Column>| -> Option<String> {
            let column = column.as_ref()?;
            // Blanks and line ends are part of a text, unlike those of a code.
            self.cell(column)?;
            Some(self.raw(column)?.trim().to_owned())
        };
        let (subject, description) = (text(&self.layout.subject), text(&self.layout.description));
        if subject.is_none() && description.is_none() {
            return Personal::Withheld;
        }
        Personal::Known(ReceivedPersonal {
            subject: subject.unwrap_or_default(),
            description: description.unwrap_or_default(),
            ..ReceivedPersonal::default()
        })
    }

    fn customer(&self, complaint_id: ComplaintId) -> Customer {
        let system = self.mapping.name();
        let pseudonym = self
            .layout
            .customer
            .as_ref()
            .and_then(|column| self.cell(column));
        match pseudonym {
            Some(pseudonym) => Customer::new(SubjectId::of_foreign_pseudonym(system, &pseudonym)),
            // Two customers of whom nothing is known are not taken for one.
            None => Customer::anonymous(SubjectId::of_foreign_pseudonym(
                &format!("{system}/anonymous"),
                &complaint_id.to_string(),
            )),
        }
    }

    /// When the row was made; `None` where it does not say so in a way that can be used.
    pub(crate) fn order(&mut self) -> Option<Timestamp> {
        let columns = self.layout.update.as_ref()?;
        self.time(&columns.at, None).ok()
    }

    /// Reads what the row says of its case, which has reached `latest` and has this owner.
    pub(crate) fn update(
        &mut self,
        latest: Timestamp,
        owner: Option<&Assignee>,
    ) -> Result<Update, Finding> {
        self.keep(owner);
        let (at, by) = match &self.layout.update {
            Some(columns) => (
                self.time(&columns.at, Some(latest))?,
                self.some(columns.by.as_ref(), PersonId::new)?,
            ),
            // A whole case says what it is, not when it became so.
            None => (self.time(&self.layout.received_at, None)?, None),
        };
        Ok(Update {
            at,
            by,
            class: self.class()?,
            owner: self.owner()?,
            state: self.state(),
        })
    }

    /// Remembers the values of this row in the columns in which an empty cell keeps the one before.
    fn keep(&mut self, owner: Option<&Assignee>) {
        let layout = self.layout;
        for column in &layout.keeping {
            if let Some(value) = self.own_cell(column) {
                self.kept.insert(column.number, value.into_owned());
            }
        }
        // A person stays with the department: the next one has its own.
        let department = layout.department.as_ref().and_then(|it| self.own_cell(it));
        if let (Some(now), Some(person)) = (department, &layout.person)
            && owner.is_some_and(|before| before.department.as_str() != now)
            && self.own_cell(person).is_none()
        {
            self.kept.remove(&person.number);
        }
    }

    /// Reads what a whole case, received at this time, tells of its end besides its state.
    pub(crate) fn whole(&mut self, received: Timestamp) -> Result<Whole, Finding> {
        let layout = self.layout;
        let disputed = layout
            .disputed
            .as_ref()
            .zip(self.mapping.disputed())
            .is_some_and(|(column, said)| {
                self.cell(column)
                    .is_some_and(|value| said.values.iter().any(|yes| yes.as_str() == value))
            });
        let assigned_at = self.some_time(layout.assigned_at.as_ref(), Some(received))?;
        let since = Some(received.max(assigned_at.unwrap_or(received)));
        Ok(Whole {
            assigned_at,
            due: self.some_time(layout.due.as_ref(), since)?,
            ended_at: self.some_time(layout.ended_at.as_ref(), since)?,
            disputed,
        })
    }

    fn class(&self) -> Result<Classified, Finding> {
        let layout = self.layout;
        let rules = &self.mapping.classified;
        let steps: Vec<_> = layout
            .category
            .iter()
            .map(|column| self.cell(column).unwrap_or(Cow::Borrowed(UNKNOWN)))
            .collect();
        let of = |steps: &[Cow<'_, str>]| {
            let path = self.mapping.name.branch(steps.iter().map(AsRef::as_ref));
            CategoryPath::new(path)
        };
        let category = of(&steps).map_err(|why| {
            // The column that is wrong by itself; or the first, where only all of them together are.
            let mut each = layout.category.iter().zip(steps.chunks(1));
            let wrong = each.find_map(|(column, step)| of(step).err().map(|_| column));
            let column = wrong.or(layout.category.first()).unwrap_or(&layout.key);
            self.finding(column, Problem::NotACode(why))
        })?;
        let mut class = Classified::new(category);
        if let Some(rules) = &rules.severity {
            class.severity = self.coded(layout.severity.as_ref(), rules)?;
        }
        if let Some(rules) = &rules.priority {
            class.priority = self.coded(layout.priority.as_ref(), rules)?;
        }
        Ok(class)
    }

    fn owner(&self) -> Result<Option<Assignee>, Finding> {
        let department = self.some(self.layout.department.as_ref(), DepartmentId::new)?;
        let Some(department) = department else {
            return Ok(None);
        };
        let person = self.some(self.layout.person.as_ref(), PersonId::new)?;
        Ok(Some(Assignee { department, person }))
    }

    fn state(&mut self) -> Option<StateMeaning> {
        let column = self.layout.state.as_ref()?;
        let rules = self.mapping.states.as_ref()?;
        let value = self.cell(column).unwrap_or_default();
        let meaning = rules.values.get(value.as_ref()).copied().or(rules.default);
        if meaning.is_none() {
            let value = value.into_owned();
            self.note(column, Problem::UnlistedState { value });
        }
        meaning
    }

    /// Reads why the matter arose; to be asked only of the row that resolves it.
    pub(crate) fn cause(&self) -> Result<Option<Cause>, Finding> {
        let branch = |code: String| CauseCode::new(self.mapping.name.branch([code.as_str()]));
        let code = self.some(self.layout.cause.as_ref(), branch)?;
        Ok(code.map(Cause::new))
    }

    /// Reads what is kept as the source had it; to be asked only of rows of a closed case.
    pub(crate) fn recorded(&self) -> Result<BTreeMap<String, String>, Finding> {
        let mut facts = BTreeMap::new();
        for (name, column) in &self.layout.recorded {
            if let Some(value) = self.optional(column, Label::new)? {
                facts.insert(name.clone(), value.into());
            }
        }
        Ok(facts)
    }

    fn time(&mut self, column: &Column, latest: Option<Timestamp>) -> Result<Timestamp, Finding> {
        self.some_time(Some(column), latest)?
            .ok_or_else(|| self.finding(column, Problem::Missing))
    }

    /// The time in a cell; `None` where there is no column, and where the cell is missing.
    ///
    /// Of a local time that came twice the later one is meant where the case has passed the earlier one, at `latest`.
    fn some_time(
        &mut self,
        column: Option<&Column>,
        latest: Option<Timestamp>,
    ) -> Result<Option<Timestamp>, Finding> {
        let Some((column, value)) = column.and_then(|column| Some((column, self.cell(column)?)))
        else {
            return Ok(None);
        };
        let value = value.into_owned();
        let file = &self.mapping.file;
        let formats = file.time_formats();
        let Some(written) = formats.read(&value, file.time_of_day) else {
            let formats = formats.texts();
            return Err(self.finding(column, Problem::UnreadableTime { value, formats }));
        };
        let Some(placed) = written.place(file.zone.0) else {
            return Err(self.finding(column, Problem::TimeOutOfRange { value }));
        };
        let used = placed.at;
        match placed.shift {
            Shift::None => {}
            Shift::Gap => self.note(column, Problem::TimeInGap { value, used }),
            Shift::Overlap
                if latest.is_some_and(|latest| used < latest && latest <= placed.later) =>
            {
                return Ok(Some(placed.later));
            }
            Shift::Overlap => self.note(column, Problem::TimeInOverlap { value, used }),
        }
        Ok(Some(used))
    }

    fn coded<T: Copy>(&self, column: Option<&Column>, rules: &Coded<T>) -> Result<T, Finding> {
        let value = column.and_then(|column| self.cell(column));
        let known = value.as_deref().and_then(|value| rules.values.get(value));
        known.copied().or(rules.default).ok_or_else(|| {
            let problem = match value {
                Some(value) => Problem::Unlisted {
                    value: value.into_owned(),
                },
                None => Problem::Missing,
            };
            Finding {
                line: self.line,
                column: column.cloned(),
                problem,
            }
        })
    }

    fn some<T>(
        &self,
        column: Option<&Column>,
        code: impl FnOnce(String) -> Result<T, InvalidCode>,
    ) -> Result<Option<T>, Finding> {
        column.map_or(Ok(None), |column| self.optional(column, code))
    }

    fn optional<T>(
        &self,
        column: &Column,
        code: impl FnOnce(String) -> Result<T, InvalidCode>,
    ) -> Result<Option<T>, Finding> {
        self.cell(column)
            .map(|value| code(value.into_owned()))
            .transpose()
            .map_err(|why| self.finding(column, Problem::NotACode(why)))
    }

    /// The value of a cell with even blanks, or the one that an empty cell keeps; `None` where both are missing.
    fn cell(&self, column: &Column) -> Option<Cow<'a, str>> {
        let kept = || self.kept.get(&column.number).cloned().map(Cow::Owned);
        self.own_cell(column).or_else(kept)
    }

    /// The value of a cell with even blanks; `None` where it is missing.
    fn own_cell(&self, column: &Column) -> Option<Cow<'a, str>> {
        let value = even_blanks(self.raw(column)?);
        let is_missing = |missing: &CellValue| missing.as_str() == value;
        let missing = value.is_empty() || self.mapping.file.missing.iter().any(is_missing);
        (!missing).then_some(value)
    }

    /// The cell as it stands in the row.
    fn raw(&self, column: &Column) -> Option<&'a str> {
        self.cells.get(column.number.checked_sub(1)?).copied()
    }

    pub(crate) fn finding(&self, column: &Column, problem: Problem) -> Finding {
        Finding {
            line: self.line,
            column: Some(column.clone()),
            problem,
        }
    }
}

/// How many characters of a cell are good, up to the first that is not.
fn valid_chars(cell: &[u8], error: &std::str::Utf8Error) -> usize {
    let good = cell.get(..error.valid_up_to()).unwrap_or_default();
    String::from_utf8_lossy(good).chars().count()
}
