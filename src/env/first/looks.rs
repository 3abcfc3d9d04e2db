//! What a variable's name and value look like: secret, public, a placeholder, a place on this machine.
//!
//! Only for the first schema, which people correct. When in doubt a name is secret and a value is not copied.

/// What bundlers put into pages, by the names' beginnings.
const PUBLIC: [&str; 9] = [
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "NUXT_PUBLIC_",
    "EXPO_PUBLIC_",
    "GATSBY_",
    "VUE_APP_",
    "PUBLIC_",
    "STORYBOOK_",
];

const SECRET_WORDS: [&str; 18] = [
    "SECRET",
    "SECRETS",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PASS",
    "PWD",
    "PASSPHRASE",
    "CREDENTIALS",
    "CREDENTIAL",
    "PRIVATE",
    "KEY",
    "APIKEY",
    "KEYS",
    "SALT",
    "PEPPER",
    "MNEMONIC",
    "DSN",
];

/// What stands last where the secret's neighbour is meant: `TOKEN_TTL`, `ACCESS_KEY_ID`.
const NEIGHBOURS: [&str; 32] = [
    "ALGORITHM",
    "AUDIENCE",
    "BUCKET",
    "COUNT",
    "DAYS",
    "ENABLED",
    "ENDPOINT",
    "EXPIRATION",
    "EXPIRES",
    "EXPIRY",
    "FILE",
    "HEADER",
    "HOST",
    "HOURS",
    "ID",
    "IN",
    "ISSUER",
    "LENGTH",
    "LIMIT",
    "MAX",
    "MIN",
    "MINUTES",
    "NAME",
    "PATH",
    "PREFIX",
    "REGION",
    "ROUNDS",
    "SECONDS",
    "SIZE",
    "TTL",
    "TYPE",
    "VERSION",
];

/// Addresses that usually carry a password.
const SECRET_URLS: [&str; 8] = [
    "DATABASE_URL",
    "DIRECT_URL",
    "REDIS_URL",
    "MONGO_URL",
    "MONGO_URI",
    "MONGODB_URI",
    "RABBITMQ_URL",
    "CONNECTION_STRING",
];

/// How keys of well-known services begin.
const KEYS: [&str; 26] = [
    "sk-",
    "sk_",
    "pk_",
    "rk_",
    "whsec_",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xox",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "SG.",
    "eyJ",
    "npm_",
    "dop_v1_",
    "hf_",
    "gsk_",
    "xai-",
    "r8_",
    "-----BEGIN",
    "key-",
    "pat-",
];

/// Whether the variable ends up in what browsers load.
pub(crate) fn is_public(name: &str) -> bool {
    PUBLIC.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether the name alone says that the value is to be hidden.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    if SECRET_URLS.iter().any(|end| name.ends_with(end)) || name.ends_with("WEBHOOK_URL") {
        return true;
    }
    let parts: Vec<&str> = name.split('_').collect();
    let last = parts.last().copied().unwrap_or_default();
    let open = ["PUBLIC", "PUBLISHABLE", "ANON", "SITE"];
    // NEXT_PUBLIC_… is one word that happens to hold another.
    let body = name.strip_prefix("NEXT_PUBLIC_").unwrap_or(&name);
    if body.split('_').any(|part| open.contains(&part)) && !parts.contains(&"SECRET") {
        return false;
    }
    // Frameworks call what stays on the server private.
    let parts = match parts.as_slice() {
        ["NEXT", "PRIVATE", rest @ ..] => rest,
        all => all,
    };
    let is_word = |part: &&str| {
        SECRET_WORDS.contains(part) || part.ends_with("PASSWORD") || part.ends_with("SECRET")
    };
    let addressed = ["URL", "URI"].contains(&last) && !parts.contains(&"SECRET");
    parts.iter().any(is_word) && !NEIGHBOURS.contains(&last) && !addressed
}

/// Whether a text may hold a real secret.
pub(crate) fn may_be_secret(text: &str) -> bool {
    let mut words =
        text.split(|letter: char| letter.is_whitespace() || "\"'`,;()<>".contains(letter));
    words.any(|word| {
        let begins = KEYS
            .iter()
            .any(|key| word.starts_with(key) || word.contains(&format!("={key}")));
        begins && word.len() >= 8
            || with_password(word)
            || word
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .any(is_random)
            || is_uuid(word)
    })
}

/// An address with a name and a password, or with a key among its parameters.
pub(crate) fn with_password(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let named = authority
        .rsplit_once('@')
        .is_some_and(|(user, _)| !user.is_empty());
    let asked = rest.split_once('?').is_some_and(|(_, query)| {
        let query = query.to_ascii_lowercase();
        ["key=", "token=", "secret=", "password=", "sig="]
            .iter()
            .any(|part| query.contains(part))
    });
    named || asked || rest.contains("/services/") || rest.contains("/webhooks/")
}

