//! TT 15/2026 Đ.22 k.2: what a guardian or a learner can get has nothing of another child, no rank and no class average. Every GET of
//! the document is asked as each of them, with every id that they could come by.

use super::*;
use dto::comments::CommentsSaved;
use serde_json::{Value, json};

/// Words that would compare children with each other.
const COMPARING: &[&str] =
    &["rank", "class_average", "classaverage", "percentile", "xếp hạng", "thứ hạng", "điểm trung bình lớp"];

/// The keys of an answer, at any depth.
fn keys(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                into.push(key.to_lowercase());
                keys(value, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, into)),
        _ => {}
    }
}

both_engines! {
    async fn families_get_nothing_of_another_child(app: TestApp) {
        let room = room(&app).await;
        for term in [Term::S1, Term::S2] {
            room.complete(&app, term).await;
            room.close(term).await;
        }
        let open = room_in(&app, &app.world.school_b, "6B").await;
        let rows: Vec<_> = open.learners.iter().map(|l| json!({"learner_id": l, "text": "Nhận xét riêng.", "version": 0})).collect();
        open.teacher.put_bare(&format!("/classes/{}/subjects/TOAN/terms/1/comments", open.class.id), &json!({"rows": rows})).await.ok::<CommentsSaved>();

        // A child in each school; all other children are others.
        let own = [room.learners[0], open.learners[0]];
        let others: Vec<LearnerId> = room.learners[1..].iter().chain(&open.learners[1..]).copied().collect();
        let actors = [
            ("guardian", app.guardian(&own).await),
            ("guardian of one", app.guardian(&own[..1]).await),
            ("learner", app.learner_account(own[0]).await),
        ];
        let ids: Vec<String> = own
            .iter()
            .chain(&others)
            .map(ToString::to_string)
            .chain([&room, &open].into_iter().flat_map(|r| [r.class.id.to_string(), r.school.id.to_string()]))
            .chain([app.world.year.to_string(), room.teacher.staff_id().to_string()])
            .chain([&room.teacher, &room.principal].into_iter().filter_map(|a| a.account.map(|id| id.to_string())))
            .collect();
        let (mut asked, mut answered) = (0, 0);
        for operation in api::docs::operations(&api::docs::document()) {
            if operation.method != "GET" || operation.permission.is_none() || operation.path.ends_with("/events") {
                continue;
            }
            for id in &ids {
                let mut path = operation.path.trim_start_matches("/api/v1").to_owned();
                for (name, value) in [("{term}", "1"), ("{period}", "1"), ("{slot}", "fin"), ("{subject_code}", "TOAN")] {
                    path = path.replace(name, value);
                }
                let any_id = path.contains('{');
                while let Some(start) = path.find('{') {
                    let end = start + path[start..].find('}').unwrap();
                    path.replace_range(start..=end, id);
                }
                for (who, actor) in &actors {
                    let reply = actor.get(&path).await;
                    asked += 1;
                    let status = reply.status.as_u16();
                    assert!(status < 500, "{who} {path}: {status}");
                    let text = reply.text();
                    // What the caller wrote into the address may come back in a problem; what they did not know may not.
                    let shown = if status < 300 { answered += 1; text.clone() } else { text.replace(id.as_str(), "") };
                    let mine: &[LearnerId] = if *who == "guardian" { &own } else { &own[..1] };
                    for other in room.learners.iter().chain(&open.learners).filter(|l| !mine.contains(l)) {
                        assert!(!shown.contains(&other.to_string()), "{who} GET {path} shows another child's id: {text}");
                    }
                    for name in ["Lê Văn Bình", "Trần Thu Cúc", "Bình", "Cúc"] {
                        assert!(!shown.contains(name), "{who} GET {path} shows another child's name: {text}");
                    }
                    if status < 300 {
                        let mut found = Vec::new();
                        keys(&serde_json::from_str(&text).unwrap_or_default(), &mut found);
                        for word in COMPARING {
                            assert!(!found.iter().any(|key| key.contains(word)), "{who} GET {path} has {word}");
                            assert!(!text.to_lowercase().contains(word) || *word == "rank", "{who} GET {path} says {word}");
                        }
                    }
                }
                if !any_id {
                    break;
                }
            }
        }
        // The walk is worth something only where it gets in somewhere.
        assert!(asked > 500 && answered > 10, "{asked} asked, {answered} answered");
    }
}
