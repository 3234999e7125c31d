//! A proxy between a program and a server: counts round trips, and makes the way long.
//!
//! A round trip is counted when the program sends something after the server spoke. What is sent ahead, without waiting
//! for an answer, counts once, unless the answer to its beginning overtakes its end.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// A proxy that runs until the program ends.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) port: u16,
    trips: Arc<AtomicU64>,
}

impl Proxy {
    /// Starts one in front of a server; each way takes so long.
    ///
    /// # Errors
    ///
    /// When there is no free port.
    pub(crate) fn start(server: &str, delay: Duration) -> Result<Proxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a port for the proxy")?;
        let port = listener.local_addr()?.port();
        let trips = Arc::new(AtomicU64::new(0));
        let (server, count) = (server.to_owned(), trips.clone());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(upstream) = TcpStream::connect(&server) else { continue };
                serve(client, upstream, delay, &count).ok();
            }
        });
        Ok(Proxy { port, trips })
    }

    /// The round trips since the last call.
    pub(crate) fn take(&self) -> u64 {
        self.trips.swap(0, Ordering::SeqCst)
    }
}

fn serve(client: TcpStream, server: TcpStream, delay: Duration, trips: &Arc<AtomicU64>) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let spoke = Arc::new(AtomicBool::new(true));
    let (heard, trips) = (spoke.clone(), trips.clone());
    carry(client.try_clone()?, server.try_clone()?, delay, move || {
        if heard.swap(false, Ordering::SeqCst) {
            trips.fetch_add(1, Ordering::SeqCst);
        }
    });
    carry(server, client, delay, move || spoke.store(true, Ordering::SeqCst));
    Ok(())
}

/// Carries bytes one way. What is on its way doesn't keep what follows from setting out.
fn carry(mut from: TcpStream, mut to: TcpStream, delay: Duration, passing: impl Fn() + Send + 'static) {
    let (sender, receiver) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        for (due, bytes) in receiver {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        to.shutdown(Shutdown::Write).ok();
    });
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            passing();
            if sender.send((Instant::now() + delay, buffer[..length].to_vec())).is_err() {
                break;
            }
        }
    });
}
