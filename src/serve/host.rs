//! Which names a server answers to. A page elsewhere whose name is made to lead to this machine comes with its own name.

use std::net::IpAddr;

/// The names that were asked for.
#[derive(Clone, Debug)]
pub struct Hosts {
    /// Of `--host`.
    named: String,
    /// The server listens on every address of the machine: each of them may be used.
    any_address: bool,
}

impl Hosts {
    pub fn new(named: &str) -> Self {
        let address = named.parse::<IpAddr>();
        let named = named.trim_end_matches('.').to_ascii_lowercase();
        Self { named, any_address: address.is_ok_and(|address| address.is_unspecified()) }
    }

    /// Tells whether a `Host` header names this server. The port says nothing: it may be forwarded.
    pub(super) fn has(&self, header: &str) -> bool {
        let Some(name) = name(header) else { return false };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        match name.parse::<IpAddr>() {
            Ok(address) => {
                address.is_loopback() || self.any_address || self.named.parse() == Ok(address)
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
        let local = Hosts::new("127.0.0.1");
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
        assert!(Hosts::new("docs.lan").has("Docs.Lan:3000"));
        assert!(Hosts::new("192.168.1.5").has("192.168.1.5:3000"));
        assert!(!Hosts::new("192.168.1.5").has("192.168.1.6:3000"));
        let open = Hosts::new("0.0.0.0");
        assert!(open.has("192.168.1.5:3000") && open.has("localhost") && !open.has("evil.example"));
    }
}
