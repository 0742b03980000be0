//! All pages behind the door.

fn main() {
    khue_spa::inside();
}
