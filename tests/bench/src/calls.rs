//! The calls that are measured.

use crate::load::{self, Measured};
use crate::people::{People, Sheet, sign_in};
use crate::site::Site;
use dto::gradebook::{CellResult, MarksSaved};
use std::sync::atomic::Ordering;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// All that the page of a mark sheet asks for: one call. 45 pupils, six columns.
    Sheet,
    /// The same with 450 cells.
    WideSheet,
    /// The same with 450 cells, compressed as browsers ask for it.
    WideSheetCompressed,
    /// Again with the ETag of the first answer: nothing has changed.
    SheetUnchanged,
    /// A column: 45 cells.
    Save45,
    /// 450 cells in one call.
    Save450,
    SignIn,
    ClassList,
    SearchSchool,
    SearchProvince,
}

pub const ALL: &[Call] = &[
    Call::Sheet,
    Call::WideSheet,
    Call::WideSheetCompressed,
    Call::SheetUnchanged,
    Call::Save45,
    Call::Save450,
    Call::SignIn,
    Call::ClassList,
    Call::SearchSchool,
    Call::SearchProvince,
];

impl Call {
    pub fn name(self) -> &'static str {
        match self {
            Call::Sheet => "sheet 45 x 6",
            Call::WideSheet => "sheet 450 cells",
            Call::WideSheetCompressed => "sheet 450 cells, gzip",
            Call::SheetUnchanged => "sheet unchanged (304)",
            Call::Save45 => "save 45 cells",
            Call::Save450 => "save 450 cells",
            Call::SignIn => "sign in",
            Call::ClassList => "class list of 45",
            Call::SearchSchool => "search in a school",
            Call::SearchProvince => "search in the province",
        }
    }
}

/// What people type: without marks, two syllables or more.
pub const SEARCHES: [&str; 4] = ["nguyen thi anh", "tran gia bao", "thach thi", "le hoang khang"];

pub async fn measure(call: Call, site: &Site, people: &People, clients: usize, span: Duration) -> anyhow::Result<Measured> {
    let mut etags = Vec::new();
    if call == Call::SheetUnchanged {
        for sheet in people.usual.iter().take(clients) {
            let answer = site.client.get(sheet.url(site)).bearer_auth(&sheet.token).send().await?;
            etags.push(answer.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned());
        }
    }
    let etags = &etags;
    let mut measured = load::run(
        clients,
        span,
        || site.cpu(),
        async |client: usize| {
            let (usual, wide) = (&people.usual[client], &people.wide[client]);
            match call {
                Call::Sheet => get(site, &usual.token, usual.url(site), &[], 200).await,
                Call::WideSheet => get(site, &wide.token, wide.url(site), &[], 200).await,
                Call::WideSheetCompressed => get(site, &wide.token, wide.url(site), &[("accept-encoding", "gzip")], 200).await,
                Call::SheetUnchanged => get(site, &usual.token, usual.url(site), &[("if-none-match", &etags[client])], 304).await,
                Call::Save45 => save(site, usual, 45).await,
                Call::Save450 => save(site, wide, 450).await,
                Call::SignIn => sign_in(site, "hieutruong").await.is_ok(),
                Call::ClassList => {
                    get(site, &usual.token, format!("{}/classes/{}/members", site.base, usual.class), &[], 200).await
                }
                Call::SearchSchool => get(site, &people.principal, search(site, client), &[], 200).await,
                Call::SearchProvince => get(site, &people.province, search(site, client), &[], 200).await,
            }
        },
    )
    .await;
    measured.memory = Some(site.server_memory());
    Ok(measured)
}

fn search(site: &Site, client: usize) -> String {
    format!("{}/learners?limit=20&q={}", site.base, SEARCHES[client % SEARCHES.len()].replace(' ', "%20"))
}

async fn get(site: &Site, token: &str, url: String, headers: &[(&str, &str)], wanted: u16) -> bool {
    let mut request = site.client.get(url).bearer_auth(token);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let Ok(answer) = request.send().await else { return false };
    let status = answer.status();
    answer.bytes().await.is_ok() && status == wanted
}

/// Writes the first cells of the sheet, each with the version it has; each value differs from the one before.
async fn save(site: &Site, sheet: &Sheet, count: usize) -> bool {
    let round = sheet.round.fetch_add(1, Ordering::Relaxed);
    let mark = 500 + 50 * (round % 9);
    let cells: Vec<_> = sheet
        .cells
        .iter()
        .take(count)
        .map(|(learner, slot, version)| {
            serde_json::json!({ "learner_id": learner, "slot": slot.code(), "value": { "type": "score", "mark": mark }, "version": version.load(Ordering::Relaxed) })
        })
        .collect();
    let body = serde_json::json!({ "source": "typed", "cells": cells });
    let Ok(answer) = site.client.put(sheet.url(site)).bearer_auth(&sheet.token).json(&body).send().await else { return false };
    if !answer.status().is_success() {
        return false;
    }
    let Ok(saved) = answer.json::<MarksSaved>().await else { return false };
    let mut well = true;
    for (outcome, (_, _, version)) in saved.cells.iter().zip(&sheet.cells) {
        well &= matches!(outcome.outcome, CellResult::Saved | CellResult::Unchanged);
        version.store(outcome.version, Ordering::Relaxed);
    }
    well
}
