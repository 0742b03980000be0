//! Mark sheets, conduct, closing, results, and what families see.

mod absences;
mod closing;
mod closing_runs;
mod comments;
mod conduct;
mod council;
mod deadlines;
mod family;
mod files;
mod former;
mod former_years;
mod live;
mod marks;
mod next_year;
mod packages;
mod plans;
mod preschool;
mod reassessment;
mod registers;
mod results;
mod rollover;
mod todos;

use crate::routes::Routes;

pub fn configure(cfg: &mut impl Routes) {
    marks::configure(cfg);
    conduct::configure(cfg);
    closing::configure(cfg);
    closing_runs::configure(cfg);
    results::configure(cfg);
    rollover::configure(cfg);
    todos::configure(cfg);
    family::configure(cfg);
    preschool::configure(cfg);
    absences::configure(cfg);
    council::configure(cfg);
    reassessment::configure(cfg);
    next_year::configure(cfg);
    live::configure(cfg);
    deadlines::configure(cfg);
    comments::configure(cfg);
    files::configure(cfg);
    former::configure(cfg);
    former_years::configure(cfg);
    packages::configure(cfg);
    plans::configure(cfg);
    registers::configure(cfg);
}
