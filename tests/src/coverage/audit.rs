//! The log: chained, complete, and impossible to leave out. (That every change of every test leaves an entry and no read does is
//! held by the harness, request by request.)

use crate::harness::day;
use dto::Code;
use identity::SealKey;
use identity::keys::read_root;
use kernel::db::audit_root::{self, Fault};
use kernel::db::{chain_hash, verify_chain};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait};

both_engines! {
    async fn the_entries_of_a_school_are_a_chain(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        app.learner(&class, "Nguyễn Thị Ánh").await;
        let entries = app.audit(Some(app.world.school_a.id)).await;
        assert!(entries.len() >= 3, "{entries:?}");
        assert_eq!(verify_chain(&entries), None);
        assert!(entries.iter().all(|e| e.account_id.is_some() && !e.request_id.is_empty()));
        assert!(app.audit(Some(app.world.school_b.id)).await.is_empty());

        // Someone with the database in hand changes what was written: the chain shows where.
        let mut query = Query::update();
        query.table("audit").value("subject_id", "another").and_where(Expr::col("seq").eq(2i64)).and_where(Expr::col("school_id").eq(app.world.school_a.id.0));
        app.db.migrator().execute(&query).await.unwrap();
        assert_eq!(verify_chain(&app.audit(Some(app.world.school_a.id)).await), Some(2));
    }

    async fn a_write_without_an_event_does_not_happen(app: TestApp) {
        let ctx = kernel::Ctx::system("test");
        let refused = app.db.write(&ctx, async |tx| {
            tx.conn().execute_unprepared("UPDATE unit SET name = 'X'").await?;
            Ok(((), vec![]))
        }).await;
        assert_eq!(refused.unwrap_err().code(), Code::Internal);
        let count = app.db.read().query_all(Query::select().column("id").from("unit").and_where(Expr::col("name").eq("X"))).await.unwrap().len();
        assert_eq!(count, 0);
    }

    async fn a_write_that_lost_runs_again(app: TestApp) {
        // The first two tries end as a serialization failure does; the third stands, once.
        let tries = std::cell::Cell::new(0);
        let ctx = kernel::Ctx::system("test");
        let value = app.db.write(&ctx, async |_| {
            tries.set(tries.get() + 1);
            if tries.get() < 3 {
                return Err(kernel::Error::lost());
            }
            Ok((tries.get(), vec![kernel::Event::new(None, "test.touched", "test", "x")]))
        }).await.unwrap();
        assert_eq!(value, 3);
        assert_eq!(app.audit(None).await.iter().filter(|e| e.verb == "test.touched").count(), 1);
    }

    async fn many_writers_make_one_chain(app: TestApp) {
        let ctx = kernel::Ctx::system("test");
        let writes = (0..40).map(|_| app.touch(&ctx));
        for done in futures::future::join_all(writes).await {
            done.unwrap();
        }
        let entries = app.audit(None).await;
        assert_eq!(entries.iter().filter(|e| e.verb == "test.touched").count(), 40);
        assert_eq!(verify_chain(&entries), None);
    }

    async fn a_sealed_log_shows_what_was_changed_even_by_who_recomputes_it(app: TestApp) {
        let key = SealKey::from_seed(&[5; 32]).unwrap();
        let verify = async || audit_root::verify(&app.db, |jws| read_root(jws, &[key.public()])).await.unwrap().faults;
        let school = app.world.school_a.id;
        app.class(&app.world.school_a, "6A1", "6").await;
        let first = audit_root::seal(&app.db, day("2026-11-21"), |root| key.sign(root)).await.unwrap().unwrap();
        assert!(first.chains >= 2 && first.prev.is_empty(), "{first:?}");
        assert_eq!(audit_root::seal(&app.db, day("2026-11-21"), |root| key.sign(root)).await.unwrap(), None, "once a day");
        app.class(&app.world.school_a, "6A2", "6").await;
        let second = audit_root::seal(&app.db, day("2026-11-22"), |root| key.sign(root)).await.unwrap().unwrap();
        assert_eq!(second.prev.len(), 64);
        assert_eq!(verify().await, vec![]);
        // Signed by somebody else, it is worth nothing.
        let other = audit_root::verify(&app.db, |jws| read_root(jws, &["another"])).await.unwrap();
        assert_eq!((other.roots, other.faults.len()), (2, 2));

        // Somebody changes the last entry of a school and makes its chain fit again: the chain is whole, the seal is not.
        let mut last = app.audit(Some(school)).await.pop().unwrap();
        last.subject_id = "another".into();
        last.hash = chain_hash(&last);
        let at = || Expr::col("school_id").eq(school.0);
        let mut update = Query::update();
        update.table("audit").value("subject_id", "another").value("hash", last.hash.as_str()).and_where(Expr::col("seq").eq(last.seq)).and_where(at());
        app.db.migrator().execute(&update).await.unwrap();
        let mut update = Query::update();
        update.table("audit_head").value("hash", last.hash.as_str()).and_where(at());
        app.db.migrator().execute(&update).await.unwrap();
        assert_eq!(verify_chain(&app.audit(Some(school)).await), None);
        assert_eq!(verify().await, vec![Fault::NotAsSealed(school.0, last.seq, day("2026-11-22"))]);

        // They change the seal as well: now the root does not fit what was signed.
        let mut update = Query::update();
        update.table("audit_seal").value("hash", last.hash.as_str()).and_where(Expr::col("seq").eq(last.seq)).and_where(at());
        app.db.migrator().execute(&update).await.unwrap();
        assert_eq!(verify().await, vec![Fault::Root(day("2026-11-22"), "the sealed heads give another root")]);

        // And entries that are gone are missed.
        let mut delete = Query::delete();
        delete.from_table("audit").and_where(Expr::col("seq").eq(last.seq)).and_where(at());
        app.db.migrator().execute(&delete).await.unwrap();
        assert!(verify().await.contains(&Fault::Cut(school.0, last.seq)));
    }
}
