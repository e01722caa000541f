//! Which names a server answers to. A page elsewhere whose name is made to lead to this machine comes with its own name.

use std::net::IpAddr;

/// The names that were asked for.
#[derive(Clone, Debug)]
pub struct Hosts {
    /// Of `--host`.
    named: String,
    /// Where the server listens; where that is every address of the machine, each of them may be used.
    bound: IpAddr,
}

impl Hosts {
    /// Returns the names of a server that was asked to listen on `named`, and listens on `bound`.
    pub fn new(named: &str, bound: IpAddr) -> Self {
        let named = named.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
        Self { named, bound }
    }

    /// Tells whether a `Host` header names this server. The port says nothing: it may be forwarded.
    pub(super) fn has(&self, header: &str) -> bool {
        let Some(name) = name(header) else { return false };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        match name.parse::<IpAddr>() {
            Ok(address) => {
                address.is_loopback() || self.bound.is_unspecified() || self.bound == address
            }
            Err(_) => name == "localhost" || name == self.named,
        }
    }
}

/// Returns the name in a `Host` header, without port and brackets.
fn name(header: &str) -> Option<&str> {
    let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = header.strip_prefix('[') {
        let (name, rest) = rest.split_once(']')?;
        let is_rest = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
        return Some(name).filter(|_| is_rest);
    }
    match header.rsplit_once(':') {
        Some((name, port)) => Some(name).filter(|name| is_port(port) && !name.contains(':')),
        None => Some(header),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_to_the_names_that_were_asked_for() {
        let of = |named: &str, bound: &str| Hosts::new(named, bound.parse().unwrap());
        let local = of("127.0.0.1", "127.0.0.1");
        for host in ["localhost:3000", "LOCALHOST", "127.0.0.1:80", "[::1]:3000", "localhost.:1"] {
            assert!(local.has(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "192.168.1.5:3000",
            "localhost:3000:1",
            "[::1",
            "[::1]x",
            "::1",
            "localhost:x",
            "127.0.0.1.evil.example",
        ] {
            assert!(!local.has(host), "{host}");
        }
        assert!(of("docs.lan", "192.168.1.5").has("Docs.Lan:3000"));
        assert!(of("192.168.1.5", "192.168.1.5").has("192.168.1.5:3000"));
        assert!(!of("192.168.1.5", "192.168.1.5").has("192.168.1.6:3000"));
        assert!(of("[fd00::2]", "fd00::2").has("[fd00::2]:3000"));
        for (named, bound) in [("0.0.0.0", "0.0.0.0"), ("0", "0.0.0.0"), ("[::]", "::")] {
            let open = of(named, bound);
            assert!(open.has("192.168.1.5:3000") && open.has("localhost"), "{named}");
            assert!(!open.has("evil.example"), "{named}");
        }
    }
}
