//! JSON Schemas (2020-12) of what `khue evaluate` reads and writes, for those who make such lines.

use crate::policy::Regulation;

/// The schema of the lines of a circular: `$defs/input` and `$defs/output`. A test holds them to the reader and the writer.
pub fn schema(regulation: Regulation) -> &'static str {
    match regulation {
        Regulation::Tt22 => include_str!("schema/tt22.json"),
        Regulation::Tt27 => include_str!("schema/tt27.json"),
        Regulation::Tt58 => include_str!("schema/tt58.json"),
    }
}
