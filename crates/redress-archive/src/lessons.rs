//! Lessons: how complaints like this one were solved before 典型案例.

use redress_core::event::Satisfaction;
use redress_core::{CategoryPath, CauseCode, ComplaintId, ProductCode};
use rusqlite::params;

use crate::archive::Archive;
use crate::batch::number_of;
use crate::error::ArchiveError;
use crate::number::{Number, to_integer};
use crate::query::TYPICAL_CASE;
use crate::row::code;
use crate::summary::Summary;

/// A complaint like another one that was solved and closed.
///
/// Its remedies, its root cause and how it ended stand in the summary. What was said is personal: [`Archive::file`] has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The complaint that was solved.
    pub summary: Summary,
    /// How like it is: the points of [`Archive::similar`].
    pub score: u32,
}

impl Archive {
    /// Complaints like this one that were solved and closed: what there is to learn from them.
    ///
    /// Points: 4 for the same root cause, 3 for the same category, 2 for the same product. A complaint without any of these
    /// is not like it. One more point for a customer who was satisfied, and one for the tag [`TYPICAL_CASE`]. The most points
    /// first, then the latest closed, then the greater id. Complaints without a solution, duplicates, withdrawn and refused
    /// ones teach nothing and are left out.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn similar(
        &self,
        complaint: ComplaintId,
        limit: usize,
    ) -> Result<Vec<Lesson>, ArchiveError> {
        let Some(number) = number_of(&self.connection, complaint)? else {
            return Ok(Vec::new());
        };
        let (summary, _) = self.row(number)?;
        let product = summary.product.as_ref().map(|product| &product.code);
        let mut statement = self.connection.prepare_cached(SIMILAR)?;
        let mut rows = statement.query(params![
            summary.cause.as_ref().map(CauseCode::as_str),
            summary.category.as_ref().map(CategoryPath::as_str),
            product.map(ProductCode::as_str),
            number,
            code(&Satisfaction::Satisfied),
            TYPICAL_CASE,
            to_integer(u64::try_from(limit).unwrap_or(u64::MAX)).unwrap_or(i64::MAX),
        ])?;
        let mut lessons = Vec::new();
        while let Some(row) = rows.next()? {
            let (summary, _) = self.row(Number::of_row(row.get(0)?)?)?;
            lessons.push(Lesson {
                summary,
                score: row.get(1)?,
            });
        }
        Ok(lessons)
    }
}

/// The rule of [`Archive::similar`].
const SIMILAR: &str = "
SELECT n, 4 * (cause IS NOT NULL AND cause IS ?1) + 3 * (category IS NOT NULL AND category IS ?2)
    + 2 * (product IS NOT NULL AND product IS ?3) + (satisfaction IS ?5)
    + EXISTS (SELECT 1 FROM tags WHERE tags.n = complaints.n AND tags.value = ?6) AS score
FROM complaints
WHERE (cause = ?1 OR category = ?2 OR product = ?3) AND n <> ?4 AND resolved_at IS NOT NULL AND closed_at IS NOT NULL
    AND outcome NOT IN ('duplicate', 'withdrawn', 'refused')
ORDER BY score DESC, closed_at DESC, id DESC LIMIT ?7";
