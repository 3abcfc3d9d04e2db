//! Values that somebody was to replace, and did not: `your-key-here`, `changeme`, `<token>`, `xxx`.
//!
//! A value is judged as a whole: one that merely contains such a word may be as real as any other. `your-key` is a
//! placeholder, and `https://your-domain-registry.io` the address of a registry.

/// How sure it is that a value only holds a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Somebody could mean it.
    Likely,
    /// Nobody means it.
    Sure,
}

/// What people write before the name of what belongs there. Behind it, the value ends or a new word begins.
const HEADS: [&str; 14] = [
    "your",
    "changeme",
    "change me",
    "change this",
    "replaceme",
    "replace me",
    "replace this",
    "replace with",
    "insert your",
    "enter your",
    "put your",
    "add your",
    "paste your",
    "fill in",
];

/// The same, in capitals only: as words they may begin a name.
const LOUD: [&str; 4] = ["PASTE_", "INSERT_", "REPLACE_", "YOUR_"];

/// What people write at the end of something of their own.
const TAILS: [&str; 7] = [
    "changeme",
    "change me",
    "change this",
    "change in production",
    "change me in production",
    "replaceme",
    "replace me",
];

/// Values that mean nothing but this.
const WHOLE: [&str; 9] = [
    "todo",
    "fixme",
    "tbd",
    "xxx",
    "...",
    "…",
    "???",
    "fill me in",
    "fillme",
];

/// Words that somebody could mean.
const DOUBTFUL: [&str; 4] = ["placeholder", "example", "dummy", "sample"];

/// What `…-here` is said of.
const SAID_OF: [&str; 9] = [
    "your", "key", "token", "secret", "id", "password", "value", "api", "url",
];

/// How the keys of known providers begin; what stands behind is judged by itself.
const PREFIXES: [&str; 30] = [
    "sk-proj-",
    "sk-ant-api03-",
    "sk-ant-",
    "sk-or-v1-",
    "sk-",
    "sk_live_",
    "sk_test_",
    "pk_live_",
    "pk_test_",
    "rk_live_",
    "rk_test_",
    "whsec_",
    "rzp_live_",
    "rzp_test_",
    "ghp_",
    "github_pat_",
    "glpat-",
    "gsk_",
    "hf_",
    "npm_",
    "re_",
    "SG.",
    "AIza",
    "AKIA",
    "xoxb-",
    "xoxp-",
    "price_",
    "live_",
    "test_",
    "G-",
];

/// Hosts of which the first label is the customer's.
const SHARED_HOSTS: [&str; 14] = [
    ".vercel.app",
    ".netlify.app",
    ".supabase.co",
    ".up.railway.app",
    ".onrender.com",
    ".herokuapp.com",
    ".fly.dev",
    ".pages.dev",
    ".workers.dev",
    ".firebaseio.com",
    ".firebaseapp.com",
    ".auth0.com",
    ".okta.com",
    ".mongodb.net",
];

/// Names of domains that stand in tutorials for the reader's own.
const OWN_DOMAINS: [&str; 14] = [
    "yourdomain",
    "your-domain",
    "yourapp",
    "your-app",
    "yoursite",
    "your-site",
    "yourcompany",
    "your-company",
    "yourhost",
    "your-host",
    "your-public-domain",
    "your-server",
    "your-project",
    "yourproject",
];

/// The longest that is looked at: nobody writes more for want of a value.
const LONGEST: usize = 400;

/// Whether a value only holds a place.
pub fn of(value: &str) -> Option<Certainty> {
    let value = value.trim();
    // What is put together elsewhere is not known here.
    if value.is_empty() || value.len() > LONGEST || value.contains("${") || value.contains("$(") {
        return None;
    }
    if let Some((_, rest)) = value.split_once("://") {
        return address(value, rest);
    }
    let behind = PREFIXES
        .iter()
        .find_map(|prefix| value.strip_prefix(prefix));
    if let Some(behind) = behind
        && (behind.is_empty() || matches!(behind, "..." | "…" | "***") || plain(behind).is_some())
    {
        return Some(Certainty::Sure);
    }
    plain(value)
}

