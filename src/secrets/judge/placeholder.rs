//! Values that only hold the place of a secret: samples, variables, counting and repeating.

use super::list;
use super::words::surprise;

/// How readily a value is taken for a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// The value stands under a service's name: only what people write for want of one is turned away.
    Named,
    /// The value has a prefix of its own: then a long count is turned away as well, because chance does not bring it forth.
    Light,
    /// The value has nothing of its own: words that people write for want of a secret are enough.
    Strict,
}

/// Whether a value is a placeholder.
pub(crate) fn is_placeholder(value: &[u8], how: Strictness) -> bool {
    let is_poor = || counts(value, 8) || repeats(value) || is_poor(value);
    is_plain(value)
        || (how != Strictness::Named && counts(value, LONG_COUNT))
        || (how == Strictness::Strict && is_poor())
}

/// So many characters in their order are no key, whatever stands before them.
const LONG_COUNT: usize = 16;

/// What no generator writes, not even once in a million values.
fn is_plain(value: &[u8]) -> bool {
    value.is_empty() || list::is_in(SAMPLES, value) || is_template(value) || is_monotonous(value)
}

/// Long enough, in any case of letters, that chance does not write them.
const SAMPLES: &str = "\
    example placeholder changeme change_me change-me replaceme replace_ replace- your_ your- \
    yourapi yourkey yourtoken yoursecret yourpass <your dummy redacted xxxx sample insert_ \
    insert- _here -here notreal not_real not-a-real not_a_real foobar lorem deadbeef cafebabe \
    qwerty asdfgh zxcvbn abc123 whatever mysecret my_secret my-secret fake- fake_ fakekey \
    faketoken todo_ mock_ undefined secretsecret supersecret topsecret invalid .... **** #### \
    ____ ---- …";

/// How variables, templates and calls look in the languages that teams write.
const TEMPLATES: &str = "\
    ${ {{ $( #{ }} <% %> process.env os.environ os.getenv getenv( import.meta env[ environ[ \
    config.get secrets. vault: ref+ enc[ !vault op:// ssm: arn:aws secretsmanager";

fn is_template(value: &[u8]) -> bool {
    let marked = |open: u8, close: u8| {
        value
            .iter()
            .position(|byte| *byte == open)
            .is_some_and(|at| value[at..].contains(&close))
    };
    list::is_in(TEMPLATES, value)
        || (list::has(value, b"%(") && list::has(value, b")s"))
        || marked(b'<', b'>')
        || matches!(value, [b'%', .., b'%'])
        || matches!(value, [b'{', .., b'}'])
        || matches!(value, [b'[', .., b']'])
        || matches!(value, [b'_', b'_', .., b'_', b'_'])
}

/// One character for half of the value, or three different ones in all.
fn is_monotonous(value: &[u8]) -> bool {
    let mut longest = 0;
    let mut run = 0;
    let mut before = None;
    let mut seen = [false; 256];
    for &byte in value {
        run = if before == Some(byte) { run + 1 } else { 1 };
        longest = longest.max(run);
        before = Some(byte);
        seen[usize::from(byte)] = true;
    }
    let different = seen.iter().filter(|seen| **seen).count();
    let letters = value.len() - value.iter().rev().take_while(|byte| **byte == b'=').count();
    (value.len() >= 8 && longest * 2 >= letters.max(8)) || (value.len() >= 10 && different <= 3)
}

/// Whether so many characters stand in their natural order (`12345678`, `hgfedcba`), one by one or every other one (`a1b2c3d4`).
fn counts(value: &[u8], enough: usize) -> bool {
    let orders: [fn(u8, u8) -> bool; 2] = [follows, |a, b| follows(b, a)];
    let one_by_one = orders.iter().any(|next| {
        let mut run = 1;
        value.windows(2).any(|pair| {
            run = if next(pair[0], pair[1]) { run + 1 } else { 1 };
            run >= enough
        })
    });
    let mut run = 2;
    one_by_one
        || value.windows(3).any(|three| {
            run = if follows(three[0], three[2]) {
                run + 1
            } else {
                2
            };
            run >= enough
        })
}

/// Whether somebody counted while typing something else in between (`q2o3P4r5S6t7U8v9`, `aB1cD2eF3`).
fn counts_between(value: &[u8]) -> bool {
    /// Shorter rows come about by chance.
    const ENOUGH: usize = 7;
    [2, 3].iter().any(|step| {
        let mut runs = [1; 3];
        (*step..value.len()).any(|place| {
            let run = &mut runs[place % step];
            let goes_on = follows(value[place - step], value[place]);
            *run = if goes_on { *run + 1 } else { 1 };
            *run >= ENOUGH
        })
    })
}

