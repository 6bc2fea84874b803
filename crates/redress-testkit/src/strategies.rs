//! Random histories: valid ones, ones that reach a state, and several interleaved.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use redress_core::event::Priority;
use redress_core::{ComplaintId, Policy, Position, Recorded, Span, State};
use uuid::Uuid;

use crate::cast::Cast;
use crate::history::{History, Step};
use crate::key::{deadlines, key};
use crate::process::Process;
use crate::wish::{End, Move, Wish, vocabulary};

/// A choice among what is possible, and among waits.
type Choice = (u16, u8);

/// Histories of at most so many steps that the process accepts. Each step is chosen among those that are possible, so
/// that histories get far; a shorter one is simpler.
///
/// Strategies hold the process, as proptest's values outlive the call that makes them.
pub fn valid_history<P: Process + 'static>(
    process: Arc<P>,
    most: usize,
) -> impl Strategy<Value = History> {
    vec(any::<Choice>(), 0..=most)
        .prop_map(move |choices| walk(&*process, History::default(), &choices))
}

/// Histories of at most so many steps, and then as many as it takes to end in this state.
///
/// Where no way leads on from the random part, there is none. A state that the process cannot reach at all gives the
/// random part alone; [`Branch::possible`](crate::Branch::possible) asks whether it can.
pub fn history_reaching<P: Process + 'static>(
    process: Arc<P>,
    state: State,
    most: usize,
) -> impl Strategy<Value = History> {
    valid_history(Arc::clone(&process), most).prop_map(move |history| {
        let onward = lead_to(&*process, &history, state);
        onward
            .or_else(|| lead_to(&*process, &History::default(), state))
            .unwrap_or(history)
    })
}

/// The facts of `n` complaints with valid histories of at most so many steps each, in one order, positions counted anew.
/// The facts of each complaint keep their own order.
pub fn interleavings<P: Process + 'static>(
    process: Arc<P>,
    n: usize,
    most: usize,
) -> impl Strategy<Value = Vec<Recorded>> {
    let histories = vec(valid_history(process, most), n);
    (
        histories,
        vec(any::<u16>(), n.saturating_mul(most).saturating_mul(2)),
    )
        .prop_map(|(histories, order)| interleave(&histories, &order))
}

fn interleave(histories: &[History], order: &[u16]) -> Vec<Recorded> {
    let mut left: Vec<VecDeque<Recorded>> = histories
        .iter()
        .enumerate()
        .map(|(number, history)| {
            history
                .facts()
                .iter()
                .map(|fact| renamed(fact, number))
                .collect()
        })
        .collect();
    let mut order = order
        .iter()
        .copied()
        .map(usize::from)
        .chain(std::iter::repeat(0));
    let mut facts: Vec<Recorded> = Vec::new();
    loop {
        left.retain(|queue| !queue.is_empty());
        let Some(turn) = order.next().and_then(|turn| turn.checked_rem(left.len())) else {
            return facts;
        };
        if let Some(mut fact) = left.get_mut(turn).and_then(VecDeque::pop_front) {
            fact.position = Position::new(u64::try_from(facts.len()).unwrap_or(u64::MAX));
            // The system's clock goes by the order of positions.
            let last = facts
                .last()
                .map_or(fact.recorded_at, |last| last.recorded_at);
            fact.recorded_at = fact.recorded_at.max(last);
            facts.push(fact);
        }
    }
}

/// The same fact about another complaint, with ids of its own.
fn renamed(fact: &Recorded, number: usize) -> Recorded {
    let of = (number as u128 + 1) << 96;
    let id = |id: &Uuid| Uuid::from_u128(id.as_u128() | of);
    Recorded {
        complaint_id: ComplaintId::new(Uuid::from_u128(of | 1)),
        event_id: redress_core::EventId::new(id(&fact.event_id.as_uuid())),
        command_id: redress_core::CommandId::new(id(&fact.command_id.as_uuid())),
        ..fact.clone()
    }
}

/// Goes on with a history by choices among what is possible; stops where nothing is.
pub(crate) fn walk<P: Process + ?Sized>(
    process: &P,
    mut history: History,
    choices: &[Choice],
) -> History {
    let cast = Cast::of(process.policy());
    let everything = by_command(&cast);
    let onward = ONWARD.map(|wish| vec![Move { by: 0, wish }]);
    for (which, wait) in choices {
        let waits = waits(process, &history);
        let wait = waits
            .get(usize::from(*wait) % waits.len().max(1))
            .copied()
            .unwrap_or(Span::ZERO);
        let which = usize::from(*which);
        let onward = if which.is_multiple_of(2) {
            &onward[..]
        } else {
            &[]
        };
        let step = choose(process, &cast, onward, &history, wait, which / 2)
            .or_else(|| choose(process, &cast, &everything, &history, wait, which / 2));
        if step.is_none_or(|step| history.push(process, step).is_err()) {
            return history;
        }
    }
    history
}

