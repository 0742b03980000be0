//! The pages of a school's own records.

fn main() {
    khue_spa::office();
}
