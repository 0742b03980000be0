//! SIGTERM: what was begun is answered, what is new is refused, and the process ends well.

use super::process::start;
use reqwest::Method;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

both_engines! {
    async fn a_request_in_flight_is_answered_before_the_end(app: TestApp) {
        let admin = app.province_admin().await;
        let (mut child, base) = start(&app);
        let address = base.trim_start_matches("http://").to_owned();
        let body = r#"{"name":"2031-2032"}"#;
        // The head says how long the body is; half of the body is held back until the server has been told to stop.
        let request = admin.request(Method::POST, "/school-years").build().unwrap();
        let token = request.headers()["authorization"].to_str().unwrap().to_owned();
        let head = format!(
            "POST /api/v1/school-years HTTP/1.1\r\nhost: {address}\r\nauthorization: {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body.as_bytes()[..5]).unwrap();
        // One whole exchange on another connection: the server has accepted this one before it.
        assert_eq!(app.client.get(format!("{base}/health/live")).send().await.unwrap().status(), 200);

        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        // Nothing new is taken: wait until the door is closed.
        while TcpStream::connect(&address).is_ok() {
            assert!(child.try_wait().unwrap().is_none(), "it ended with a request in flight");
            actix_web::rt::task::yield_now().await;
        }
        stream.write_all(&body.as_bytes()[5..]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        // The body lacks fields: a problem is an answer too, and a whole one.
        assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
        assert!(answer.contains("problem+json") && answer.trim_end().ends_with('}'), "{answer}");
        assert!(child.wait().unwrap().success(), "it ends well");
    }
}
