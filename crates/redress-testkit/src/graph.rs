//! Which place leads to which, and from where a place can be reached.

/// Places by number, and the moves between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    /// For each place, from where a move leads to it.
    from: Vec<Vec<usize>>,
    /// Places that were not looked at to the end.
    open: Vec<usize>,
}

impl Graph {
    pub(crate) fn connect(&mut self, from: usize, to: usize) {
        if self.from.len() <= to {
            self.from.resize_with(to + 1, Vec::new);
        }
        if let Some(before) = self.from.get_mut(to)
            && before.last() != Some(&from)
        {
            before.push(from);
        }
    }

    /// Nobody knows where moves from here lead.
    pub(crate) fn leave_open(&mut self, place: usize) {
        self.open.push(place);
    }

    /// The first place from which no way leads to a wanted one. A place that was left open may lead anywhere.
    pub(crate) fn first_that_never_reaches(&self, wanted: Vec<bool>) -> Option<usize> {
        let mut reaches = wanted;
        for open in &self.open {
            if let Some(place) = reaches.get_mut(*open) {
                *place = true;
            }
        }
        let mut left: Vec<usize> = reaches
            .iter()
            .enumerate()
            .filter(|(_, good)| **good)
            .map(|(place, _)| place)
            .collect();
        while let Some(place) = left.pop() {
            for before in self.from.get(place).into_iter().flatten() {
                if let Some(good @ false) = reaches.get_mut(*before) {
                    *good = true;
                    left.push(*before);
                }
            }
        }
        reaches.iter().position(|good| !good)
    }
}
