//! `handover serve`: shows the portal, and keeps it up to date.

use std::io;
use std::net::{TcpListener, ToSocketAddrs as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use crate::cli::Outcome;
use crate::cli::current::{Current, Look};
use crate::cli::failure::Failure;
use crate::cli::interrupt;
use crate::cli::live::{Live, LiveArguments};
use crate::cli::terminal::Terminal;
use crate::error::phrase;
use crate::serve::host::Hosts;
use crate::serve::snapshot::{Shelf, Snapshot};
use crate::serve::{Stage, http};

/// Show the portal in the browser, and keep it up to date while its files change
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    live: LiveArguments,
    /// The port to listen on; 0 takes one that is free
    #[arg(short, long, value_name = "PORT", default_value_t = 3000)]
    port: u16,
    /// The address or name to listen on; any but this machine's own opens the documents to the network
    #[arg(short = 'n', long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// Open the portal in the browser
    #[arg(short, long)]
    open: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let Arguments { live, port, host, open } = arguments;
    let live = Live::open(live, *terminal)?;
    let listener = listen(&host, port)?;
    let broken = |error: io::Error| Failure::new(format!("cannot serve: {}", phrase(&error)));
    let bound = listener.local_addr().map_err(broken)?;
    if !bound.ip().is_loopback() {
        terminal
            .note("warning: whoever reaches this machine over the network can read the documents");
    }
    let shown = if bound.ip().is_unspecified() { "localhost".into() } else { in_address(&host) };
    let address = format!("http://{shown}:{}/", bound.port());
    terminal.result(&format!("{address} shows `{}` until Ctrl-C", live.project.root.display()));
    if open && let Err(why) = open_browser(&address) {
        terminal.note(&format!("note: no browser could be opened: {why}"));
    }
    let (stage, receiver) = Stage::new();
    let running = live.running.clone();
    let runtime = tokio::runtime::Runtime::new().map_err(broken)?;
    let (alive, ended) = tokio::sync::oneshot::channel::<()>();
    thread::spawn(move || {
        // Dropped with the thread, however that ends.
        let _alive = alive;
        let mut shelf = None;
        live.run(|live, look, current| {
            let is_good = current.is_some();
            show(live, look, current, &stage, &mut shelf);
            is_good
        });
    });
    let served = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::select! {
            ended = http::serve(listener, receiver, Hosts::new(&host, bound.ip())) => ended,
            asked = interrupt::asked() => asked.map(drop),
            _ = ended => Err(io::Error::other("the project is no longer looked at")),
        }
    });
    running.end();
    // Browsers keep their connections open: nobody waits for them.
    runtime.shutdown_background();
    served.map_err(broken)?;
    Ok(Outcome::Fine)
}

/// Shows what came of a look to the browsers.
fn show(
    live: &Live,
    look: &Look,
    current: Option<Current>,
    stage: &Stage,
    shelf: &mut Option<Arc<Shelf>>,
) {
    let snapshot = current.map(|current| {
        let folder = live.destination(look);
        let known = shelf.take().filter(|shelf| shelf.is_current(&folder));
        let there = known.unwrap_or_else(|| Arc::new(Shelf::read(folder)));
        *shelf = Some(Arc::clone(&there));
        Snapshot::new(current, there)
    });
    stage.show(snapshot, look.problems());
}

fn listen(host: &str, port: u16) -> Result<TcpListener, Failure> {
    let refuse = |error: &io::Error| {
        let failure =
            Failure::new(format!("cannot listen on `{host}`, port {port}: {}", phrase(error)));
        match error.kind() {
            io::ErrorKind::AddrInUse => {
                let other = port.checked_add(1).unwrap_or(3000);
                failure
                    .help(format!("end what listens there, or take another port: `--port {other}`"))
            }
            io::ErrorKind::PermissionDenied => {
                failure.help("take a port from 1024 on: `--port 3000`")
            }
            _ => failure.help("`--host` is an address or a name of this machine"),
        }
    };
    let addresses: Vec<_> = (host.trim_matches(['[', ']']), port)
        .to_socket_addrs()
        .map_err(|error| refuse(&error))?
        .collect();
    TcpListener::bind(&*addresses).map_err(|error| refuse(&error))
}

/// Returns a host as an address says it.
fn in_address(host: &str) -> String {
    let host = host.trim_matches(['[', ']']);
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

fn open_browser(address: &str) -> Result<(), String> {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("explorer", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut opener = command.spawn().map_err(|error| format!("`{program}`: {}", phrase(&error)))?;
    thread::spawn(move || opener.wait());
    Ok(())
}
