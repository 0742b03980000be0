//! Filters that a person keeps: each account its own.

use dto::saved_filters::SavedFilter;
use dto::{Code, Page};
use serde_json::json;

const STAFF: &str = "/office/staff";

both_engines! {
    async fn a_filter_is_kept_changed_and_removed(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let body = |name: &str, query: &str| json!({"page": STAFF, "name": name, "query": query});
        let kept: SavedFilter = principal.post("/me/filters", &body("  Tổ Toán ", "q=toan&position=teacher")).await.status(201).ok();
        assert_eq!((kept.name.as_str(), kept.query.as_str(), kept.version), ("Tổ Toán", "q=toan&position=teacher", 1));
        let other: SavedFilter = principal.post("/me/filters", &body("Đang nghỉ", "")).await.ok();
        let _plans: SavedFilter = principal
            .post("/me/filters", &json!({"page": "/office/plans", "name": "Tổ Toán", "query": "shelf=library"}))
            .await
            .ok();
        // Of one list, in the order of the names; of all.
        let names = |page: Page<SavedFilter>| page.items.into_iter().map(|filter| filter.name).collect::<Vec<_>>();
        let of_staff: Page<SavedFilter> = principal.get("/me/filters?page=%2Foffice%2Fstaff").await.ok();
        assert_eq!(names(of_staff), ["Đang nghỉ", "Tổ Toán"]);
        assert_eq!(principal.get("/me/filters").await.ok::<Page<SavedFilter>>().items.len(), 3);
        // A name is one filter of a list, in either case.
        principal.post("/me/filters", &body("tổ toán", "q=x")).await.problem(Code::FilterNameTaken);
        let path = format!("/me/filters/{}", other.id);
        principal.put(&path, other.version, &body("TỔ TOÁN", "")).await.problem(Code::FilterNameTaken);
        let renamed: SavedFilter = principal.put(&path, other.version, &body("Nghỉ phép", "")).await.ok();
        assert_eq!((renamed.name.as_str(), renamed.version), ("Nghỉ phép", 2));
        principal.put(&path, other.version, &body("Nghỉ ốm", "")).await.problem(Code::VersionConflict);
        principal.delete(&path).await.done();
        principal.delete(&path).await.problem(Code::NotFound);
        principal.put(&path, 2, &body("Nghỉ ốm", "")).await.problem(Code::NotFound);
        // Taken back: the same once more.
        principal.post("/me/filters", &body("Nghỉ phép", "")).await.status(201);
    }

    async fn nobody_sees_or_changes_those_of_another(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let colleague = app.principal(&app.world.school_a).await;
        let body = json!({"page": STAFF, "name": "Của tôi", "query": "q=hoa"});
        let kept: SavedFilter = principal.post("/me/filters", &body).await.ok();
        assert!(colleague.get("/me/filters").await.ok::<Page<SavedFilter>>().items.is_empty());
        let path = format!("/me/filters/{}", kept.id);
        colleague.put(&path, kept.version, &body).await.problem(Code::NotFound);
        colleague.delete(&path).await.problem(Code::NotFound);
        // The same name is free for another account.
        colleague.post("/me/filters", &body).await.status(201);
        app.anonymous().get("/me/filters").await.problem(Code::Unauthenticated);
        app.anonymous().post("/me/filters", &body).await.problem(Code::Unauthenticated);
        // The log says which list, and not what was searched.
        let log = app.audit(None).await;
        let entry = log.iter().find(|entry| entry.verb == "filter.saved").expect("an entry");
        assert!(!format!("{entry:?}").contains("q=hoa"));
    }

    async fn a_filter_is_of_a_page_and_there_is_a_limit(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let body = |page: &str, name: &str, query: &str| json!({"page": page, "name": name, "query": query});
        for page in ["office/staff", "//elsewhere.vn/x", "/office?x=1", "/a b", "/a#b", "/\\elsewhere"] {
            principal.post("/me/filters", &body(page, "Một", "")).await.field("/page", Code::FieldFormat);
        }
        principal.post("/me/filters", &body(STAFF, "Một", "a=1#b")).await.field("/query", Code::FieldFormat);
        principal.post("/me/filters", &body(STAFF, "   ", "")).await.field("/name", Code::FieldRequired);
        principal.post("/me/filters", &body(STAFF, &"ơ".repeat(81), "")).await.field("/name", Code::FieldLength);
        principal.post("/me/filters", &body(STAFF, "Dài", &"a".repeat(1001))).await.field("/query", Code::FieldLength);
        for n in 0..200 {
            principal.post("/me/filters", &body(STAFF, &format!("Bộ lọc {n}"), "")).await.status(201);
        }
        principal.post("/me/filters", &body(STAFF, "Nữa", "")).await.problem(Code::FiltersFull);
    }
}