/// First a command, then one of its forms: otherwise commands with many forms would crowd out the others. Where the choice
/// is not possible, the next one that is.
fn choose<P: Process + ?Sized>(
    process: &P,
    cast: &Cast,
    commands: &[Vec<Move>],
    history: &History,
    wait: Span,
    which: usize,
) -> Option<Step> {
    let first = which.checked_rem(commands.len())?;
    let form = which / commands.len();
    let from_first = commands.iter().cycle().skip(first).take(commands.len());
    let moves = from_first.flat_map(|forms| {
        let form = form.checked_rem(forms.len()).unwrap_or(0);
        forms.iter().cycle().skip(form).take(forms.len())
    });
    moves
        .map(|one| step(process, cast, *one, history, wait))
        .find(|step| history.would_add(process, step))
}

fn step<P: Process + ?Sized>(
    process: &P,
    cast: &Cast,
    one: Move,
    history: &History,
    wait: Span,
) -> Step {
    let now = history.now() + wait;
    let command = one
        .wish
        .command(cast, history.complaint(), process.policy(), now);
    Step {
        wait,
        actor: cast.person(one.by),
        command,
    }
}

/// Every move, those of the same command together.
fn by_command(cast: &Cast) -> Vec<Vec<Move>> {
    let mut commands: BTreeMap<&str, Vec<Move>> = BTreeMap::new();
    let (nothing, policy) = (History::default(), Policy::standard());
    for wish in vocabulary(cast.people.len()) {
        let command = wish.command(cast, nothing.complaint(), &policy, nothing.now());
        let moves = (0..people(wish, cast)).map(|by| Move { by, wish });
        commands.entry(command.name()).or_default().extend(moves);
    }
    commands.into_values().collect()
}

/// Waits of a random step: mostly none, and around the next instant that matters.
fn waits<P: Process + ?Sized>(process: &P, history: &History) -> Vec<Span> {
    let mut waits = vec![
        Span::ZERO,
        Span::ZERO,
        Span::minutes(1),
        Span::hours(3),
        Span::hours(26),
    ];
    let next = deadlines(history.complaint(), process.policy(), history.now(), true);
    if let Some(at) = next.first() {
        let left = at.since(history.now());
        waits.extend([left, left + Span::micros(1)]);
    }
    waits
}

/// How many people may have the wish: where it matters who does, all of them.
fn people(wish: Wish, cast: &Cast) -> usize {
    match wish {
        Wish::Resolve => cast.people.len(),
        Wish::Receive
        | Wish::Classify(_)
        | Wish::Assign { .. }
        | Wish::Contribute { .. }
        | Wish::Escalate { .. }
        | Wish::Acknowledge
        | Wish::Progress
        | Wish::TellResult
        | Wish::Reply(_)
        | Wish::NotReached { .. }
        | Wish::Reached { .. }
        | Wish::Pause
        | Wish::Resume
        | Wish::Note
        | Wish::Amend
        | Wish::Extend { .. }
        | Wish::Link
        | Wish::Close(_)
        | Wish::Reopen
        | Wish::Erase => 1,
    }
}

/// What comes next in most states. Every other choice is made among these, so that histories get far.
const ONWARD: [Wish; 7] = [
    Wish::Receive,
    Wish::Classify(Priority::Normal),
    Wish::Assign {
        lead: 0,
        joint: false,
    },
    Wish::Resume,
    Wish::Resolve,
    Wish::TellResult,
    Wish::Reopen,
];

/// What leads from state to state; nothing else has to be tried to get anywhere.
const LEADING: [Wish; 9] = [
    Wish::Receive,
    Wish::Classify(Priority::Normal),
    Wish::Assign {
        lead: 0,
        joint: false,
    },
    Wish::Contribute { done: true },
    Wish::Escalate { to: None },
    Wish::Resolve,
    Wish::TellResult,
    Wish::Close(End::Withdrawn),
    Wish::Reopen,
];

/// The shortest continuation of a history that ends in a state.
fn lead_to<P: Process + ?Sized>(process: &P, history: &History, state: State) -> Option<History> {
    let cast = Cast::of(process.policy());
    let leading = LEADING.map(|wish| Move { by: 0, wish });
    let identity =
        |history: &History| key(history.complaint(), process.policy(), history.now(), false);
    let mut known = HashSet::from([identity(history)]);
    let mut left = VecDeque::from([history.clone()]);
    while let Some(history) = left.pop_front() {
        if history.complaint().state() == state {
            return Some(history);
        }
        for one in leading {
            let step = step(process, &cast, one, &history, Span::ZERO);
            let mut longer = history.clone();
            if longer.push(process, step).is_ok() && known.insert(identity(&longer)) {
                left.push_back(longer);
            }
        }
    }
    None
}
