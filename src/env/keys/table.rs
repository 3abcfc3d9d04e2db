//! Keys that say of themselves for which world they are: one line a kind.

/// For which world a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum World {
    /// It moves real money, mail or people's data.
    Live,
    /// It plays.
    Test,
}

/// Who may see a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The operator only.
    Secret,
    /// Everybody: it is made for browsers.
    Open,
}

/// What stands behind the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// So many signs at least.
    Signs(usize),
    /// So many letters and digits, neither more nor less.
    Letters(usize),
    /// So many capitals and digits.
    Capitals(usize),
    /// So many digits of base 16.
    Hex(usize),
    /// Digits, and a dash behind them.
    Digits(usize),
}

/// A kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// How it begins; that is recognised by everybody, and may be shown.
    pub(crate) prefix: &'static str,
    rest: Rest,
    /// Whose keys look like this.
    pub(crate) whose: &'static str,
    pub(crate) world: World,
    pub(crate) sight: Sight,
}

const fn kind(
    prefix: &'static str,
    rest: Rest,
    whose: &'static str,
    world: World,
    sight: Sight,
) -> Kind {
    Kind {
        prefix,
        rest,
        whose,
        world,
        sight,
    }
}

use Rest::{Capitals, Digits, Hex, Letters, Signs};
use Sight::{Open, Secret};
use World::{Live, Test};

/// Every kind. Of two that fit, the first is told. Not here: keys that look the same in both worlds, as those of
/// Mercado Pago (`APP_USR-` of a test user) and the tokens of Square.
const KINDS: &[Kind] = &[
    kind("sk_live_", Signs(12), "Stripe", Live, Secret),
    kind("sk_test_", Signs(12), "Stripe", Test, Secret),
    kind("rk_live_", Signs(12), "Stripe", Live, Secret),
    kind("rk_test_", Signs(12), "Stripe", Test, Secret),
    kind("pk_live_", Signs(12), "Stripe", Live, Open),
    kind("pk_test_", Signs(12), "Stripe", Test, Open),
    kind("rzp_live_", Signs(8), "Razorpay", Live, Open),
    kind("rzp_test_", Signs(8), "Razorpay", Test, Open),
    kind("pdl_live_apikey_", Signs(12), "Paddle", Live, Secret),
    kind("pdl_sdbx_apikey_", Signs(12), "Paddle", Test, Secret),
    kind("live_", Hex(27), "Paddle", Live, Open),
    kind("test_", Hex(27), "Paddle", Test, Open),
    kind("live_", Capitals(32), "Adyen", Live, Open),
    kind("test_", Capitals(32), "Adyen", Test, Open),
    kind("live_", Letters(30), "Mollie", Live, Secret),
    kind("test_", Letters(30), "Mollie", Test, Secret),
    kind("FLWSECK_TEST-", Signs(8), "Flutterwave", Test, Secret),
    kind("FLWSECK-", Signs(8), "Flutterwave", Live, Secret),
    kind("FLWPUBK_TEST-", Signs(8), "Flutterwave", Test, Open),
    kind("FLWPUBK-", Signs(8), "Flutterwave", Live, Open),
    kind("xnd_public_production_", Signs(8), "Xendit", Live, Open),
    kind("xnd_public_development_", Signs(8), "Xendit", Test, Open),
    kind("xnd_production_", Signs(8), "Xendit", Live, Secret),
    kind("xnd_development_", Signs(8), "Xendit", Test, Secret),
    kind("access-production-", Signs(30), "Plaid", Live, Secret),
    kind("access-development-", Signs(30), "Plaid", Test, Secret),
    kind("access-sandbox-", Signs(30), "Plaid", Test, Secret),
    kind("sandbox-sq0idb-", Signs(8), "Square", Test, Open),
    kind("sandbox-sq0csb-", Signs(8), "Square", Test, Secret),
    kind("sq0idp-", Signs(12), "Square", Live, Open),
    kind("sq0csp-", Signs(12), "Square", Live, Secret),
    kind("TEST-", Digits(16), "Mercado Pago", Test, Secret),
    kind("duffel_live_", Signs(12), "Duffel", Live, Secret),
    kind("duffel_test_", Signs(12), "Duffel", Test, Secret),
    kind("shippo_live_", Signs(12), "Shippo", Live, Secret),
    kind("shippo_test_", Signs(12), "Shippo", Test, Secret),
    kind("cal_live_", Signs(12), "Cal.com", Live, Secret),
    kind("cal_test_", Signs(12), "Cal.com", Test, Secret),
];

