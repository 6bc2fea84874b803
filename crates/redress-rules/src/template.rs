//! The templates of Declare, by the names analysts know.
//!
//! Names and meaning follow Pesic (2008) and Di Ciccio and Mecella (2015); the meaning of each is written as a formula
//! over finite histories in `ltlf`.

/// A shape of rule about one or two patterns, here called `a` and `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Template {
    /// The history begins with `a`.
    Init,
    /// `a` occurs at least `n` times.
    Existence,
    /// `a` occurs fewer than `n` times; with 1, never.
    Absence,
    /// `a` occurs `n` times, no more and no less.
    Exactly,
    /// `a` occurs, or `b`, or both.
    Choice,
    /// `a` occurs or `b`, but not both.
    ExclusiveChoice,
    /// If `a` occurs, so does `b`, before or after it.
    RespondedExistence,
    /// Both occur, or neither.
    CoExistence,
    /// After each `a` comes a `b`.
    Response,
    /// Before each `b` came an `a`.
    Precedence,
    /// Both: after each `a` comes a `b`, and before each `b` came an `a`.
    Succession,
    /// After each `a` comes a `b`, with no other `a` between.
    AlternateResponse,
    /// Before each `b` came an `a`, with no other `b` between.
    AlternatePrecedence,
    /// Both of these.
    AlternateSuccession,
    /// The fact right after each `a` is a `b`.
    ChainResponse,
    /// The fact right before each `b` is an `a`.
    ChainPrecedence,
    /// Both of these.
    ChainSuccession,
    /// If `a` occurs, `b` does not, neither before nor after it.
    NotRespondedExistence,
    /// `a` and `b` do not both occur.
    NotCoExistence,
    /// After an `a` no `b` comes.
    NotResponse,
    /// Before a `b` no `a` came.
    NotPrecedence,
    /// After an `a` no `b` comes.
    NotSuccession,
    /// The fact right after an `a` is no `b`.
    NotChainResponse,
    /// The fact right before a `b` is no `a`.
    NotChainPrecedence,
    /// The fact right after an `a` is no `b`.
    NotChainSuccession,
}

impl Template {
    /// Every template.
    pub const ALL: [Self; 25] = [
        Self::Init,
        Self::Existence,
        Self::Absence,
        Self::Exactly,
        Self::Choice,
        Self::ExclusiveChoice,
        Self::RespondedExistence,
        Self::CoExistence,
        Self::Response,
        Self::Precedence,
        Self::Succession,
        Self::AlternateResponse,
        Self::AlternatePrecedence,
        Self::AlternateSuccession,
        Self::ChainResponse,
        Self::ChainPrecedence,
        Self::ChainSuccession,
        Self::NotRespondedExistence,
        Self::NotCoExistence,
        Self::NotResponse,
        Self::NotPrecedence,
        Self::NotSuccession,
        Self::NotChainResponse,
        Self::NotChainPrecedence,
        Self::NotChainSuccession,
    ];

    /// Its name in a rule.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Existence => "existence",
            Self::Absence => "absence",
            Self::Exactly => "exactly",
            Self::Choice => "choice",
            Self::ExclusiveChoice => "exclusive_choice",
            Self::RespondedExistence => "responded_existence",
            Self::CoExistence => "co_existence",
            Self::Response => "response",
            Self::Precedence => "precedence",
            Self::Succession => "succession",
            Self::AlternateResponse => "alternate_response",
            Self::AlternatePrecedence => "alternate_precedence",
            Self::AlternateSuccession => "alternate_succession",
            Self::ChainResponse => "chain_response",
            Self::ChainPrecedence => "chain_precedence",
            Self::ChainSuccession => "chain_succession",
            Self::NotRespondedExistence => "not_responded_existence",
            Self::NotCoExistence => "not_co_existence",
            Self::NotResponse => "not_response",
            Self::NotPrecedence => "not_precedence",
            Self::NotSuccession => "not_succession",
            Self::NotChainResponse => "not_chain_response",
            Self::NotChainPrecedence => "not_chain_precedence",
            Self::NotChainSuccession => "not_chain_succession",
        }
    }

    /// How many patterns it speaks of, and whether it counts.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::Init => Shape::One,
            Self::Existence | Self::Absence | Self::Exactly => Shape::Counted,
            Self::Choice
            | Self::ExclusiveChoice
            | Self::RespondedExistence
            | Self::CoExistence
            | Self::NotRespondedExistence
            | Self::NotCoExistence => Shape::Two,
            Self::Response
            | Self::Precedence
            | Self::Succession
            | Self::AlternateResponse
            | Self::AlternatePrecedence
            | Self::AlternateSuccession
            | Self::ChainResponse
            | Self::ChainPrecedence
            | Self::ChainSuccession
            | Self::NotResponse
            | Self::NotPrecedence
            | Self::NotSuccession
            | Self::NotChainResponse
            | Self::NotChainPrecedence
            | Self::NotChainSuccession => Shape::Ordered,
        }
    }
}

/// How many patterns a template speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One.
    One,
    /// One, and a number of times.
    Counted,
    /// Two, in any order.
    Two,
    /// Two, one after the other: who did them and how much time lay between can be asked.
    Ordered,
}