/// A value that is no address.
fn plain(value: &str) -> Option<Certainty> {
    let lower = value.to_lowercase();
    if is_in_brackets(value) || is_crossed_out(value) || WHOLE.contains(&lower.as_str()) {
        return Some(Certainty::Sure);
    }
    if lower.starts_with("todo:") || lower.starts_with("todo ") {
        return Some(Certainty::Sure);
    }
    if value.ends_with("EXAMPLE") || value.ends_with("EXAMPLEKEY") {
        // The keys of the cloud's own documentation.
        return Some(Certainty::Sure);
    }
    // `your_mail@gmail.com` is somebody's to be filled in; other signs make it something else than words.
    let words = match lower.split_once('@') {
        Some((name, host)) if host.contains('.') => name.to_owned(),
        _ => lower,
    };
    let is_words = words
        .chars()
        .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ' ' | '!'));
    if !is_words {
        return host(&words).filter(|_| words.contains('.'));
    }
    let words = words.replace(['-', '_'], " ");
    let words = words.trim_matches([' ', '!']);
    if is_said(words) || LOUD.iter().any(|head| value.starts_with(head)) {
        return Some(Certainty::Sure);
    }
    let mut parts = words.split(' ');
    if parts
        .clone()
        .any(|part| part.len() >= 4 && part.bytes().all(|byte| byte == b'x'))
    {
        return Some(Certainty::Sure);
    }
    let (first, last) = (parts.next().unwrap_or_default(), parts.next_back());
    let is_doubtful =
        DOUBTFUL.contains(&first) || last.is_some_and(|last| DOUBTFUL.contains(&last));
    // Titles are made of the same words.
    (is_doubtful && !value.contains(' ')).then_some(Certainty::Likely)
}

/// Whether words are an instruction to whoever fills the file in.
fn is_said(words: &str) -> bool {
    let begins = |head: &&str| {
        let rest = words.strip_prefix(*head);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let ends = |tail: &&str| {
        let rest = words.strip_suffix(*tail);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
    };
    let names_it = || words.split(' ').any(|word| SAID_OF.contains(&word));
    HEADS.iter().any(begins) || TAILS.iter().any(ends) || words.ends_with(" here") && names_it()
}

/// `<your token>`, `[YOUR-PASSWORD]`, `{your-id}`: one pair of brackets around words.
fn is_in_brackets(value: &str) -> bool {
    let inside = |open: char, close: char| value.strip_prefix(open)?.strip_suffix(close);
    let is_words = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|letter| letter.is_alphanumeric() || "-_ /.:".contains(letter))
    };
    if inside('<', '>').is_some_and(is_words) {
        return true;
    }
    // Lists and templates stand in the others: only what speaks to the reader counts.
    let speaks = |text: &str| text.to_lowercase().starts_with("your") && is_words(text);
    inside('[', ']').is_some_and(speaks) || inside('{', '}').is_some_and(speaks)
}

/// `xxxx`, `XXXXXX-XXXX`, `****`.
fn is_crossed_out(value: &str) -> bool {
    let crosses = value
        .bytes()
        .filter(|byte| matches!(byte, b'x' | b'X' | b'*'))
        .count();
    crosses >= 3
        && value
            .bytes()
            .all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'-' | b'_' | b'.'))
}

