//! What a school owes others, and what it takes along.

mod exchange;
mod exit;
mod registers;
mod reports;
