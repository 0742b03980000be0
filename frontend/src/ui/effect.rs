use leptos::prelude::*;

/// Runs now, and again whenever a signal that it reads changes. Boxed, so that what carries an effect is compiled once and not for
/// each of them.
pub fn effect(run: impl FnMut() + 'static) {
    carry(Box::new(run));
}

fn carry(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| run());
}
