//! What is wrong in production whatever a schema says: localhost, staging's hosts, an open door in CORS, DEBUG.

use super::broken::Breach;
use super::kind::{Kind, Url, split};
use super::model::Variable;

/// What is dangerous about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Danger {
    pub(super) breach: Breach,
    pub(super) what: &'static str,
    pub(super) help: &'static str,
}

/// Labels of hosts that say staging.
const STAGING: [&str; 3] = ["staging", "stage", "stg"];

/// What is dangerous about this value in production. What the schema itself asks for is not.
pub(super) fn of(name: &str, variable: Option<&Variable>, value: &str) -> Option<Danger> {
    let is_asked_for = variable.is_some_and(|variable| {
        variable.constant.is_some() || variable.choices.is_some() || variable.hosts.is_some()
    });
    if is_asked_for || value.is_empty() {
        return None;
    }
    let name = name.to_ascii_uppercase();
    debug(&name, value)
        .or_else(|| cors(&name, variable, value))
        .or_else(|| hosts(&name, variable, value))
}

fn debug(name: &str, value: &str) -> Option<Danger> {
    let is_debug = name == "DEBUG" || name.ends_with("_DEBUG");
    let is_on = ["true", "1", "yes", "on"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    (is_debug && is_on).then_some(Danger {
        breach: Breach::Debug,
        what: "switches debugging on in production, which shows visitors what is inside",
        help: "write `false`",
    })
}

fn cors(name: &str, variable: Option<&Variable>, value: &str) -> Option<Danger> {
    let is_about = name.contains("CORS") || name.ends_with("ORIGINS") || name.ends_with("ORIGIN");
    let separator = variable.map_or(",", Variable::separator);
    let is_any = |item: &str| {
        let bare = item.trim().trim_matches(['[', ']', '"', '\'']);
        bare == "*"
    };
    (is_about && value.split(separator).any(is_any)).then_some(Danger {
        breach: Breach::Cors,
        what: "lets every site call production",
        help: "name the origins: `https://app.example.org`",
    })
}

/// URLs wherever they stand, and hosts under names that say so. Where a program listens is no address.
fn hosts(name: &str, variable: Option<&Variable>, value: &str) -> Option<Danger> {
    let separator = variable.map_or(",", Variable::separator);
    let kind = variable.map_or(Kind::Text, Variable::kind);
    let may_be_url = value.contains("://") && kind != Kind::Json;
    if may_be_url {
        let whole = Url::parse(value).ok().map(|url| url.hosts);
        let found = match whole {
            Some(hosts) => worst(hosts.into_iter()),
            None => value
                .split(separator)
                .filter_map(|item| {
                    let bare = item.trim().trim_matches(['[', ']', '"', '\'']);
                    worst(Url::parse(bare).ok()?.hosts.into_iter())
                })
                .min_by_key(|danger| danger.breach),
        };
        return found;
    }
    let is_address = name.ends_with("_HOST") || name.ends_with("_HOSTNAME");
    let listens = ["BIND", "LISTEN", "SERVER_HOST", "APP_HOST"]
        .iter()
        .any(|part| name.contains(part));
    if !is_address || listens || value == "0.0.0.0" {
        return None;
    }
    worst(std::iter::once(split(value).0))
}

/// The gravest of what hosts say.
fn worst<'h>(hosts: impl Iterator<Item = &'h str>) -> Option<Danger> {
    hosts.filter_map(host).min_by_key(|danger| danger.breach)
}

fn host(host: &str) -> Option<Danger> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let is_local = host == "localhost"
        || host.ends_with(".localhost")
        || host == "0.0.0.0"
        || host == "[::1]"
        || host == "host.docker.internal"
        || host
            .parse()
            .is_ok_and(|address: std::net::Ipv4Addr| address.is_loopback());
    if is_local {
        return Some(Danger {
            breach: Breach::Localhost,
            what: "names this machine in production, where nothing of the kind runs",
            help: "write the address that production has, or a reference such as `${{Postgres.DATABASE_URL}}`",
        });
    }
    let mut words = host.split(['.', '-', '_']);
    words.any(|word| STAGING.contains(&word)).then_some(Danger {
        breach: Breach::StagingHost,
        what: "names a host of staging in production",
        help: "write production's own; where this one is right, name it under `hosts` in the schema",
    })
}
