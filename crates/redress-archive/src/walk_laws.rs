//! What is walked along is what a slow look at every complaint finds, however the ways race and the words are looked for.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use redress_core::{Channel, State, Timestamp};
use rusqlite::params;
use uuid::Uuid;

use crate::filter::Walk;
use crate::number::PIECE_BITS;
use crate::page::by_column;
use crate::{Archive, Query, Sort};

/// Words by how many of a hundred complaints hold them.
const WORDS: [(&str, u8); 4] = [("退款", 60), ("late", 30), ("破损", 12), ("odd", 1)];

#[derive(Clone, Debug)]
struct Drawn {
    gap: i64,
    received_at: i64,
    is_closed: bool,
    is_email: bool,
    /// Which of the words, and in which of two texts.
    words: [(bool, bool); 4],
}

impl Drawn {
    fn holds(&self, words: &[usize]) -> bool {
        words.iter().all(|word| self.words[*word].0)
    }
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let gap = prop_oneof![9 => 1..20_i64, 1 => 300..2_000_i64];
    let word = |index: usize| (0..100_u8).prop_map(move |number| number < WORDS[index].1);
    let words = [0, 1, 2, 3].map(|index| (word(index), any::<bool>()));
    (gap, 0..5_000_i64, 0..10_u8, any::<bool>(), words).prop_map(
        |(gap, received_at, closed, is_email, words)| Drawn {
            gap,
            received_at,
            is_closed: closed > 0,
            is_email,
            words,
        },
    )
}

/// An archive of these complaints; their numbers.
fn archive(complaints: &[Drawn]) -> (Archive, Vec<i64>) {
    let archive = Archive::in_memory(Uuid::from_u128(1)).unwrap();
    let transaction = archive.connection.unchecked_transaction().unwrap();
    let mut numbers = Vec::new();
    let mut number = 0;
    for drawn in complaints {
        number += drawn.gap;
        numbers.push(number);
        transaction
            .prepare_cached(
                "INSERT INTO complaints (n, id, received_at, closed_at, reached, asked, severity_rank, subject, state, cycle, level,
                     channel, source, safety, intake_department)
                 VALUES (?1, unhex(format('%032x', ?1)), ?2, iif(?3, ?2 + 5, NULL), 0, 0, 0, 'customer',
                     iif(?3, 'closed', 'processing'), 1, 0, iif(?4, 'email', 'sms'), 'internal', 0, 'intake')",
            )
            .unwrap()
            .execute(params![number, drawn.received_at, drawn.is_closed, drawn.is_email])
            .unwrap();
        for (index, (holds, second)) in drawn.words.iter().enumerate() {
            let piece = (number << PIECE_BITS)
                + 8 * (1 + 2 * i64::try_from(index).unwrap())
                + i64::from(*second);
            let (text, pairs) = match WORDS[index].0 {
                "退款" => ("退 款", "退款"),
                "破损" => ("破 损", "破损"),
                word => (word, ""),
            };
            if *holds {
                transaction
                    .prepare_cached("INSERT INTO words (rowid, text, pairs) VALUES (?, ?, ?)")
                    .unwrap()
                    .execute(params![piece, text, pairs])
                    .unwrap();
            }
        }
    }
    transaction.commit().unwrap();
    (archive, numbers)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 12,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(4),
        max_shrink_iters: 50,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn walks_find_what_a_slow_look_finds(
        complaints in prop::collection::vec(drawn(), 1_100..1_400),
        asked in prop::collection::vec((prop::collection::vec(0..4_usize, 0..3), any::<[Option<bool>; 2]>(), any::<bool>()), 8),
        limit in 1..60_usize,
    ) {
        let (archive, numbers) = archive(&complaints);
        for (words, [closed, email], in_period) in asked {
            let mut query = Query::new();
            if !words.is_empty() {
                let sought: Vec<&str> = words.iter().map(|word| WORDS[*word].0).collect();
                query = query.text(sought.join(" "));
            }
            if let Some(closed) = closed {
                query = query.state(if closed { State::Closed } else { State::Processing });
            }
            if let Some(email) = email {
                query = query.channel(if email { Channel::Email } else { Channel::Sms });
            }
            let period = 1_000..4_000;
            if in_period {
                let instant = |micros| Timestamp::from_micros(micros).unwrap();
                query = query.received(instant(period.start)..instant(period.end));
            }
            let mut expected: Vec<(i64, i64)> = complaints
                .iter()
                .zip(&numbers)
                .filter(|(drawn, _)| drawn.holds(&words))
                .filter(|(drawn, _)| closed.is_none_or(|closed| drawn.is_closed == closed))
                .filter(|(drawn, _)| email.is_none_or(|email| drawn.is_email == email))
                .filter(|(drawn, _)| !in_period || period.contains(&drawn.received_at))
                .map(|(drawn, number)| (drawn.received_at, *number))
                .collect();
            expected.sort_unstable_by_key(|place| std::cmp::Reverse(*place));
            let expected: Vec<i64> = expected.into_iter().map(|(_, number)| number).collect();
            let found = |query: &Query| {
                let walk = Walk::of(&archive.connection, query).unwrap();
                let places = by_column(&archive.connection, query, walk).unwrap();
                places.into_iter().map(|place| place.number.get()).collect::<Vec<_>>()
            };
            let page: Vec<i64> = expected.iter().copied().take(limit).collect();
            prop_assert_eq!(found(&query.clone().limit(limit)), page);
            prop_assert_eq!(&found(&query.clone().limit(usize::MAX)), &expected);
            let mut by_closing = found(&query.clone().sort(Sort::Closed).limit(usize::MAX));
            by_closing.sort_unstable();
            let mut all = expected.clone();
            all.sort_unstable();
            prop_assert_eq!(by_closing, all);
            let count = expected.len() as u64;
            prop_assert_eq!(archive.count(&query).unwrap(), count);
            prop_assert_eq!(archive.count_up_to(&query, 100).unwrap(), count.min(100));
        }
    }
}
