//! Registers of a class of about 45 as PDF files: what one waits for who presses the button.

use crate::Options;
use crate::people::People;
use crate::site::Site;
use anyhow::Context;
use dto::registers::RegisterForm;
use std::time::{Duration, Instant};

/// What the calls are named on the command line.
pub const NAME: &str = "registers of a class";

/// Prints the middle of a few tries of each form.
pub async fn measure(options: &Options, site: &Site, people: &People) -> anyhow::Result<()> {
    let class = people.usual.first().context("a class")?.class;
    let tries = if options.quick { 3 } else { 9 };
    println!("\n{}, {NAME} of about 45 as PDF, one after another:", site.engine.name());
    for form in RegisterForm::ALL {
        let url = format!("{}/classes/{class}/registers/{form}", site.base);
        let cpu = site.cpu();
        let mut spans: Vec<Duration> = Vec::with_capacity(tries);
        let mut size = 0;
        for _ in 0..tries {
            let began = Instant::now();
            let answer = site.client.get(&url).bearer_auth(&people.province).send().await?;
            // Certificates wait for the end of the year.
            if answer.status() == 409 {
                break;
            }
            size = answer.error_for_status()?.bytes().await?.len();
            spans.push(began.elapsed());
        }
        spans.sort_unstable();
        let Some(middle) = spans.get(spans.len() / 2) else { continue };
        let cpu = (site.cpu() - cpu).as_millis() / spans.len() as u128;
        println!("  {form}: {} ms, {cpu} CPU ms, {} KB", middle.as_millis(), size / 1024);
    }
    Ok(())
}
