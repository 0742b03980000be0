//! What was acknowledged survives `kill -9` under load.

use super::process::start;
use dto::gradebook::{CellResult, MarkSheet, MarksSaved};
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

both_engines! {
    async fn acknowledged_marks_survive_a_kill(app: TestApp) {
        let class = app.class(&app.world.school_a, "8A2", "8").await;
        let mut learners = Vec::new();
        for name in ["Nguyễn Văn An", "Trần Thị An", "Nguyễn Thị Ánh", "Phạm Gia Ân", "Lê Hoàng Bách", "Võ Thị Bích", "Đỗ Quỳnh Chi", "Bùi Tiến Dũng"] {
            learners.push(app.learner(&class, name).await);
        }
        let teacher = app.teacher(&class, "TOAN").await;
        let path = format!("/classes/{}/subjects/TOAN/terms/1/marks", class.id);

        let (mut child, base) = start(&app);
        let acknowledged = Arc::new(AtomicUsize::new(0));
        // Each writer has a learner of its own and writes one cell again and again, the version counting up.
        let writers: Vec<_> = learners.iter().map(|learner| {
            let (teacher, path, acknowledged, learner) = (teacher.clone().of(&base), path.clone(), acknowledged.clone(), *learner);
            actix_web::rt::spawn(async move {
                let mut version = 0i64;
                loop {
                    let body = json!({"source": "typed", "cells": [{"learner_id": learner, "slot": "r1", "version": version,
                        "value": {"type": "score", "mark": (version % 11) * 100}}]});
                    let sent = teacher.request(Method::PUT, &path).json(&body).send().await;
                    let Ok(reply) = sent else { return (learner, version) };
                    if reply.status() != 200 { return (learner, version); }
                    let Ok(saved) = reply.json::<MarksSaved>().await else { return (learner, version) };
                    assert_eq!(saved.cells[0].outcome, CellResult::Saved);
                    version = saved.cells[0].version;
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            })
        }).collect();
        while acknowledged.load(Ordering::SeqCst) < 60 {
            assert!(child.try_wait().unwrap().is_none(), "the server ended by itself");
            actix_web::rt::task::yield_now().await;
        }
        // SIGKILL, in the middle of whatever it does.
        child.kill().unwrap();
        child.wait().unwrap();
        let mut last = Vec::new();
        for writer in writers {
            last.push(writer.await.unwrap());
        }

        let (mut child, base) = start(&app);
        let sheet: MarkSheet = teacher.clone().of(&base).get(&path).await.ok();
        for (learner, version) in last {
            let row = sheet.rows.iter().find(|r| r.learner_id == learner).unwrap();
            let kept = row.cells.first().map_or(0, |c| c.version);
            // One more may have been committed whose answer was cut off; none less.
            assert!(kept >= version && kept <= version + 1, "version {version} was acknowledged, {kept} is kept");
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