/// An address: its password and its host are judged, and what shouts in it. A user may be called `todo`.
fn address(value: &str, rest: &str) -> Option<Certainty> {
    if value.contains('<') && value.split('<').skip(1).any(|part| part.contains('>')) {
        return Some(Certainty::Sure);
    }
    let shouts = |word: &str| {
        LOUD[2..].iter().any(|head| word.starts_with(head)) || word.starts_with("YOUR-")
    };
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    if value.split(|letter| !is_word(letter)).any(shouts) {
        return Some(Certainty::Sure);
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (user, place) = rest[..end].rsplit_once('@').unwrap_or(("", &rest[..end]));
    let name = place.split(':').next().unwrap_or_default();
    if matches!(name, "HOST" | "HOSTNAME" | "host:port") {
        return Some(Certainty::Sure);
    }
    let password = user.split_once(':').map(|(_, password)| password);
    if password
        .is_some_and(|password| password == "PASSWORD" || plain(password) == Some(Certainty::Sure))
    {
        return Some(Certainty::Sure);
    }
    host(name)
}

/// A host that stands for the reader's own.
fn host(name: &str) -> Option<Certainty> {
    let lower = name.to_lowercase();
    let shared = SHARED_HOSTS.iter().find_map(|end| lower.strip_suffix(end));
    if let Some(own) = shared {
        let own = own.rsplit('.').next().unwrap_or_default();
        let is_own = own.starts_with("your-") || own.starts_with("xxxx");
        return is_own.then_some(Certainty::Likely);
    }
    let mut labels = lower.rsplit('.');
    let (_, domain) = (labels.next(), labels.next());
    let is_own = domain.is_some_and(|domain| OWN_DOMAINS.contains(&domain));
    is_own.then_some(Certainty::Likely)
}

/// Whether a host is one that is kept free for examples.
pub fn is_example_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    ["example.com", "example.org", "example.net"]
        .iter()
        .any(|free| {
            host.strip_suffix(free)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_to_be_replaced_is_known_from_what_was_meant() {
        for sure in [
            "your-key-here",
            "YOUR_API_KEY",
            "your_groq_key_here",
            "your-super-secret-jwt-key-min-32-chars",
            "your email",
            "your_mail@gmail.com",
            "changeme",
            "CHANGE_ME",
            "change-me-in-production",
            "change_this_to_random_string",
            "supersecret-change-in-production",
            "replace_with_a_long_random_secret",
            "replace me",
            "<token>",
            "<64_hex_chars>",
            "<your token here>",
            "[YOUR-PASSWORD]",
            "xxx",
            "XXXXXXXX",
            "xxxx-xxxx",
            "G-XXXXXXXXXX",
            "****",
            "TODO",
            "todo: ask ops",
            "tbd",
            "...",
            "sk-...",
            "sk-proj-...",
            "sk-your-openai-api-key-here",
            "sk-ant-replace-me",
            "sk_live_xxxxxxxxxxxx",
            "sk_test_your_key",
            "pk_test_...",
            "openai-key-here",
            "PASTE_ACCOUNT_ID",
            "AKIAIOSFODNN7EXAMPLE",
            "postgres://user:<password>@host/db",
            "postgresql://USER:PASSWORD@HOST:5432/db",
            "redis://default:PASSWORD@HOST:6379",
            "postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres",
            "postgres://app:changeme@db/app",
            "https://api.acme.io?key=YOUR_KEY",
        ] {
            assert_eq!(of(sure), Some(Certainty::Sure), "{sure}");
        }
        for likely in [
            "placeholder",
            "example",
            "example-key",
            "https://your-frontend.vercel.app",
            "your-project.supabase.co",
            "https://your-domain.com/api",
            "https://api.yourdomain.com",
        ] {
            assert_eq!(of(likely), Some(Certainty::Likely), "{likely}");
        }
    }

    #[test]
    fn what_merely_contains_such_a_word_is_left_alone() {
        for real in [
            "",
            "https://your-domain-registry.io",
            "redis://todo:hunter22@cache:6379",
            "todo-app",
            "todo_service",
            "yourself",
            "exchange-me-not",
            "changemeister",
            "template-example.html",
            "Example Inc",
            "XXL",
            "xx",
            "wish-you-were-here",
            "ComplianceCore <noreply@acme.io>",
            "<b>bold</b>",
            "[1, 2]",
            "{\"your\": 1}",
            "${YOUR_KEY}",
            "${{shared.YOUR_KEY}}",
            "*",
            "**/*.ts",
            "https://t.me/your_bot/appname",
            "https://acme.io/account/your-orders",
            "postgres://postgres:postgres@localhost:5432/app",
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "https://*.acme.io",
            "7d",
            "dev",
            "secret",
        ] {
            assert_eq!(of(real), None, "{real}");
        }
    }

    #[test]
    fn hosts_for_examples_are_known() {
        assert!(is_example_host("example.com") && is_example_host("api.example.ORG."));
        assert!(!is_example_host("myexample.com") && !is_example_host("example.com.acme.io"));
    }

    proptest! {
        #[test]
        fn no_value_makes_it_panic(value in "(your|<|>|é|://|:|@|\\.|X|-|_| |sk-|\\[|\\]){0,20}") {
            let _ = of(&value);
        }
    }
}
