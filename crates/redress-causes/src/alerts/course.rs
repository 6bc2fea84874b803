//! How the warning of one group went: raised, graver, less grave, ended.

use redress_core::action::AlertLevel;
use redress_core::policy::WarningRule;
use redress_core::{Span, Timestamp};

use super::judgement::{NotEvaluable, Verdict, judge, sample};
use super::stairs::Stairs;

/// A rule and one of its figures.
pub(super) struct Watch<'a> {
    pub(super) rule: &'a WarningRule,
    pub(super) stairs: &'a Stairs,
    /// From when on the rule is in force.
    pub(super) from: Timestamp,
    /// Until just before when it is.
    pub(super) until: Option<Timestamp>,
    /// From when on a whole window lies in the time that is recorded.
    pub(super) horizon: Timestamp,
}

/// A warning that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Episode {
    /// How grave it was from when on; the first one is how it was raised.
    pub(super) levels: Vec<(Timestamp, AlertLevel)>,
    pub(super) ended_at: Option<Timestamp>,
}

/// How it went up to an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Course {
    pub(super) episodes: Vec<Episode>,
    /// Why its figure cannot be judged then.
    pub(super) not_evaluable: Option<NotEvaluable>,
}

/// After a warning has ended, none that is not graver is raised before this is over.
struct Quiet {
    until: Timestamp,
    worst: AlertLevel,
}

impl Watch<'_> {
    /// How the warning went up to `now`, that instant included.
    pub(super) fn course(&self, now: Timestamp) -> Course {
        let mut going = Going {
            watch: self,
            episodes: Vec::new(),
            quiet: None,
        };
        let mut last = None;
        for at in self.instants(now) {
            going.end_quiet(last, at);
            going.judge(at);
            last = Some(at);
        }
        let end = self.end(now);
        going.end_quiet(last, end + Span::micros(1));
        let mut episodes = going.episodes;
        if let (Some(until), Some(episode)) = (self.until, episodes.last_mut())
            && until <= now
        {
            episode.ended_at.get_or_insert(until);
        }
        Course {
            episodes,
            not_evaluable: self.not_evaluable(end),
        }
    }

    /// The last instant up to `now` at which the rule was in force.
    fn end(&self, now: Timestamp) -> Timestamp {
        self.until
            .map_or(now, |until| now.min(until + Span::micros(-1)))
    }

    /// When it can change how the warning stands: at steps of the figure, and of the figure in the windows before.
    fn instants(&self, now: Timestamp) -> Vec<Timestamp> {
        let end = self.end(now);
        if end < self.from {
            return Vec::new();
        }
        let periods = self.rule.levels.values().map(|level| level.periods()).max();
        let periods = periods.unwrap_or(0);
        let steps: Vec<Timestamp> = self.stairs.steps().collect();
        let mut instants = vec![self.from];
        let mut horizon = self.horizon;
        let mut later = Span::ZERO;
        for _ in 0..=periods {
            let moved = steps.iter().map(|step| *step + later);
            instants.extend(
                moved
                    .chain([horizon])
                    .filter(|at| (self.from..=end).contains(at)),
            );
            horizon = horizon + self.rule.window;
            later = later + self.rule.window;
        }
        instants.sort_unstable();
        instants.dedup();
        instants
    }

    /// How the figure stands against the threshold of each level, the mildest first.
    fn verdicts(&self, at: Timestamp) -> Vec<(AlertLevel, Verdict)> {
        let levels = self.rule.levels.iter();
        let verdicts = levels.map(|(level, threshold)| {
            let verdict = judge(self.rule, *threshold, self.stairs, (at, self.horizon));
            (*level, verdict)
        });
        verdicts.collect()
    }

    /// Why some level cannot be told from the others.
    fn not_evaluable(&self, at: Timestamp) -> Option<NotEvaluable> {
        if let Err(why) = sample(self.rule, self.stairs.at(at)) {
            return Some(why);
        }
        self.verdicts(at)
            .into_iter()
            .find_map(|(_, verdict)| match verdict {
                Verdict::Unknown(why) => Some(why),
                Verdict::Reached | Verdict::Held | Verdict::Calm => None,
            })
    }
}

struct Going<'a> {
    watch: &'a Watch<'a>,
    episodes: Vec<Episode>,
    quiet: Option<Quiet>,
}

impl Going<'_> {
    /// Judges at the end of a quiet time that lies between two instants: what was held back may be raised then.
    fn end_quiet(&mut self, last: Option<Timestamp>, next: Timestamp) {
        let until = self.quiet.as_ref().map(|quiet| quiet.until);
        if let Some(until) = until.filter(|until| last < Some(*until) && *until < next) {
            self.judge(until);
        }
    }

    fn judge(&mut self, at: Timestamp) {
        let verdicts = self.watch.verdicts(at);
        let highest = |counts: &dyn Fn(AlertLevel, Verdict) -> bool| {
            let mut levels = verdicts.iter().rev();
            levels
                .find(|(level, verdict)| counts(*level, *verdict))
                .map(|(level, _)| *level)
        };
        let standing = self
            .episodes
            .last_mut()
            .filter(|last| last.ended_at.is_none());
        let Some(episode) = standing else {
            let reached = highest(&|_, verdict| verdict == Verdict::Reached);
            if let Some(level) = reached.filter(|level| !self.is_quiet(*level, at)) {
                self.episodes.push(Episode {
                    levels: vec![(at, level)],
                    ended_at: None,
                });
            }
            return;
        };
        let Some((_, level)) = episode.levels.last().copied() else {
            return;
        };
        let goes_on = highest(&|own, verdict| match verdict {
            Verdict::Reached => true,
            Verdict::Held => own <= level,
            // Nothing shows that it is over.
            Verdict::Unknown(_) => own == level,
            Verdict::Calm => false,
        });
        match goes_on {
            Some(next) if next == level => {}
            Some(next) => episode.levels.push((at, next)),
            None => {
                episode.ended_at = Some(at);
                let worst = episode.levels.iter().map(|(_, level)| *level).max();
                self.quiet = Some(Quiet {
                    until: at + self.watch.rule.cooldown,
                    worst: worst.unwrap_or(level),
                });
            }
        }
    }

    fn is_quiet(&self, level: AlertLevel, at: Timestamp) -> bool {
        let quiet = self.quiet.as_ref();
        quiet.is_some_and(|quiet| at < quiet.until && level <= quiet.worst)
    }
}