/// Whether a long piece stands in the value twice, as when a sample is too short for its form.
fn says_twice(value: &[u8]) -> bool {
    /// Chance does not bring forth so much a second time.
    const PIECE: usize = 16;
    /// No more is looked at, so that a long value costs no more.
    const LONGEST: usize = 200;
    let value = &value[..value.len().min(LONGEST)];
    (PIECE..value.len()).any(|shift| {
        let mut run = 0;
        value[shift..].iter().zip(value).any(|(later, earlier)| {
            run = if later == earlier { run + 1 } else { 0 };
            run >= PIECE
        })
    })
}

fn follows(one: u8, other: u8) -> bool {
    (one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric() && other == one.wrapping_add(1))
        || (one == b'9' && other == b'0')
        // As people go on who count in base 16.
        || (matches!(one, b'9' | b'0') && matches!(other, b'a' | b'A'))
}

/// Whether the value is one piece, written at least twice.
fn repeats(value: &[u8]) -> bool {
    value.len() >= 10
        && (1..=value.len() / 2)
            .take(LONGEST_PIECE)
            .any(|piece| value[piece..].iter().zip(value).all(|(a, b)| a == b))
}

/// Longer pieces are not looked for, so that a long value costs no more than its length.
const LONGEST_PIECE: usize = 32;

/// What people write for want of a secret.
fn is_poor(value: &[u8]) -> bool {
    value.starts_with(b"$")
        || matches!(value.first(), Some(b'@' | b'&' | b'*' | b'%' | b'!' | b'#'))
            && value[1..]
                .iter()
                .all(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
        || list::has(value, b"..")
        || counts(value, 6)
        || list::begins(DOCUMENTED, value)
        || parts(value).any(|part| {
            // Three letters come about by chance; in a short value they are a tenth of it.
            (part.len() >= 4 || part.len() * 4 >= value.len()) && list::is_on(TRIAL_WORDS, part)
        })
        || is_constant(value)
        || is_well_known(value)
        || counts_between(value)
        || says_twice(value)
}

/// How the sample values of widely copied standards begin.
const DOCUMENTED: &str = "\
    2YotnFZF tGzv3JOk SplxlOBe czZCaGRS gX1fBat3 QWxhZGRp dXNlcm5h dXNlcjpw s6BhdRkq mF_9.B5f \
    33f!!llo hal+9ooo 6fe4476ee5";

/// `SCREAMING_WORDS` name a value, they are none.
fn is_constant(value: &[u8]) -> bool {
    value
        .iter()
        .all(|byte| byte.is_ascii_uppercase() || *byte == b'_' || *byte == b'-')
        && value.contains(&b'_')
        && surprise(value) < 0
}

/// Words that stand alone between signs or changes of case in what is no secret.
const TRIAL_WORDS: &str = "\
    test tests testing tester demo fake mock foo bar baz your none null nil true false todo \
    fixme hello world default localhost local password passwd secret token value string username \
    user admin changeit hunter letmein welcome abcd abcdef asdf temp tmp function return object \
    public some random this that here dev development replace valid wrong correct key apikey \
    undefined login";

/// Passwords that stand in every list, once digits and signs at their ends are gone and signs are read as letters.
const WELL_KNOWN: &str = "\
    password passw pass passwort admin administrator root secret test guest user letmein welcome \
    monkey dragon login master hello iloveyou postgres postgresql mysql mongo mongodb redis \
    rabbitmq rabbit default changeme changeit demo dev develop development local docker minio \
    minioadmin elastic sa app abc pw pwd passwd mypassword mypass username bar foo api key token \
    prisma supabase django rails laravel homestead wordpress drupal neo neo4j vagrant ubuntu \
    supersecret hunter somepassword thepassword userpass userpassword dbpass dbpassword opensesame alice bob \
    sekret sekrit s";

/// Whether a password is one that everybody tries first.
pub(super) fn is_well_known(value: &[u8]) -> bool {
    let mut letters = [0_u8; 20];
    let outer = value
        .iter()
        .rposition(u8::is_ascii_alphabetic)
        .map_or(&b""[..], |last| &value[..=last]);
    let mut length = 0;
    for &byte in outer {
        let read = match byte.to_ascii_lowercase() {
            b'@' | b'4' => b'a',
            b'0' => b'o',
            b'1' | b'!' => b'i',
            b'3' => b'e',
            b'$' | b'5' => b's',
            b'_' | b'-' | b'.' => continue,
            other => other,
        };
        let Some(place) = letters.get_mut(length) else {
            return false;
        };
        *place = read;
        length += 1;
    }
    list::is_on(WELL_KNOWN, &letters[..length])
}

/// The words of a value: cut at signs and digits, and where small letters meet a capital.
pub(super) fn parts(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = value;
    std::iter::from_fn(move || {
        let start = rest.iter().position(u8::is_ascii_alphabetic)?;
        let word = &rest[start..];
        let mut end = 1;
        while end < word.len()
            && word[end].is_ascii_alphabetic()
            && !(word[end].is_ascii_uppercase() && word[end - 1].is_ascii_lowercase())
        {
            end += 1;
        }
        rest = &word[end..];
        Some(&word[..end])
    })
}
