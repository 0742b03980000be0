//! The pages of how a school is run.

fn main() {
    khue_spa::office();
}
