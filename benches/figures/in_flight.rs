//! Many futures under way at once on one thread, as in a service with an async runtime.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll, Wake, Waker};

use crate::Outcome;

/// Tells which place woke up.
struct Bell {
    place: usize,
    woken: Sender<usize>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        // Nobody listens any more once everything is done.
        self.woken.send(self.place).ok();
    }
}

/// Drives futures, at most `window` at a time, and hands on what they came to.
pub(crate) fn run<F: Future>(
    futures: impl IntoIterator<Item = F>,
    window: usize,
    mut take: impl FnMut(F::Output) -> Outcome<()>,
) -> Outcome<()> {
    let (woken, bells) = channel();
    let mut futures = futures.into_iter();
    let mut places: Vec<(Option<Pin<Box<F>>>, Waker)> = (0..window)
        .map(|place| {
            let woken = woken.clone();
            (None, Waker::from(Arc::new(Bell { place, woken })))
        })
        .collect();
    let mut under_way = 0_usize;
    for place in 0..window {
        woken.send(place)?;
    }
    while let Ok(place) = bells.recv() {
        let Some((slot, waker)) = places.get_mut(place) else {
            continue;
        };
        let mut context = Context::from_waker(waker);
        loop {
            if slot.is_none() {
                *slot = futures.next().map(Box::pin);
                under_way += usize::from(slot.is_some());
            }
            let Some(future) = slot else { break };
            let Poll::Ready(output) = future.as_mut().poll(&mut context) else {
                break;
            };
            *slot = None;
            under_way -= 1;
            take(output)?;
        }
        if under_way == 0 {
            break;
        }
    }
    Ok(())
}
