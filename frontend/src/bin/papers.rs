//! The pages of papers: transcripts and signing.

fn main() {
    khue_spa::papers();
}