/// A run of letters and digits that nobody chose for its meaning.
fn is_random(run: &str) -> bool {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let letters = run.len() - digits;
    let capitals = run.bytes().filter(u8::is_ascii_uppercase).count();
    let mixed = capitals >= 2 && capitals + 2 <= letters && digits >= 1;
    (run.len() >= 16 && letters >= 2 && (digits >= 2 || mixed))
        || (run.len() >= 24 && letters == run.len() && capitals >= 4 && capitals + 4 <= letters)
        || (run.len() >= 30 && digits == run.len())
}

fn is_uuid(word: &str) -> bool {
    let parts: Vec<usize> = word.split('-').map(str::len).collect();
    let hex = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
    parts == [8, 4, 4, 4, 12] && word.chars().all(hex)
}

/// Whether a value only stands where one is to be put.
pub(crate) fn is_placeholder(value: &str) -> bool {
    const SIGNS: [&str; 20] = [
        "your",
        "change",
        "xxx",
        "placeholder",
        "example",
        "replace",
        "todo",
        "dummy",
        "secret",
        "password",
        "here",
        "...",
        "…",
        "fill",
        "insert",
        "paste",
        "generate",
        "supersecret",
        "my-",
        "_key",
    ];
    let plain = value.to_lowercase();
    let mut letters = plain.chars();
    let first = letters.next();
    value.is_empty()
        || (value.starts_with(['<', '[', '{']) && value.ends_with(['>', ']', '}']))
        || (value.len() > 2 && letters.all(|letter| Some(letter) == first))
        || SIGNS.iter().any(|sign| plain.contains(sign))
}

/// Whether a value is about the machine of whoever wrote it.
pub(crate) fn is_local(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    [
        "localhost",
        "127.0.0.1",
        "0.0.0.0",
        "host.docker.internal",
        ".local",
        "::1",
    ]
    .iter()
    .any(|sign| value.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "JWT_SECRET",
            "OPENAI_API_KEY",
            "SMTP_PASS",
            "SMTP_PASSWORD",
            "DISCORD_TOKEN",
            "DATABASE_URL",
            "NEXT_PRIVATE_DATABASE_URL",
            "MONGO_URI",
            "SLACK_WEBHOOK_URL",
            "AWS_SECRET_ACCESS_KEY",
            "STRIPE_SECRET_KEY",
            "NEXTAUTH_SECRET",
            "PRIVATE_KEY",
            "JWT_PRIVATE_KEY_BASE64",
            "SUPABASE_SERVICE_ROLE_KEY",
            "PGPASSWORD",
            "SENTRY_DSN",
            "VITE_DISCORD_CLIENT_SECRET",
            "api_key",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "PORT",
            "NODE_ENV",
            "AWS_ACCESS_KEY_ID",
            "ACCESS_TOKEN_EXPIRE_MINUTES",
            "JWT_REFRESH_TOKEN_EXPIRY_DAYS",
            "JWT_ALGORITHM",
            "JWT_EXPIRES_IN",
            "MAX_TOKENS_LIMIT",
            "STRIPE_PUBLISHABLE_KEY",
            "SUPABASE_ANON_KEY",
            "JWT_PUBLIC_KEY_BASE64",
            "TOKEN_URL",
            "NEXT_PRIVATE_SIGNING_TRANSPORT",
            "NEXT_PUBLIC_APP_URL",
            "KEYCLOAK_HOST",
            "PASSWORD_MIN_LENGTH",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn values_that_may_be_secret_are_known() {
        for value in [
            "sk-proj-abc",
            "21m00Tcm4TlvDq8ikWAM",
            "postgres://u:p@h/d",
            "a1b2c3d4-0000-4000-8000-aabbccddeeff",
            "dNn7GcmToUBrlJFYx",
            "https://hooks.example.com/services/T0/B0",
            "https://h/x?api_key=1",
            "words before ghp_abcdefgh",
            "-----BEGIN PRIVATE KEY-----",
        ] {
            assert!(may_be_secret(value), "{value}");
        }
        for value in [
            "",
            "development",
            "gpt-4o-mini",
            "claude-haiku-4-5-20251001",
            "llama-3.3-70b-versatile",
            "https://api.example.com/v1",
            "./uploads",
            "http://localhost:3000",
            "eu-west-1",
            "compliancecore-evidence-dev",
        ] {
            assert!(!may_be_secret(value), "{value}");
        }
    }

    #[test]
    fn placeholders_are_known() {
        for value in [
            "",
            "your-key",
            "<base64>",
            "changeme",
            "XXXX",
            "0000",
            "sk-...",
            "[your host]",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in [
            "development",
            "info",
            "3000",
            "eu-west-1",
            "00",
            "https://a.io",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
