//! Whether characters read like words or like chance: the shorter way to write them down wins.
//!
//! A value is priced twice, in bits: letter by letter as words are written in code, and as a draw from
//! the smallest alphabet that holds it. What is cheaper as words is a name, a path or a sentence.

/// How many more bits the value takes as words than as random characters: above zero it looks random,
/// and the longer a random value is, the farther above.
pub(crate) fn surprise(value: &[u8]) -> i32 {
    (as_words(value) - as_chance(value)) / EIGHTHS
}

/// Prices are in eighths of a bit, so that whole numbers do.
const EIGHTHS: i32 = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower,
    Upper,
    Digit,
    Other,
}

fn kind(byte: u8) -> Kind {
    match byte {
        b'a'..=b'z' => Kind::Lower,
        b'A'..=b'Z' => Kind::Upper,
        b'0'..=b'9' => Kind::Digit,
        _ => Kind::Other,
    }
}

fn as_words(value: &[u8]) -> i32 {
    let mut price = 0;
    let mut before: Option<u8> = None;
    let mut capitals = 0;
    let mut small = 0;
    for &byte in value {
        let own = kind(byte);
        let Some(last) = before else {
            price += start(byte, own);
            capitals = i32::from(own == Kind::Upper);
            small = i32::from(own == Kind::Lower);
            before = Some(byte);
            continue;
        };
        price += match (kind(last), own) {
            (Kind::Lower, Kind::Lower) => 2 + pair(last, byte),
            (Kind::Upper, Kind::Upper) => 12 + pair(last, byte),
            // `Key` is how a word begins, `KEy` is not.
            (Kind::Upper, Kind::Lower) if capitals == 1 => 5 + pair(last, byte),
            (Kind::Upper, Kind::Lower) => 26 + pair(last, byte),
            // Words that are joined by capitals are rarely as short as two letters.
            (Kind::Lower, Kind::Upper | Kind::Digit) if small < 3 => 46 + start_of(own, byte),
            (Kind::Lower, Kind::Upper) => 26 + first(byte),
            (Kind::Digit, Kind::Digit) => 6 + DIGIT,
            (_, Kind::Digit) => 38 + DIGIT,
            (Kind::Digit, Kind::Lower | Kind::Upper) => 28 + first(byte),
            (Kind::Other, Kind::Lower) => 6 + first(byte),
            (Kind::Other, Kind::Upper) => 12 + first(byte),
            (Kind::Other, Kind::Other) => 24 + sign(byte),
            (_, Kind::Other) => 22 + sign(byte),
        };
        capitals = if own == Kind::Upper { capitals + 1 } else { 0 };
        small = if own == Kind::Lower { small + 1 } else { 0 };
        before = Some(byte);
    }
    price
}

fn start_of(kind: Kind, byte: u8) -> i32 {
    if kind == Kind::Digit {
        DIGIT
    } else {
        first(byte)
    }
}

/// One of ten.
const DIGIT: i32 = 27;

/// A sign costs little where it joins words, and much where it joins nothing.
fn sign(byte: u8) -> i32 {
    if b"_-./ ".contains(&byte) { 16 } else { 40 }
}

fn start(byte: u8, kind: Kind) -> i32 {
    match kind {
        Kind::Lower => 6 + first(byte),
        Kind::Upper => 12 + first(byte),
        Kind::Digit => 32 + DIGIT,
        Kind::Other => 32 + sign(byte),
    }
}

fn as_chance(value: &[u8]) -> i32 {
    let mut lower = 0;
    let mut upper = 0;
    let mut digits = 0;
    let mut signs = 0;
    let mut beyond_hex = false;
    let mut length = 0;
    for &byte in value {
        length += 1;
        match byte {
            b'a'..=b'z' => lower = 26,
            b'A'..=b'Z' => upper = 26,
            b'0'..=b'9' => digits = 10,
            b'-' | b'_' | b'.' | b'+' | b'/' | b'=' => signs = signs.max(2),
            _ => signs = 32,
        }
        beyond_hex |= !(byte.is_ascii_hexdigit() || byte == b'-');
    }
    let alphabet = if beyond_hex || (lower > 0 && upper > 0) {
        lower + upper + digits + signs
    } else {
        16 + signs
    };
    length * bits(alphabet)
}

/// What one draw of so many characters takes.
fn bits(alphabet: i32) -> i32 {
    match alphabet {
        ..=10 => 27,
        11..=16 => 32,
        17..=18 => 33,
        19..=28 => 38,
        29..=38 => 42,
        39..=54 => 46,
        55..=66 => 48,
        67..=72 => 50,
        _ => 52,
    }
}

fn letter(byte: u8) -> usize {
    usize::from(byte.to_ascii_lowercase().wrapping_sub(b'a')).min(25)
}

/// What a letter costs as the first of a word.
fn first(byte: u8) -> i32 {
    price(FIRST[letter(byte)])
}

/// What a letter costs after another.
fn pair(before: u8, byte: u8) -> i32 {
    price(PAIRS[letter(before)][letter(byte)])
}

/// Prices are written as characters: `0` is nothing, each character after it a quarter of a bit more.
fn price(written: u8) -> i32 {
    i32::from(written - b'0') * 2
}

/// How words begin, a to z; counted over the words of public source code.
const FIRST: &[u8; 26] = b"@B>@AADE@JKBACE?L@=ADGFJNM";

/// How letters follow each other: a row for the letter before, a to z.
const PAIRS: [&[u8; 26]; 26] = [
    b"LA?AMKDPDQH<A=QBQ<?;GHKJGP",
    b"=FCG=IKM>FM:FI>HE@@G?LMPEM",
    b"=JEH=JM=BP@AGL9JPBD=CMORIR",
    b">FGB7DIM:LMBHH@ILDAGCKLNIQ",
    b"AI@=FDGNIPOAC=JEI:<?MGJBJQ",
    b"?EFC?>JM9NQ@IG=IMACBAMNMFQ",
    b"AIGI8ID@>ROAGABHR=?GAKNOMM",
    b"9JIH9LNL<MKEGI;KLBE?DNNPGP",
    b"CE@BCDCPOQN@B8?EPC>>OERISE",
    b"=DFE<GKJBJEEKI<DEL9I=ILOKL",
    b"@HHF6HDI<JLBIEEFOG=EEMEQGP",
    b"=JGC9ILO:PL>KK=GPKBCCJOPAQ",
    b":CJG9LLO=QMDCJ><PKCHCNOOJR",
    b"?I?>>D;MAOHHKG@IOK>;FEOQKP",
    b"GEAALGFOGOG@@9DAR;AB@FCKOP",
    b";LGG;KMEAQM>KL=AP;C@DMMQCR",
    b"HIKJJHILHNQ?JJLJIEBE3DGKKK",
    b"<KDE8IFO<RHFCG=HPD?@FJMRFS",
    b"CLAI:ILA>PIDHIB@JK?9@KJMFR",
    b"=KDI9IM@:ROFHK?GP=@CDMKPCP",
    b"BACGACERBRP>?:J@R=>=LNRMRQ",
    b":FEH5JJL;RPHGJCJPIEFKNKNKN",
    b";IGF=HH@:PKEI@>JO>?HILLJPO",
    b"CH>E=ELG>KMDBGF;JGE9GJMEGK",
    b"BFBGAEFMBPM@A@C9PE=?JIEGJH",
    b"=KGF4JJH=SMGGNCIJKEEGJEEFH",
];
