//! Probable duplicates 疑似重复件: complaints of one customer that may be about one matter, whatever the channel.
//!
//! Nothing of this is stored: the list is worked out each time it is asked for. People decide, by a tie or a review.

use redress_core::event::{AmendmentCause, Linked, Relation};
use redress_core::{
    CategoryPath, Channel, ComplaintId, Event, Position, ProductCode, Span, Timestamp,
};
use rusqlite::params;
use uuid::Uuid;

use crate::archive::Archive;
use crate::error::ArchiveError;
use crate::query::Query;
use crate::search::ComplaintFile;
use crate::summary::Summary;

/// Two complaints that may be about one matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbableDuplicate {
    /// The complaint that was asked about; in a list of all, the one received later.
    pub complaint: ComplaintId,
    /// The other one.
    pub other: ComplaintId,
    /// Wherein they are alike, besides the customer; at least one thing.
    pub reasons: Vec<Likeness>,
    /// How long after each other they were received.
    pub apart: Span,
    /// Through which channels they came, that of `complaint` first.
    pub channels: [Channel; 2],
    /// When the later of them was received.
    pub since: Timestamp,
}

/// Wherein two complaints of one customer are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// They are of this category.
    Category(CategoryPath),
    /// They are about this product.
    Product(ProductCode),
}

impl Archive {
    /// The complaints that may be the same matter as this one, the latest received first; none for an unknown one.
    ///
    /// They are of the same customer, were received at most `within` before or after it, and are of the same category or about
    /// the same product. Left out are those that people have decided about: tied to each other in either direction as duplicate,
    /// repeat or related; tied as duplicates to the same third one; or reviewed, either of them, after both were recorded.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn probable_duplicates(
        &self,
        complaint: ComplaintId,
        within: Span,
    ) -> Result<Vec<ProbableDuplicate>, ArchiveError> {
        let Some(file) = self.file(complaint)? else {
            return Ok(Vec::new());
        };
        let others = self.undecided(&file, within)?;
        let pairs = others.iter().map(|other| pair(&file.summary, other));
        Ok(pairs.collect())
    }

    /// Every pair that may be one matter, by the later of the two: the latest received first.
    ///
    /// To go on, ask again after the last pair of the list before: what was received meanwhile does not shift it.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn all_probable_duplicates(
        &self,
        within: Span,
        after: Option<&ProbableDuplicate>,
        limit: usize,
    ) -> Result<Vec<ProbableDuplicate>, ArchiveError> {
        // What lies further apart than this cannot be received at all, and larger numbers cannot be subtracted.
        let longest = Timestamp::MAX.since(Timestamp::MIN);
        let (since, id) = after.map_or((Timestamp::MAX, Uuid::max()), |last| {
            (last.since, last.complaint.as_uuid())
        });
        let mut statement = self.connection.prepare_cached(LATER_OF_A_PAIR)?;
        let mut rows = statement.query(params![
            since.as_micros(),
            id.as_bytes(),
            within.min(longest).as_micros()
        ])?;
        let mut pairs = Vec::new();
        while pairs.len() < limit
            && let Some(row) = rows.next()?
        {
            let id = ComplaintId::new(Uuid::from_bytes(row.get(0)?));
            let later = self.file(id)?.ok_or_else(ArchiveError::damaged)?;
            let told = after.filter(|last| last.complaint == id).map(earlier);
            let bound = told.unwrap_or_else(|| place(&later.summary));
            let others = self.undecided(&later, within)?.into_iter();
            let earlier = others.filter(|other| place(other) < bound);
            pairs.extend(earlier.map(|other| pair(&later.summary, &other)));
        }
        pairs.truncate(limit);
        Ok(pairs)
    }

    /// The complaints that are like this one and that nobody has decided about, the latest received first.
    fn undecided(&self, file: &ComplaintFile, within: Span) -> Result<Vec<Summary>, ArchiveError> {
        let own = &file.summary;
        let from = own.received_at + (Span::ZERO - within);
        let to = own.received_at + within + Span::micros(1);
        let same_customer = Query::new().subject(own.subject).received(from..to);
        let mut undecided = Vec::new();
        for hit in self.search(&same_customer.limit(usize::MAX))? {
            let other = hit.summary;
            let alike = other.id != own.id && !likeness(own, &other).is_empty();
            if alike && !are_tied(own, &other) {
                let other_file = self.file(other.id)?.ok_or_else(ArchiveError::damaged)?;
                if !is_reviewed(file, &other_file) {
                    undecided.push(other);
                }
            }
        }
        Ok(undecided)
    }
}

