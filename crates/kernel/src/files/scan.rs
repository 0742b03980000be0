//! Looking for viruses: a command of the operator that is given the file on its standard input.

use crate::{Error, Result};
use dto::Code;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, Command};

pub(super) struct Scan {
    program: String,
    arguments: Vec<String>,
    longest: Duration,
}

/// One file on its way through the command.
pub(super) struct Scanning {
    child: Child,
    input: Option<ChildStdin>,
    longest: Duration,
}

impl Scan {
    pub fn new(command: &[String], longest: Duration) -> Option<Scan> {
        let (program, arguments) = command.split_first()?;
        (!program.is_empty()).then(|| Scan { program: program.clone(), arguments: arguments.to_vec(), longest })
    }

    pub fn begin(&self) -> Result<Scanning> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let input = child.stdin.take();
        Ok(Scanning { child, input, longest: self.longest })
    }
}

impl Scanning {
    /// A command that has seen enough closes its input; what it says in the end is what counts.
    pub async fn feed(&mut self, bytes: &[u8]) {
        if let Some(input) = &mut self.input {
            let written = tokio::time::timeout(self.longest, input.write_all(bytes)).await;
            if !matches!(written, Ok(Ok(()))) {
                self.input = None;
            }
        }
    }

    /// Errors: `file_not_clean`; `file_scan_failed` where the command does not say.
    pub async fn end(mut self) -> Result<()> {
        drop(self.input.take());
        let status = tokio::time::timeout(self.longest, self.child.wait()).await.map_err(failed)?.map_err(failed)?;
        match status.code() {
            Some(0) => Ok(()),
            Some(1) => Err(Error::new(Code::FileNotClean)),
            _ => Err(failed(status)),
        }
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    tracing::warn!(%error, "looking for viruses");
    Error::new(Code::FileScanFailed)
}
