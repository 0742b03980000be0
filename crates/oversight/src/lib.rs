//! What a school owes others about itself, and what it takes along when it leaves.
//!
//! | module | verbs |
//! |---|---|
//! | [`exit`] | a school's full export as one file, and the import of it into an empty installation |
//! | [`exchange`] | files and figures for the Ministry: checked row by row, made, sent, with receipts |

pub mod exchange;
pub mod exit;
