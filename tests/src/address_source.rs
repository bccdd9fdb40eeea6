//! Services that tell an address, played on this machine.

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{Error, Result};

/// How long whoever asked may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells everyone who asks the same address, until it is dropped.
#[derive(Debug)]
pub struct AddressSource {
    listens: SocketAddr,
    ended: Arc<AtomicBool>,
    serving: Option<JoinHandle<()>>,
}

impl AddressSource {
    /// Listens on the loopback address of the family that it tells an address of.
    pub fn telling(address: IpAddr) -> Result<AddressSource> {
        let loopback: IpAddr = if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
        AddressSource::answering(loopback, "text/plain", address.to_string())
    }

    /// Listens on a loopback address and answers everyone with this.
    pub fn answering(loopback: IpAddr, content_type: &'static str, answer: String) -> Result<AddressSource> {
        let failed = |source| Error::Io { path: "a loopback port".into(), source };
        let listener = TcpListener::bind((loopback, 0)).map_err(failed)?;
        let listens = listener.local_addr().map_err(failed)?;
        let ended = Arc::new(AtomicBool::new(false));
        let serving = thread::spawn({
            let ended = Arc::clone(&ended);
            move || {
                for stream in listener.incoming().flatten() {
                    if ended.load(Ordering::Relaxed) {
                        return;
                    }
                    // Whoever asked may be gone, as it may when others have agreed already.
                    let _ = tell(stream, content_type, &answer);
                }
            }
        });
        Ok(AddressSource { listens, ended, serving: Some(serving) })
    }

    /// Where it is asked.
    pub fn url(&self) -> String {
        format!("http://{}/", self.listens)
    }
}

impl Drop for AddressSource {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes it up, so that it sees that it is to end.
        drop(TcpStream::connect(self.listens));
        if let Some(serving) = self.serving.take() {
            drop(serving.join());
        }
    }
}

fn tell(mut stream: TcpStream, content_type: &str, answer: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        asked.push(byte[0]);
    }
    let length = answer.len();
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{answer}")?;
    stream.shutdown(Shutdown::Write)
}
