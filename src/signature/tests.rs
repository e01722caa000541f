//! Keys and lists of keys, as OpenSSH writes them.

use super::keys::*;
use super::*;

const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_key_is_read_with_what_stands_before_it() {
    let plain = AllowedKey::read(&format!("  {ED25519} marta@example.com  ")).unwrap();
    assert_eq!((plain.after, plain.before, plain.namespaces), (None, None, None));
    let limited = format!(
        "valid-after=\"20261101\",valid-before=\"202612311830Z\",namespaces=\"git, handover\" {ED25519}"
    );
    let limited = AllowedKey::read(&limited).unwrap();
    assert_eq!(limited.after, Some(moment("2026-11-01T00:00:00Z")));
    assert_eq!(limited.before, Some(moment("2026-12-31T18:30:00Z")));
    assert_eq!(limited.namespaces.as_deref(), Some("git, handover"));
    assert_eq!(limited.key, plain.key);
}

#[test]
fn what_is_no_key_says_why() {
    let why = |line: &str| AllowedKey::read(line).unwrap_err();
    let shown =
        ["", "ssh-ed25519", "ssh-ed25519 AAAA", "x y", "-----BEGIN OPENSSH PRIVATE KEY-----"];
    for line in shown {
        assert!(why(line).starts_with("no OpenSSH public key"), "{line}");
    }
    insta::assert_snapshot!(
        [
            why(&format!("cert-authority {ED25519}")),
            why(&format!("valid-before=\"soon\" {ED25519}")),
            why(&format!("valid-before=\"20260231\" {ED25519}")),
            why(&format!("valid-before=20261231 {ED25519}")),
            why(&format!("no-touch-required {ED25519}")),
            Revoked::read("SHA256:short").unwrap_err(),
        ]
        .join("\n"),
        @r#"
        `cert-authority` is not supported: list the keys themselves
        `valid-before` cannot be `soon`: write `20261231Z`
        `valid-before` cannot be `20260231`: write `20261231Z`
        write `valid-before="…"`, with quotes
        unknown option `no-touch-required`
        neither an OpenSSH public key, `ssh-ed25519 AAAA…`, nor a fingerprint, `SHA256:…`
        "#
    );
}

#[test]
fn a_list_of_allowed_signers_is_read_as_openssh_reads_it() {
    let list = format!(
        "# who may sign\n\nmarta@example.com,luke {ED25519} comment\n\
         \"*@example.com,!eve@example.com\" namespaces=\"handover\" {ED25519}\n"
    );
    let signers = Signers { signers: allowed_signers(&list).unwrap(), revoked: Vec::new() };
    let key = AllowedKey::read(ED25519).unwrap().key;
    let has = |id: &str, email: Option<&str>| signers.has(&key, Principal { id, email });
    assert!(has("luke", None));
    assert!(has("m", Some("marta@example.com")));
    assert!(has("x", Some("x@example.com")));
    assert!(!has("eve", Some("eve@example.com")));
    assert!(!has("lukas", None));
    assert_eq!(allowed_signers("\n# x\na b\n").unwrap_err().0, 3);
    assert_eq!(allowed_signers("\"\" x").unwrap_err(), (1, "no principal".into()));
}

#[test]
fn revoked_keys_are_keys_or_fingerprints() {
    let key = AllowedKey::read(ED25519).unwrap().key;
    let list = format!("# lost\n{ED25519}\n{}\n", fingerprint(&key));
    let revoked = revoked(&list).unwrap();
    assert_eq!(revoked[0], revoked[1]);
    assert_eq!(keys::revoked("SSHKRL\n\0").unwrap_err().0, 1);
}

/// No text makes reading panic.
#[test]
fn any_edit_is_read() {
    let mut random = crate::fixture::Random::new(5);
    let list = format!("\"a,b\" valid-after=\"20261101Z\",namespaces=\"handover\" {ED25519} c\n");
    for _ in 0..2000 {
        let edited = random.edited(&list);
        let _ = (allowed_signers(&edited), revoked(&edited), Signature::read(&edited));
        let _ = Revoked::read(&edited);
    }
}

/// Public keys, and what `ssh-keygen` made with them of `samples/text.txt`.
const SAMPLES: [(&str, &str); 4] = [
    (include_str!("samples/ed25519.pub"), include_str!("samples/ed25519.sig")),
    (include_str!("samples/ecdsa-256.pub"), include_str!("samples/ecdsa-256.sig")),
    (include_str!("samples/ecdsa-521.pub"), include_str!("samples/ecdsa-521.sig")),
    (include_str!("samples/rsa.pub"), include_str!("samples/rsa.sig")),
];

fn verified(key: &str, armored: &str) -> Result<(), Refusal> {
    let who = Who::Person { id: "marta".into(), name: "Marta".into() };
    let signer = Signer { who, key: AllowedKey::read(key).unwrap() };
    let signers = Signers { signers: vec![signer], revoked: Vec::new() };
    let claim = Claim {
        text: include_bytes!("samples/text.txt"),
        signer: Principal { id: "marta", email: None },
        between: (moment("2026-12-18T00:00:00Z"), moment("2026-12-18T00:00:00Z")),
    };
    Signature::read(armored)?.verify(&signers, &claim)
}

#[test]
fn no_byte_of_a_signature_can_be_another() {
    for (key, armored) in SAMPLES {
        assert_eq!(verified(key, armored), Ok(()));
        assert_eq!(verified(key, &armored.replace('\n', "\r\n")), Ok(()));
        let line = Signature::line(armored);
        assert_eq!(Signature::read_line(&line).unwrap().0, Signature::read(armored).unwrap().0);
        let end = armored.trim_end().len();
        // The head, where lengths and kinds stand, byte by byte; of the rest some: large numbers are slow to reckon with.
        for at in (0..200.min(end)).chain((200..end).step_by(23)) {
            for other in [b'A', b'=', armored.as_bytes()[at] ^ 1] {
                let mut bytes = armored.as_bytes().to_vec();
                if bytes[at] == other {
                    continue;
                }
                bytes[at] = other;
                let edited = String::from_utf8(bytes).unwrap();
                assert!(verified(key, &edited).is_err(), "{key} at {at}: {}", other.escape_ascii());
            }
        }
    }
}

/// No edit makes reading or verifying panic.
#[test]
fn any_edit_of_a_signature_is_read() {
    let mut random = crate::fixture::Random::new(7);
    for (key, armored) in SAMPLES {
        for _ in 0..100 {
            let edited = random.edited(armored);
            if edited.split_ascii_whitespace().ne(armored.split_ascii_whitespace()) {
                assert!(verified(key, &edited).is_err(), "{edited}");
            }
        }
    }
}
