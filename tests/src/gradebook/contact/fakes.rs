//! Servers on this machine that take what leaves: HTTP (push services, gateways) and SMTP.

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// A request that an HTTP fake took.
#[derive(Clone, Debug)]
pub struct Taken {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Taken {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Clone, Default)]
pub struct Http {
    taken: Arc<Mutex<Vec<Taken>>>,
    /// The statuses of the next answers; then 201.
    answers: Arc<Mutex<VecDeque<u16>>>,
    /// Answers wait while somebody holds it.
    held: Arc<tokio::sync::RwLock<()>>,
    pub base: String,
}

impl Http {
    pub async fn start() -> Http {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let fake = Http { base: format!("http://{}", listener.local_addr().unwrap()), ..Http::default() };
        let state = fake.clone();
        let server = HttpServer::new(move || {
            let state = state.clone();
            App::new().default_service(web::to(move |req: HttpRequest, body: web::Bytes| {
                let state = state.clone();
                async move {
                    let headers =
                        req.headers().iter().map(|(n, v)| (n.as_str().to_owned(), v.to_str().unwrap_or("").to_owned())).collect();
                    let taken = Taken { path: req.path().to_owned(), headers, body: body.to_vec() };
                    state.taken.lock().unwrap().push(taken);
                    let _free = state.held.read().await;
                    let status = state.answers.lock().unwrap().pop_front().unwrap_or(201);
                    HttpResponse::build(status.try_into().unwrap()).json(serde_json::json!({"error": 0}))
                }
            }))
        })
        .workers(1)
        .listen(listener)
        .unwrap()
        .run();
        actix_web::rt::spawn(server);
        fake
    }

    pub fn then(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    /// Takes, and answers nobody until this is dropped.
    pub async fn hold(&self) -> tokio::sync::OwnedRwLockWriteGuard<()> {
        self.held.clone().write_owned().await
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

/// A small SMTP server (RFC 5321): takes mail without TLS, and can be told to refuse.
#[derive(Clone, Default)]
pub struct Smtp {
    mails: Arc<Mutex<Vec<String>>>,
    /// What the next recipients are answered; then 250.
    answers: Arc<Mutex<VecDeque<&'static str>>>,
    pub url: String,
}

impl Smtp {
    pub async fn start() -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Smtp { url: format!("smtp://{}", listener.local_addr().unwrap()), ..Smtp::default() };
        let state = fake.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                actix_web::rt::spawn(state.clone().serve(stream));
            }
        });
        fake
    }

    async fn serve(self, stream: tokio::net::TcpStream) {
        let mut stream = BufReader::new(stream);
        stream.get_mut().write_all(b"220 test ESMTP\r\n").await.unwrap();
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let word = line.split([' ', ':', '\r']).next().unwrap_or("").to_ascii_uppercase();
            let answer = match word.as_str() {
                "EHLO" => "250-test\r\n250-8BITMIME\r\n250 SMTPUTF8",
                "RCPT" => self.answers.lock().unwrap().pop_front().unwrap_or("250 OK"),
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 OK",
            };
            let _gone = stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await;
            if word == "DATA" {
                let mut mail = String::new();
                loop {
                    line.clear();
                    if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    mail.push_str(&line);
                }
                self.mails.lock().unwrap().push(mail);
                let _gone = stream.get_mut().write_all(b"250 taken\r\n").await;
            }
        }
    }

    pub fn then(&self, answers: &[&'static str]) {
        self.answers.lock().unwrap().extend(answers);
    }

    pub fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }
}
