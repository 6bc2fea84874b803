//! The digest of a query: what a cursor is checked against.

use redress_core::Timestamp;
use uuid::Uuid;

use crate::moment::Moment;
use crate::query::{Match, Query, Sort};

/// Tells the digests of queries from other ids.
const NAMESPACE: Uuid = Uuid::from_u128(0x2f0f_4a52_9d5b_4c06_8b17_6f0c_5c3e_a911);

impl Query {
    /// The same for queries that ask the same in the same order, whatever the limit and where they go on.
    pub(crate) fn digest(&self) -> Uuid {
        let mut asked: Vec<String> = self
            .conditions
            .iter()
            .flat_map(|condition| {
                let field = format!("{:?}", condition.field);
                condition
                    .any
                    .iter()
                    .map(move |wanted| format!("{field} {}", said(wanted)))
            })
            .collect();
        asked.sort_unstable();
        asked.dedup();
        asked.push(match &self.sort {
            Sort::Received => "by receipt".to_owned(),
            Sort::Due(moment) => format!("by deadline {}", when(moment)),
            Sort::Closed => "by closing".to_owned(),
            Sort::Severity => "by severity".to_owned(),
        });
        // Each part with its length, so that no two lists of parts make the same bytes.
        let bytes: Vec<u8> = asked
            .iter()
            .flat_map(|part| [&part.len().to_be_bytes(), part.as_bytes()].concat())
            .collect();
        Uuid::new_v5(&NAMESPACE, &bytes)
    }
}

impl Query {
    /// The instant that it reads clocks at; none where it reads no clocks.
    pub(crate) fn reads_clocks_at(&self) -> Option<Timestamp> {
        let sorted_by = match &self.sort {
            Sort::Due(moment) => Some(moment.at()),
            Sort::Received | Sort::Closed | Sort::Severity => None,
        };
        let mut wanted = self.conditions.iter().flat_map(|one| &one.any);
        sorted_by.or_else(|| {
            wanted.find_map(|wanted| match wanted {
                Match::Clock { moment, .. } | Match::Due { moment, .. } => Some(moment.at()),
                Match::Words(_)
                | Match::Is(_)
                | Match::Complaint(_)
                | Match::Within(_)
                | Match::AtLeast(_)
                | Match::Between(..)
                | Match::Truth(_) => None,
            })
        })
    }
}

fn said(wanted: &Match) -> String {
    match wanted {
        Match::Words(words) => format!("words {}", words.known().map_or("", String::as_str)),
        Match::Clock {
            kind,
            statuses,
            moment,
        } => format!("{kind:?} {statuses:?} {}", when(moment)),
        Match::Due { period, moment } => format!("{period:?} {}", when(moment)),
        Match::Is(_)
        | Match::Complaint(_)
        | Match::Within(_)
        | Match::AtLeast(_)
        | Match::Between(..)
        | Match::Truth(_) => format!("{wanted:?}"),
    }
}

fn when(moment: &Moment) -> String {
    let rules = moment.rules();
    let version = &rules.in_force_at(moment.at()).version;
    format!("{version} {} {}", rules.adoptions().len(), moment.at())
}