/// Which kind of key a value is.
pub(crate) fn kind_of(value: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| {
        let rest = value.strip_prefix(kind.prefix);
        rest.is_some_and(|rest| kind.rest.fits(rest))
    })
}

impl Rest {
    fn fits(self, rest: &str) -> bool {
        let all = |is: fn(&u8) -> bool| rest.as_bytes().iter().all(is);
        match self {
            Self::Signs(least) => {
                rest.len() >= least && all(|byte| byte.is_ascii_graphic() && *byte != b'/')
            }
            Self::Letters(count) => rest.len() == count && all(u8::is_ascii_alphanumeric),
            Self::Capitals(count) => {
                rest.len() == count
                    && all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            }
            Self::Hex(count) => rest.len() == count && all(u8::is_ascii_hexdigit),
            Self::Digits(count) => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                digits >= count && rest.as_bytes().get(digits) == Some(&b'-')
            }
        }
    }
}

/// How keys begin that only servers may hold, of whichever world, beside those of the table.
const SERVER: [(&str, usize); 21] = [
    ("sk-ant-", 16),
    ("sk-proj-", 16),
    ("sk-or-v1-", 16),
    ("sk-", 32),
    ("gsk_", 16),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghs_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("xapp-", 16),
    ("SG.", 20),
    ("npm_", 30),
    ("whsec_", 16),
    ("sb_secret_", 12),
    ("shpat_", 20),
    ("hf_", 20),
    ("dop_v1_", 20),
    ("key-", 32),
];

/// Whether a value is a key that only servers may hold: what it begins with.
pub(crate) fn server_prefix(value: &str) -> Option<&'static str> {
    if let Some(kind) = kind_of(value) {
        return (kind.sight == Secret).then_some(kind.prefix);
    }
    let is_key = |rest: &str, least: usize| {
        rest.len() >= least
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let mut known = SERVER.iter();
    let found = known.find(|(prefix, least)| {
        let rest = value.strip_prefix(prefix);
        rest.is_some_and(|rest| is_key(rest, *least))
    });
    found.map(|(prefix, _)| *prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_how_they_begin_and_how_long_they_are() {
        for (value, whose) in [
            ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "Stripe"),
            ("live_7d279f618172605b239256700c6", "Paddle"),
            ("test_F443CNIFAN3ONFPKVO3AXLH4QLKJ7LBB", "Adyen"),
            ("test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM", "Mollie"),
            (
                "access-sandbox-de3ce8ef-33f8-452c-a685-8671031fc0f6",
                "Plaid",
            ),
            ("TEST-1234567890123456-010203-abcdef-123", "Mercado Pago"),
            (
                "FLWSECK_TEST-32193bba8dab84e3d9c4525c85ea7a12-X",
                "Flutterwave",
            ),
        ] {
            assert_eq!(
                kind_of(value).map(|kind| kind.whose),
                Some(whose),
                "{value}"
            );
        }
        for other in [
            "live_stream",
            "test_user",
            "TEST-1",
            "sk_live_",
            "access-sandbox-x",
            "APP_USR-1",
        ] {
            assert_eq!(kind_of(other), None, "{other}");
        }
        assert_eq!(
            server_prefix("sk-ant-api03-abcdefghijklmnop"),
            Some("sk-ant-")
        );
        assert_eq!(server_prefix("pk_live_4eC39HqLyjWDarjtT1zdp7dc"), None);
        assert_eq!(server_prefix("sk-short"), None);
    }

    #[test]
    fn each_prefix_says_one_thing_for_one_form() {
        for (at, one) in KINDS.iter().enumerate() {
            let same = |other: &&Kind| other.prefix == one.prefix && other.rest == one.rest;
            assert!(
                !KINDS[..at].iter().any(|other| same(&other)),
                "{}",
                one.prefix
            );
        }
    }
}
