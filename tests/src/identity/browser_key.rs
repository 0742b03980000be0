//! The key with which a browser seals what it keeps.

use super::{refresh, refresh_token, signed_in, teacher};
use dto::Code;
use dto::identity::{BrowserKey, Tokens};

both_engines! {
    async fn each_account_has_one_key_and_no_other_gets_it(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        teacher(&app, "lan", &app.world.school_a).await;
        let (hoa, tokens) = signed_in(&app, "hoa").await;
        let reply = hoa.get("/me/browser-key").await.status(200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let key = reply.ok::<BrowserKey>().key;
        // 32 bytes in base64.
        assert_eq!(key.len(), 44);
        // What was sealed before opens after a refresh and after signing in anew.
        let tokens: Tokens = refresh(&app, refresh_token(&tokens)).await.ok();
        assert_eq!(app.anonymous().with_token(&tokens.access_token).get("/me/browser-key").await.ok::<BrowserKey>().key, key);
        let (again, _) = signed_in(&app, "hoa").await;
        assert_eq!(again.get("/me/browser-key").await.ok::<BrowserKey>().key, key);
        let (lan, _) = signed_in(&app, "lan").await;
        assert_ne!(lan.get("/me/browser-key").await.ok::<BrowserKey>().key, key);
        app.anonymous().get("/me/browser-key").await.problem(Code::Unauthenticated);
    }
}
