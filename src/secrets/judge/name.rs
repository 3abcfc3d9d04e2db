//! What the name to which a value is assigned says of it.

use super::placeholder::parts;
use super::{Setting, list};

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// Something that everybody may know, or a property of a secret: a public key, a token's name.
    Public,
    /// Perhaps a secret: `key`, `auth`.
    Perhaps,
    /// A secret, as a machine makes them.
    Secret,
    /// A secret, as people make them.
    Password,
}

/// The longest name that is read.
const LONGEST: usize = 80;

/// The name that the rule's match begins in, and what stands between it and the value.
pub(super) struct Name<'a> {
    pub(super) text: &'a [u8],
    pub(super) between: &'a [u8],
}

impl<'a> Name<'a> {
    /// The whole name, also what stands before the match.
    pub(super) fn of(at: &Setting<'a>) -> Self {
        let value = at.value.start.min(at.text.len());
        let found = at.whole.start.min(value);
        let before = at.text[..found]
            .iter()
            .rev()
            .take(LONGEST)
            .take_while(|byte| is_of_a_name(**byte))
            .count();
        let after = at.text[found..value]
            .iter()
            .take_while(|byte| is_of_a_name(**byte))
            .count();
        Self {
            text: &at.text[found - before..found + after],
            between: &at.text[found + after..value],
        }
    }

    /// What the name promises.
    pub(super) fn promise(&self) -> Promise {
        let mut promise = None;
        let mut is_property = false;
        let mut last: &[u8] = b"";
        for word in parts(self.text) {
            if list::is_on(SPOILERS, word) {
                return Promise::Public;
            }
            if let Some(found) = of_word(last, word) {
                promise = Some(promise.map_or(found, |before| stronger(before, found)));
                is_property = false;
            } else if list::is_on(PROPERTIES, word) {
                is_property = true;
            }
            last = word;
        }
        promise.filter(|_| !is_property).unwrap_or(Promise::Public)
    }
}

fn stronger(one: Promise, other: Promise) -> Promise {
    match (one, other) {
        (Promise::Secret, _) | (_, Promise::Secret) => Promise::Secret,
        (Promise::Password, _) | (_, Promise::Password) => Promise::Password,
        _ => other,
    }
}

fn of_word(before: &[u8], word: &[u8]) -> Option<Promise> {
    if list::is_on(
        "password passwd pwd pass passphrase passcode pw passwort",
        word,
    ) || list::ends("password", word)
        || list::ends("passwd", word)
    {
        return Some(Promise::Password);
    }
    if list::ends("secret", word)
        || list::ends("token", word)
        || list::is_on(
            "secrets credential credentials creds cred apikey bearer",
            word,
        )
    {
        return Some(Promise::Secret);
    }
    if list::is_on("key keys", word) {
        return Some(if list::is_on(KEY_OF, before) {
            Promise::Secret
        } else {
            Promise::Perhaps
        });
    }
    if list::ends("key", word) && list::is_on(KEY_OF, &word[..word.len() - 3]) {
        return Some(Promise::Secret);
    }
    list::is_on("auth authorization oauth", word).then_some(Promise::Perhaps)
}

/// Before `key`: what is opened or signed with it.
const KEY_OF: &str = "\
    api secret access auth private priv app application account admin master encryption encrypt \
    signing sign service server license licence developer dev user client consumer shared \
    webhook jwt session hmac aes crypto decrypt decryption deploy integration write read ingest \
    ingestion subscription rest sdk token secure security my x function functions role sas \
    project bot live prod production";

/// A word that makes the whole name that of something public, of a place in data, or of a dummy.
const SPOILERS: &str = "\
    public publishable pub pubkey anon csrf xsrf csrftoken authenticity primary foreign \
    partition idempotency hotkey site sitekey sort cache bucket schema sequence natural idx page \
    continuation cursor sync i translation locale placeholder example sample dummy fake mock \
    issuer sha sha1 md5 integrity checksum digest fingerprint thumbprint etag revision srcrev \
    chksum keyboard keyword keywords tokenizer accessor accessibility author authors authority \
    monkey turkey lexer syntax semantic css lic react query cell row column color colour theme \
    icon mesh eos bos pad unk cls mask hash hashed encrypted sealed encoded invalid expected \
    wrong random blind ciphertext sri mismatch mismatched nonmatching matching unmatched bad \
    expired bogus";

/// After the word of a secret: a property of it.
const PROPERTIES: &str = "\
    id ids identifier uid uuid guid name names url urls uri endpoint host hostname path paths \
    file files filename dir folder length len size bits type types kind field fields label hint \
    error err errors message msg regex regexp pattern version count limit index prefix suffix \
    expiry expires expiration expire ttl age algorithm alg algo format class style event \
    press pressed down up left right board word store storetype pair frame frames alias ring \
    selector signature stone vault ref reference arn provider manager service handler factory \
    schema table attr attribute property prop param parameter params header cookie title text \
    description desc help info status state validator validation validators rule rules policy \
    strength generator usage scope scopes source map list set rotation date time timeout at \
    audience method mode flow strategy required enabled changed reset confirm confirmation code \
    codes lifetime input button form page dialog link screen view component module plugin \
    middleware callback domain tenant chars characters alphabet charset separator delimiter \
    start end begin kid nonce mapping template variable env var";

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-$".contains(&byte)
}