/// Complaints with an earlier one of the same customer that is like them; ties and reviews are judged afterwards.
const LATER_OF_A_PAIR: &str = "
    SELECT later.id FROM complaints AS later
    WHERE (later.received_at, later.id) <= (?1, ?2) AND EXISTS (
        SELECT 1 FROM complaints AS earlier
        WHERE earlier.subject = later.subject
            AND (earlier.received_at, earlier.id) < (later.received_at, later.id)
            AND earlier.received_at >= later.received_at - ?3
            AND (earlier.category = later.category OR earlier.product = later.product)
    )
    ORDER BY later.received_at DESC, later.id DESC";

/// Where a complaint stands among all of them; of two received together, the greater id is the later one.
const fn place(summary: &Summary) -> (Timestamp, ComplaintId) {
    (summary.received_at, summary.id)
}

/// Where the other one of a pair stands, if it is the earlier one.
fn earlier(pair: &ProbableDuplicate) -> (Timestamp, ComplaintId) {
    (pair.since + (Span::ZERO - pair.apart), pair.other)
}

fn pair(own: &Summary, other: &Summary) -> ProbableDuplicate {
    let since = own.received_at.max(other.received_at);
    ProbableDuplicate {
        complaint: own.id,
        other: other.id,
        reasons: likeness(own, other),
        apart: since.since(own.received_at.min(other.received_at)),
        channels: [own.channel, other.channel],
        since,
    }
}

fn likeness(one: &Summary, other: &Summary) -> Vec<Likeness> {
    let category = one
        .category
        .as_ref()
        .filter(|_| one.category == other.category);
    let code = |summary: &Summary| summary.product.as_ref().map(|product| product.code.clone());
    let product = code(one).filter(|_| code(one) == code(other));
    let category = category.cloned().map(Likeness::Category);
    category
        .into_iter()
        .chain(product.map(Likeness::Product))
        .collect()
}

/// Whether people have said what the two are to each other.
fn are_tied(one: &Summary, other: &Summary) -> bool {
    is_tied(one, other.id)
        || is_tied(other, one.id)
        || originals(one).any(|original| originals(other).any(|same| same == original))
}

/// Whether one of the two was reviewed when both were known.
fn is_reviewed(one: &ComplaintFile, other: &ComplaintFile) -> bool {
    let known = arrived(one).max(arrived(other));
    last_review(one).max(last_review(other)) > known
}

fn arrived(file: &ComplaintFile) -> Option<Position> {
    file.timeline.first().map(|fact| fact.position)
}

fn last_review(file: &ComplaintFile) -> Option<Position> {
    let mut latest_first = file.timeline.iter().rev();
    let review = latest_first.find(|fact| {
        matches!(&fact.event, Event::Amended(fact) if fact.cause == AmendmentCause::ManualReview)
    });
    review.map(|fact| fact.position)
}

fn is_tied(summary: &Summary, to: ComplaintId) -> bool {
    summary.links.iter().any(|link| {
        link.target == to
            && match link.relation {
                Relation::DuplicateOf | Relation::RepeatOf | Relation::Related => true,
                // One of a group may be a duplicate within it.
                Relation::PartOf => false,
            }
    })
}

/// What a complaint is tied to as a duplicate.
fn originals(summary: &Summary) -> impl Iterator<Item = ComplaintId> {
    let is_duplicate = |link: &&Linked| link.relation == Relation::DuplicateOf;
    summary
        .links
        .iter()
        .filter(is_duplicate)
        .map(|link| link.target)
}
