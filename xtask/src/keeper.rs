//! Ties the life of a process to ours: however we end, it ends too.
//!
//! A destructor does not run when a process is killed, and handling signals would not help against SIGKILL. So each
//! process that must not outlive us has a keeper, a second copy of this program that holds the reading end of a pipe.
//! The system closes the writing end when we are gone, whatever the reason; the keeper then ends its process and
//! removes the folder. It lives in a process group of its own, so that Ctrl-C at a terminal does not end it first.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::account::Account;

/// The word on the command line that makes this program a keeper.
pub(crate) const CHORE: &str = "keep";

/// How long a process may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to keep.
#[derive(Debug)]
pub(crate) struct Keep<'a> {
    /// The program, then its arguments.
    pub(crate) command: Vec<OsString>,
    /// How its process group is asked to end.
    pub(crate) stop: Stop,
    /// Whom it runs as, when not as ourselves.
    pub(crate) account: Option<Account>,
    pub(crate) folder: &'a Path,
    /// Whether `folder`, where it runs, is removed with it.
    pub(crate) remove: bool,
    /// Where its output goes; ours when absent.
    pub(crate) log: Option<File>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) without: Vec<String>,
}

/// The signal that asks a process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// SIGTERM.
    Terminate,
    /// SIGQUIT: PostgreSQL's immediate shutdown, which still frees its shared memory.
    Quit,
    /// SIGKILL.
    Kill,
}

impl Stop {
    const ALL: [Stop; 3] = [Stop::Terminate, Stop::Quit, Stop::Kill];

    fn word(self) -> &'static str {
        match self {
            Stop::Terminate => "terminate",
            Stop::Quit => "quit",
            Stop::Kill => "kill",
        }
    }

    fn signal(self) -> Signal {
        match self {
            Stop::Terminate => Signal::TERM,
            Stop::Quit => Signal::QUIT,
            Stop::Kill => Signal::KILL,
        }
    }
}

/// A process that ends when this value is dropped, or when this program ends in any other way.
#[derive(Debug)]
pub(crate) struct Kept {
    keeper: Child,
    /// The writing end of the pipe. Taken out of `keeper` because `Child::wait` would close it first.
    line: Option<ChildStdin>,
}

impl Keep<'_> {
    /// Starts the keeper, which starts the process.
    ///
    /// # Errors
    ///
    /// When this program cannot start itself once more. That the process cannot be started shows as an early end.
    pub(crate) fn start(self) -> Result<Kept> {
        let mut keeper = Command::new(std::env::current_exe().context("cannot find our own program")?);
        keeper.arg(CHORE).arg(self.stop.word());
        match &self.account {
            Some(account) => keeper.arg(account.uid.to_string()).arg(account.gid.to_string()),
            None => keeper.arg("-").arg("-"),
        };
        keeper.arg(if self.remove { self.folder.as_os_str() } else { "-".as_ref() }).args(&self.command);
        keeper.current_dir(self.folder).envs(self.environment).process_group(0).stdin(Stdio::piped());
        for name in &self.without {
            keeper.env_remove(name);
        }
        if let Some(log) = self.log {
            keeper.stderr(log.try_clone().context("cannot share the log")?).stdout(log);
        }
        let mut keeper = keeper.spawn().context("cannot start the keeper")?;
        let line = keeper.stdin.take();
        Ok(Kept { keeper, line })
    }
}

impl Kept {
    /// Waits for the process to end by itself.
    pub(crate) fn wait(&mut self) -> io::Result<ExitStatus> {
        self.keeper.wait()
    }

    /// Returns whether the process has ended.
    pub(crate) fn ended(&mut self) -> bool {
        !matches!(self.keeper.try_wait(), Ok(None))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.line.take());
        // The keeper's own patience bounds this. There is nobody left to tell of a failure.
        let _ = self.keeper.wait();
    }
}

/// Is the keeper: `keep <stop> <uid|-> <gid|-> <folder to remove|-> <program> <arguments…>`.
///
/// # Errors
///
/// When the arguments are not ours, or the program cannot be started.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let [stop, uid, gid, folder, program, arguments @ ..] = arguments else {
        bail!("`{CHORE}` is how xtask starts a server, and not for people");
    };
    let stop = Stop::ALL.into_iter().find(|s| s.word() == stop).with_context(|| format!("no such stop: `{stop}`"))?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).process_group(0);
    if uid != "-" {
        // The standard library also drops root's other groups.
        command.uid(uid.parse().context("uid")?).gid(gid.parse().context("gid")?);
    }
    let outcome = command.spawn().with_context(|| format!("cannot start `{program}`")).and_then(|mut child| {
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("process id")?;
        std::thread::spawn(move || {
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            let _ = kill_process_group(group, stop.signal());
            std::thread::sleep(PATIENCE);
            let _ = kill_process_group(group, Signal::KILL);
        });
        let status = child.wait().context("cannot wait");
        // What it left behind: a shell's background jobs, for one, ignore SIGQUIT.
        let _ = kill_process_group(group, Signal::KILL);
        status
    });
    if folder != "-" {
        let _ = std::fs::remove_dir_all(PathBuf::from(folder));
    }
    Ok(exit_code(outcome?))
}

/// Returns the code that a shell would give for this end.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|s| 128 + s)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
