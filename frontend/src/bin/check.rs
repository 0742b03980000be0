//! The check of transcripts, for anybody.

fn main() {
    khue_spa::check();
}
