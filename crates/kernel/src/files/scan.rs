//! Looking for viruses: a command of the operator that is given the file on its standard input, or a service that is sent it.

use crate::{Error, Result};
use bytes::Bytes;
use dto::Code;
use futures::channel::mpsc::{Sender, channel};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{SinkExt, StreamExt};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, Command};
use tokio::task::JoinHandle;

/// A service that looks at files. It is sent the bytes as they come and answers with an HTTP status: 200 or 204 is clean, 422 is not.
pub trait ScanService: Send + Sync {
    /// The status, or why there is none.
    fn look(&self, file: BoxStream<'static, Bytes>) -> BoxFuture<'static, std::result::Result<u16, String>>;
}

pub(super) struct Scan {
    how: How,
    longest: Duration,
}

enum How {
    Command { program: String, arguments: Vec<String> },
    Service(Arc<dyn ScanService>),
}

/// One file on its way.
pub(super) struct Scanning {
    way: Way,
    longest: Duration,
}

enum Way {
    Command { child: Child, input: Option<ChildStdin> },
    Service { to: Option<Sender<Bytes>>, answer: JoinHandle<std::result::Result<u16, String>> },
}

impl Scan {
    pub fn command(command: &[String], longest: Duration) -> Option<Scan> {
        let (program, arguments) = command.split_first()?;
        let how = How::Command { program: program.clone(), arguments: arguments.to_vec() };
        (!program.is_empty()).then_some(Scan { how, longest })
    }

    pub fn service(service: Arc<dyn ScanService>, longest: Duration) -> Scan {
        Scan { how: How::Service(service), longest }
    }

    pub fn begin(&self) -> Result<Scanning> {
        let way = match &self.how {
            How::Command { program, arguments } => {
                let mut child = Command::new(program)
                    .args(arguments)
                    .stdin(Stdio::piped())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .kill_on_drop(true)
                    .spawn()
                    .map_err(failed)?;
                let input = child.stdin.take();
                Way::Command { child, input }
            }
            How::Service(service) => {
                let (to, file) = channel(2);
                Way::Service { to: Some(to), answer: tokio::spawn(service.look(file.boxed())) }
            }
        };
        Ok(Scanning { way, longest: self.longest })
    }
}

impl Scanning {
    /// Who has seen enough takes no more; what they say in the end is what counts.
    pub async fn feed(&mut self, bytes: &Bytes) {
        match &mut self.way {
            Way::Command { input, .. } => {
                if let Some(open) = input {
                    let written = tokio::time::timeout(self.longest, open.write_all(bytes)).await;
                    if !matches!(written, Ok(Ok(()))) {
                        *input = None;
                    }
                }
            }
            Way::Service { to, .. } => {
                if let Some(open) = to {
                    let sent = tokio::time::timeout(self.longest, open.send(bytes.clone())).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        *to = None;
                    }
                }
            }
        }
    }

    /// Errors: `file_not_clean`; `file_scan_failed` where nobody says.
    pub async fn end(self) -> Result<()> {
        match self.way {
            Way::Command { mut child, input } => {
                drop(input);
                let status = tokio::time::timeout(self.longest, child.wait()).await.map_err(failed)?.map_err(failed)?;
                match status.code() {
                    Some(0) => Ok(()),
                    Some(1) => Err(Error::new(Code::FileNotClean)),
                    _ => Err(failed(status)),
                }
            }
            Way::Service { to, answer } => {
                drop(to);
                let status = tokio::time::timeout(self.longest, answer).await.map_err(failed)?.map_err(failed)?;
                match status.map_err(failed)? {
                    200 | 204 => Ok(()),
                    422 => Err(Error::new(Code::FileNotClean)),
                    status => Err(failed(format!("the service answered {status}"))),
                }
            }
        }
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    tracing::warn!(%error, "looking for viruses");
    Error::new(Code::FileScanFailed)
}
