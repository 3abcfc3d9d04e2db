//! Values that look like the real ones and are none: random strings that match an expression.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// A small source of chance: the same seed gives the same values.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from((self.next() >> 16) % most as u64).expect("it is below a usize")
    }
}

/// A text with a value in the place of each `<<…>>`.
pub(super) fn filled(template: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("<<") {
        text.push_str(before);
        // A maker's text may hold values itself.
        let mut depth = 1;
        let mut end = behind.len();
        let bytes = behind.as_bytes();
        let mut at = 0;
        while at + 1 < bytes.len() {
            match &bytes[at..at + 2] {
                b"<<" => (depth, at) = (depth + 1, at + 2),
                b">>" => {
                    depth -= 1;
                    if depth == 0 {
                        end = at;
                        break;
                    }
                    at += 2;
                }
                _ => at += 1,
            }
        }
        text.push_str(&value(&behind[..end], dice));
        rest = behind.get(end + 2..).unwrap_or_default();
    }
    text + rest
}

fn value(asked: &str, dice: &mut Dice) -> String {
    let Some(made) = asked.strip_prefix('@') else {
        return matching(asked, dice);
    };
    let (maker, of) = made.split_once(' ').unwrap_or((made, ""));
    let of = filled(of, dice);
    match maker {
        "github" => github(&of, dice),
        "jwt" => jwt(&of, dice),
        "base64" => base64(of.as_bytes()),
        "hex" => {
            let digits: Vec<String> = of.bytes().map(|byte| format!("{byte:02x}")).collect();
            digits.concat()
        }
        other => panic!("nobody makes `{other}`"),
    }
}

/// A random text that matches.
fn matching(expression: &str, dice: &mut Dice) -> String {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    let hir = parser
        .parse(expression)
        .expect("the case's expression is one");
    let mut bytes = Vec::new();
    write(&hir, dice, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn write(hir: &Hir, dice: &mut Dice, into: &mut Vec<u8>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => into.extend_from_slice(&literal.0),
        HirKind::Class(Class::Bytes(class)) => {
            let sizes = class
                .ranges()
                .iter()
                .map(|range| usize::from(range.end() - range.start()) + 1);
            let mut pick = dice.below(sizes.sum());
            for range in class.ranges() {
                let size = usize::from(range.end() - range.start()) + 1;
                if pick < size {
                    into.push(range.start() + u8::try_from(pick).expect("a class of bytes"));
                    return;
                }
                pick -= size;
            }
        }
        HirKind::Class(Class::Unicode(_)) => panic!("a case's class is of bytes"),
        HirKind::Repetition(repeated) => {
            let least = repeated.min;
            let most = repeated.max.unwrap_or(least + 8).min(least + 8);
            let times = least as usize + dice.below((most - least) as usize + 1);
            for _ in 0..times {
                write(&repeated.sub, dice, into);
            }
        }
        HirKind::Capture(group) => write(&group.sub, dice, into),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, dice, into)),
        HirKind::Alternation(ways) => write(&ways[dice.below(ways.len())], dice, into),
    }
}

/// A token of GitHub's form, with its checksum.
fn github(prefix: &str, dice: &mut Dice) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let body = matching("[0-9A-Za-z]{30}", dice);
    let mut sum = u32::MAX;
    for byte in body.bytes() {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
        }
    }
    let mut sum = !sum as usize;
    let mut check = [b'0'; 6];
    for digit in check.iter_mut().rev() {
        *digit = DIGITS[sum % 62];
        sum /= 62;
    }
    format!("{prefix}{body}{}", String::from_utf8_lossy(&check))
}

fn jwt(payload: &str, dice: &mut Dice) -> String {
    let url = |bytes: &[u8]| {
        base64(bytes)
            .replace('+', "-")
            .replace('/', "_")
            .replace('=', "")
    };
    let head = url(br#"{"alg":"HS256","typ":"JWT"}"#);
    format!(
        "{head}.{}.{}",
        url(payload.as_bytes()),
        matching("[0-9A-Za-z_-]{43}", dice)
    )
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| {
            bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0))
        });
        for place in 0..4 {
            let digit = DIGITS[bits >> (18 - 6 * place) & 63];
            text.push(if place <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    text
}
