//! Railway's references: `${{Postgres.DATABASE_URL}}`, `${{shared.X}}`, `${{X}}`.

/// What begins a reference.
const OPEN: &str = "${{";

/// Whether a value refers to anything.
pub(super) fn is_in(value: &str) -> bool {
    value.contains(OPEN)
}

/// What is wrong with the references of a value; nothing where all of them are well formed.
pub(super) fn fault(value: &str) -> Option<&'static str> {
    let mut rest = value;
    while let Some(at) = rest.find(OPEN) {
        let inside = &rest[at + OPEN.len()..];
        let Some(end) = inside.find("}}") else {
            return Some("has a Railway reference that is not closed");
        };
        let name = inside[..end].trim_matches(' ');
        if name.is_empty() {
            return Some("has a Railway reference that names nothing");
        }
        let (service, variable) = match name.rsplit_once('.') {
            Some((service, variable)) => (Some(service), variable),
            None => (None, name),
        };
        if !is_variable(variable) {
            return Some("has a Railway reference to what can be no variable");
        }
        if service.is_some_and(|service| !is_service(service)) {
            return Some("has a Railway reference to what can be no service");
        }
        rest = &inside[end + 2..];
    }
    None
}

fn is_variable(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Services are called as people like: `Postgres`, `my-api`, `Job Queue`.
fn is_service(name: &str) -> bool {
    !name.is_empty()
        && name.trim() == name
        && name
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_a_shape() {
        for good in [
            "${{Postgres.DATABASE_URL}}",
            "${{ shared.X }}",
            "${{X}}",
            "https://${{api.RAILWAY_PUBLIC_DOMAIN}}/v1?x=${{Y}}",
            "${{Job Queue.REDIS_URL}}",
        ] {
            assert!(is_in(good));
            assert_eq!(fault(good), None, "{good}");
        }
        for (bad, part) in [
            ("${{Postgres.DATABASE_URL}", "closed"),
            ("${{}}", "nothing"),
            ("${{ Postgres. }}", "variable"),
            ("${{.X}}", "service"),
            ("${{A.B.C}}", "service"),
            ("${{A}} ${{a-b}}", "variable"),
        ] {
            assert!(fault(bad).is_some_and(|what| what.contains(part)), "{bad}");
        }
    }
}
