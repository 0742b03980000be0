use super::*;
use dto::Code;
use dto::access::Role;
use dto::calendar::Grade;
use dto::contact::{ClassAdoption, GuardianAdoption, Reader};

both_engines! {
    async fn a_notice_reaches_the_feed_and_its_receipt_comes_back(app: TestApp) {
        let (one, two) = (room(&app).await, room_in(&app, &app.world.school_b, "6B").await);
        let guardian = app.guardian(&[one.learners[0], two.learners[0]]).await;
        let silent = app.guardian(&[one.learners[1]]).await;
        let first = send(&one.homeroom, &one, to_class(&one), "Họp phụ huynh").await;
        send(&two.homeroom, &two, to_class(&two), "Đại hội lớp").await;
        assert_eq!((first.recipients, first.read, first.target_name.as_str()), (2, 0, "6A1"));

        let items = feed(&guardian).await;
        assert_eq!(items.iter().map(|i| i.title.as_str()).collect::<Vec<_>>(), ["Đại hội lớp", "Họp phụ huynh"]);
        let item = &items[1];
        assert_eq!((item.id, item.school_name.as_str(), item.read_at), (first.id, "THCS Trần Phú", None));
        assert_eq!(item.children.iter().map(|c| (c.learner_id, c.given_name.as_str())).collect::<Vec<_>>(), [(one.learners[0], "Ánh")]);
        let of_one: Page<FeedItem> = guardian.get(&format!("/me/feed?learner_id={}&limit=1", one.learners[0])).await.ok();
        assert_eq!((of_one.items.len(), of_one.next.is_some(), of_one.items[0].id), (1, false, first.id));
        let page: Page<FeedItem> = guardian.get("/me/feed?limit=1").await.ok();
        let next: Page<FeedItem> = guardian.get(&format!("/me/feed?limit=1&after={}", page.next.unwrap())).await.ok();
        assert_eq!(next.items[0].id, first.id);

        // Read once and again: one receipt, the first.
        guardian.post("/me/feed/seen", &json!({"notices": [first.id]})).await.done();
        let read_at = feed(&guardian).await[1].read_at.unwrap();
        guardian.post("/me/feed/seen", &json!({"notices": [first.id]})).await.done();
        assert_eq!(feed(&guardian).await[1].read_at, Some(read_at));
        let now: Notice = one.homeroom.get(&format!("/notices/{}", first.id)).await.ok();
        assert_eq!((now.recipients, now.read), (2, 1));
        let readers = |which: &str| {
            let (actor, path) = (one.homeroom.clone(), format!("/notices/{}/readers{which}", first.id));
            async move { actor.get(&path).await.ok::<Page<Reader>>().items }
        };
        let (read, not) = (readers("?read=true").await, readers("?read=false").await);
        assert_eq!((read.len(), read[0].read_at, read[0].learner_name.as_str()), (1, Some(read_at), "Nguyễn Thị Ánh"));
        assert_eq!((not.len(), not[0].read_at, not[0].learner_name.as_str()), (1, None, "Lê Văn Bình"));
        let page: Page<Reader> = one.homeroom.get(&format!("/notices/{}/readers?limit=1", first.id)).await.ok();
        let rest: Page<Reader> = one.homeroom.get(&format!("/notices/{}/readers?limit=1&after={}", first.id, page.next.unwrap())).await.ok();
        assert_eq!((rest.items.len(), rest.next), (1, None));
        assert_eq!(titles(&silent).await, ["Họp phụ huynh"]);
    }

    async fn a_notice_sent_again_is_the_same(app: TestApp) {
        let room = room(&app).await;
        let guardian = app.guardian(&room.learners[..1]).await;
        let body = notice(&room, to_class(&room), "Nghỉ bão");
        let first: Notice = room.homeroom.post("/notices", &body).await.ok();
        let again: Notice = room.homeroom.post("/notices", &body).await.ok();
        assert_eq!(first.id, again.id);
        assert_eq!(feed(&guardian).await.len(), 1);
    }

    async fn each_family_sees_what_is_for_it(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let older = app.class(&room.school, "7A1", "7").await;
        let seventh = app.learner(&older, "Đỗ Gia Hân").await;
        let elsewhere = room_in(&app, &app.world.school_b, "6B").await;
        let guardians = [
            app.guardian(&room.learners[..1]).await,
            app.guardian(&next_door.learners[..1]).await,
            app.guardian(&[seventh]).await,
            app.guardian(&elsewhere.learners[..1]).await,
        ];
        let school = send(&app.at(Role::Clerk, &room.school).await, &room, NoticeTarget::School, "Toàn trường").await;
        send(&app.at(Role::Deputy, &room.school).await, &room, NoticeTarget::Grade { grade: Grade::G6 }, "Khối 6").await;
        send(&room.homeroom, &room, to_class(&room), "Lớp 6A1").await;
        let seen = [
            titles(&guardians[0]).await,
            titles(&guardians[1]).await,
            titles(&guardians[2]).await,
            titles(&guardians[3]).await,
        ];
        assert_eq!(seen[0], ["Lớp 6A1", "Khối 6", "Toàn trường"]);
        assert_eq!(seen[1], ["Khối 6", "Toàn trường"]);
        assert_eq!(seen[2], ["Toàn trường"]);
        assert!(seen[3].is_empty());
        assert_eq!(school.recipients, 3);
        // Who may not see it leaves no receipt.
        guardians[3].post("/me/feed/seen", &json!({"notices": [school.id]})).await.done();
        let now: Notice = room.principal.get(&format!("/notices/{}", school.id)).await.ok();
        assert_eq!(now.read, 0);
        let sent: Page<Notice> = room.principal.get(&format!("/notices?school_id={}", room.school.id)).await.ok();
        assert_eq!(sent.items.len(), 3);
        let own: Page<Notice> = room.homeroom.get(&format!("/notices?class_id={}", room.class.id)).await.ok();
        assert_eq!(own.items.iter().map(|n| n.title.as_str()).collect::<Vec<_>>(), ["Lớp 6A1"]);
    }

    async fn a_notice_can_be_taken_back(app: TestApp) {
        let room = room(&app).await;
        let guardian = app.guardian(&room.learners[..1]).await;
        let own = send(&room.homeroom, &room, to_class(&room), "Nhầm").await;
        let of_principal = send(&room.principal, &room, to_class(&room), "Của trường").await;
        // A teacher takes back their own only.
        room.homeroom.delete(&format!("/notices/{}", of_principal.id)).await.problem(Code::NotFound);
        room.homeroom.delete(&format!("/notices/{}", own.id)).await.done();
        assert_eq!(titles(&guardian).await, ["Của trường"]);
        room.principal.delete(&format!("/notices/{}", of_principal.id)).await.done();
        assert!(titles(&guardian).await.is_empty());
        let kept: Notice = room.homeroom.get(&format!("/notices/{}", own.id)).await.ok();
        assert!(kept.recalled_at.is_some());
    }

    async fn what_is_wrong_is_refused(app: TestApp) {
        let room = room(&app).await;
        let mut body = notice(&room, to_class(&room), "   ");
        room.homeroom.post("/notices", &body).await.field("/title", Code::FieldRequired);
        body.title = "Vắng".into();
        body.kind = EventKind::Absence;
        room.homeroom.post("/notices", &body).await.field("/kind", Code::FieldChoice);
        body.kind = EventKind::Fee;
        body.target = NoticeTarget::Learner { learner_id: room.learners[0] };
        room.principal.post("/notices", &body).await.field("/target", Code::FieldChoice);
        body.target = to_class(&room);
        body.school_id = app.world.school_b.id;
        room.principal.post("/notices", &body).await.field("/school_id", Code::FieldChoice);
        body.client_key = "x".into();
        room.principal.post("/notices", &body).await.field("/client_key", Code::FieldLength);
        app.guardian(&room.learners[..1]).await.get("/me/feed?after=x").await.problem(Code::BadCursor);
    }

    async fn closing_a_term_tells_the_families(app: TestApp) {
        let room = room(&app).await;
        let guardian = app.guardian(&room.learners[..2]).await;
        for term in [Term::S1, Term::S2] {
            room.complete(&app, term).await;
            room.close(term).await;
        }
        let items = feed(&guardian).await;
        assert_eq!(items.iter().map(|i| (i.kind, i.sent_by.is_none())).collect::<Vec<_>>(), [(EventKind::Result, true); 2]);
        let first = &items[1];
        assert!(first.title.starts_with("Đã có kết quả học kì I của ") && first.title.contains("Ánh") && first.title.contains(" và "), "{}", first.title);
        assert!(items[0].title.contains("cả năm") && items[0].body.contains("6A1"));
        let english = guardian.in_english().get("/me/feed").await.ok::<Page<FeedItem>>().items;
        assert!(english[0].title.contains("the whole year"), "{}", english[0].title);
        // One row for all families (fan-out on read), whatever their number.
        use sea_orm::ConnectionTrait;
        use sea_orm::sea_query::Query;
        let rows = app.db.read().query_all(Query::select().column("id").from("notice")).await.unwrap();
        assert_eq!(rows.len(), 2);
    }

    async fn an_absence_is_told_once_and_to_one_family(app: TestApp) {
        use gradebook::contact_book::notices::tell_absence_in;
        let room = room(&app).await;
        let (mine, other) = (app.guardian(&room.learners[..1]).await, app.guardian(&room.learners[1..2]).await);
        let ctx = kernel::Ctx::system("test");
        for _ in 0..2 {
            app.db.write(&ctx, async |tx| {
                let day = crate::harness::day("2026-10-12");
                tell_absence_in(tx, room.school.id, room.learners[0], day, dto::contact::LeaveSessions::Morning, false).await?;
                Ok(((), vec![kernel::Event::new(Some(room.school.id), "test.touched", "test", "x")]))
            }).await.unwrap();
        }
        assert_eq!(titles(&mine).await, ["Ánh vắng học không phép"]);
        assert!(titles(&other).await.is_empty());
        // The list of notices sent does not show what is for one family.
        assert!(room.principal.get("/notices").await.ok::<Page<Notice>>().items.is_empty());
    }

    async fn adoption_names_who_has_never_come(app: TestApp) {
        let room = room(&app).await;
        let here = app.guardian(&room.learners[..1]).await;
        app.guardian(&room.learners[1..2]).await;
        app.guardian_of(&room.learners[2..3]).await;
        here.post("/me/feed/seen", &json!({"notices": []})).await.done();
        let guardians = room.homeroom.get(&format!("/classes/{}/contact-adoption", room.class.id)).await.ok::<Page<GuardianAdoption>>().items;
        let found: Vec<_> = guardians.iter().map(|g| (g.learner_id, g.has_account, g.last_at.is_some())).collect();
        assert_eq!(found, [(room.learners[0], true, true), (room.learners[1], true, false), (room.learners[2], false, false)]);
        let counts = room.principal.get(&format!("/units/{}/contact-adoption", room.school.id)).await.ok::<Page<ClassAdoption>>().items;
        let class = counts.iter().find(|c| c.class_id == room.class.id).unwrap();
        assert_eq!((class.learners, class.reached, class.guardians, class.with_account, class.opened), (3, 1, 3, 2, 1));
    }
}
