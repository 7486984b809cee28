//! Speaks BIP 324 by the crate bip324, and sends back each packet that it receives, after a decoy.
//!
//!     bip324-echo call 127.0.0.1:PORT    connects, as initiator
//!     bip324-echo serve                  prints its port, and answers callers one after the other
//!
//! It knows the transport alone: what is in a packet it neither reads nor makes. It ends when its standard
//! input does, or after two minutes.

use std::error::Error;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use std::{env, io, process, thread};

use bip324::io::{Payload, Protocol};
use bip324::{PacketType, Role};

const MAGIC: [u8; 4] = [0xf9, 0xbe, 0xb4, 0xd9];
/// As much as the protocol allows.
const GARBAGE_LENGTH: usize = 4095;
const LIFETIME: Duration = Duration::from_secs(120);

fn main() -> Result<(), Box<dyn Error>> {
    thread::spawn(|| {
        thread::sleep(LIFETIME);
        process::exit(1);
    });
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["call", address] => echo(TcpStream::connect(address)?, Role::Initiator),
        ["serve"] => serve(),
        _ => Err("expected `call HOST:PORT` or `serve`".into()),
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    io::stdout().flush()?;
    for stream in listener.incoming() {
        // It ends with an error when the caller hangs up, which is no reason to end.
        let _ = echo(stream?, Role::Responder);
    }
    Ok(())
}

fn echo(stream: TcpStream, role: Role) -> Result<(), Box<dyn Error>> {
    let reader = BufReader::new(stream.try_clone()?);
    let garbage = Some(vec![0xa5; GARBAGE_LENGTH]);
    let decoys = Some(vec![vec![0; 100], vec![]]);
    let mut protocol = Protocol::new(MAGIC, role, garbage, decoys, reader, stream)?;
    loop {
        let payload = protocol.read()?;
        if payload.packet_type() == PacketType::Decoy {
            continue;
        }
        protocol.write(&Payload::decoy(vec![0; 7]))?;
        protocol.write(&Payload::genuine(payload.contents().to_vec()))?;
    }
}
