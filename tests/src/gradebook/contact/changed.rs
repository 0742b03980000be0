//! Families are told when a result that they have seen is another one, once, and nobody else is.

use super::*;
use dto::closing_runs::{ClosingRun, PostClosingRun, RunState};
use dto::gradebook::ReopenTerm;

async fn reopen(room: &Room, term: Term) {
    let body = ReopenTerm { reason: "Vào nhầm điểm cuối kì".into() };
    room.principal.post(&term_path(&room.class, term, "reopen"), &body).await.status(200);
}

async fn set_final(room: &Room, learner: LearnerId, hundredths: i32) {
    let version = room.cell(learner, Slot::Final).await.1;
    room.save(vec![cell(learner, Slot::Final, score(hundredths), version)]).await;
}

const FIRST: &str = "Đã có kết quả học kì I của Ánh";
const CHANGED: &str = "Kết quả học kì I của Ánh đã thay đổi sau khi nhà trường xem xét lại";

both_engines! {
    async fn a_term_closed_again_tells_those_whose_result_changed(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let (mine, other, child) = (app.guardian(&[a]).await, app.guardian(&[b]).await, app.learner_account(a).await);
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        reopen(&room, Term::S1).await;
        set_final(&room, a, 1000).await;
        assert_eq!(titles(&mine).await, [FIRST], "nothing is told before it is closed");
        room.close(Term::S1).await;
        assert_eq!(titles(&mine).await, [CHANGED, FIRST]);
        assert_eq!(titles(&child).await, [CHANGED, FIRST]);
        assert_eq!(titles(&other).await, ["Đã có kết quả học kì I của Bình"]);
        let item = &feed(&mine).await[0];
        assert!(item.kind == EventKind::Result && item.sent_by.is_none() && item.body.contains("6A1"), "{item:?}");
        assert!(feed(&mine.clone().in_english()).await[0].title.contains("have changed after the school looked at it again"));
        // Closed again as it was: there is nothing to tell.
        reopen(&room, Term::S1).await;
        room.close(Term::S1).await;
        assert_eq!(titles(&mine).await.len(), 2);
        // Opened twice before it is closed: what they saw last is what counts.
        reopen(&room, Term::S1).await;
        set_final(&room, a, 500).await;
        set_final(&room, a, 1000).await;
        room.close(Term::S1).await;
        assert_eq!((titles(&mine).await.len(), titles(&other).await.len()), (2, 1));
    }

    async fn a_year_made_again_is_told_once_for_term_and_year(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let (mine, other) = (app.guardian(&[a]).await, app.guardian(&[b]).await);
        for term in [Term::S1, Term::S2] {
            room.complete(&app, term).await;
            room.close(term).await;
        }
        reopen(&room, Term::S1).await;
        set_final(&room, a, 1000).await;
        room.close(Term::S1).await;
        let told = titles(&mine).await;
        assert_eq!((told.len(), told[0].as_str()), (3, "Kết quả cả năm của Ánh đã thay đổi sau khi nhà trường xem xét lại"));
        assert_eq!(titles(&other).await.len(), 2);
    }

    async fn a_unit_that_closes_its_classes_tells_the_same(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let (mine, other) = (app.guardian(&[a]).await, app.guardian(&[b]).await);
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        reopen(&room, Term::S1).await;
        set_final(&room, a, 1000).await;
        let body = PostClosingRun { unit_id: room.school.id, term: Term::S1 };
        let mut run: ClosingRun = room.principal.post("/closing-runs", &body).await.ok();
        while run.state != RunState::Done {
            run = room.principal.get(&format!("/closing-runs/{}", run.id)).await.ok();
        }
        assert_eq!(run.closed, 1);
        assert_eq!(titles(&mine).await, [CHANGED, FIRST]);
        assert_eq!(titles(&other).await.len(), 1);
    }
}
