//! The first page: signing in.

fn main() {
    khue_spa::door();
}
