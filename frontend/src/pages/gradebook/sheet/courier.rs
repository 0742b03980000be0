//! Sends what waits in sheets that are not open: from the page that was just left, and from an earlier day without a line.

use super::super::{conduct, marks};
use super::grid::Grid;
use crate::api::{ApiError, gradebook};
use crate::offline::unsent::{self, Home, Waiting};
use chrono::{DateTime, Utc};
use dto::Code;
use leptos::prelude::set_timeout;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::time::Duration;

#[derive(Default)]
struct Round {
    running: bool,
    /// Somebody asked while a round was on its way.
    again: bool,
    /// Rounds in a row that found no line.
    tries: u32,
    /// The next round has its time.
    timed: bool,
}

thread_local! {
    static ROUND: RefCell<Round> = RefCell::default();
}

/// What the server has of a sheet now; with its time, where it is the copy of this device.
pub async fn fetch(home: &Home) -> Result<(Grid, Option<DateTime<Utc>>), ApiError> {
    match home {
        Home::Marks { class, subject, term } => {
            gradebook::mark_sheet(*class, subject, *term).await.map(|(sheet, at)| (marks::grid(&sheet), at))
        }
        Home::Conduct { class, term } => gradebook::conduct(*class, *term).await.map(|(sheet, at)| (conduct::grid(&sheet), at)),
    }
}

/// Sends what waits, sheet after sheet.
pub fn go() {
    let busy = ROUND.with_borrow_mut(|round| {
        round.again = round.running;
        std::mem::replace(&mut round.running, true)
    });
    if !busy {
        spawn_local(async { while rounds().await {} });
    }
}

/// One round over all sheets. True: another is asked for at once.
async fn rounds() -> bool {
    let mut reached = true;
    for waiting in unsent::untracked() {
        if unsent::is_open(&waiting.home) {
            continue;
        }
        if !send(waiting).await {
            reached = false;
            break;
        }
    }
    ROUND.with_borrow_mut(|round| {
        let again = reached && std::mem::take(&mut round.again);
        round.running = again;
        if reached {
            round.tries = 0;
        } else if !std::mem::replace(&mut round.timed, true) {
            let wait = Duration::from_secs(5 << round.tries.min(4));
            round.tries += 1;
            set_timeout(
                || {
                    ROUND.with_borrow_mut(|round| round.timed = false);
                    go();
                },
                wait,
            );
        }
        again
    })
}

/// Sends the cells of one sheet. What another has changed meanwhile, and what the server refuses, stays. False: no line.
async fn send(waiting: Waiting) -> bool {
    let home = waiting.home.clone();
    let (mut grid, strays, trouble) = match fetch(&home).await {
        Ok((_, Some(_))) => return false,
        Ok((mut grid, None)) => {
            let strays = grid.restore(waiting.cells.clone());
            (grid, strays, None)
        }
        Err(error) if error.passing() => return false,
        // The sheet is out of reach: its cells stay, with the reason.
        Err(error) => (Grid::new(Vec::new(), Vec::new(), false), waiting.cells.clone(), Some(error.text())),
    };
    let mut line = true;
    let mut trouble = trouble;
    loop {
        let answer = match &home {
            Home::Marks { class, subject, term } => match grid.next_marks(&[]) {
                Some(body) => gradebook::put_marks(*class, subject, *term, &body).await.map(|saved| grid.took_marks(&saved)),
                None => break,
            },
            Home::Conduct { class, term } => match grid.next_conduct() {
                Some(body) => gradebook::put_conduct(*class, *term, &body).await.map(|saved| grid.took_conduct(&saved)),
                None => break,
            },
        };
        match answer {
            Ok(_) => {}
            Err(error) if error.passing() => {
                grid.not_sent();
                line = false;
                break;
            }
            Err(error) => {
                grid.refuse_sent(error.code().map_or("invalid", Code::as_str));
                trouble = Some(error.text());
            }
        }
    }
    // Opened in the meantime: the page has the cells now and sends them itself; what arrived twice is the same value.
    if !unsent::is_open(&home) {
        let mut cells = grid.unsent(Utc::now());
        cells.extend(strays);
        let conflicts = grid.waiting().conflicts;
        unsent::put(Waiting { cells, trouble, conflicts, ..waiting });
    }
    line
}
