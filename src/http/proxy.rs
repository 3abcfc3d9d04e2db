//! The proxy that the environment names, for what is encrypted and not on this machine.

use super::{Endpoint, HttpError};
use crate::environment::Environment;

/// Where a proxy is named, first found first.
const NAMES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The proxy for an address. Plain requests go to this machine only, and nobody stands between.
pub(super) fn for_endpoint(
    environment: &Environment,
    endpoint: &Endpoint,
) -> Result<Option<ureq::Proxy>, HttpError> {
    if endpoint.is_here() || !endpoint.is_encrypted() {
        return Ok(None);
    }
    let exceptions = ["NO_PROXY", "no_proxy"];
    let exceptions = exceptions
        .into_iter()
        .find_map(|name| environment.filled(name));
    if exceptions.is_some_and(|list| is_excepted(list, endpoint.host())) {
        return Ok(None);
    }
    let named = NAMES
        .into_iter()
        .find_map(|name| Some((name, environment.filled(name)?)));
    let Some((name, address)) = named else {
        return Ok(None);
    };
    let proxy = ureq::Proxy::new(address).map_err(|_| HttpError::Proxy(name))?;
    // Others would need more of the library than guard brings.
    match proxy.protocol() {
        ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https => Ok(Some(proxy)),
        _ => Err(HttpError::Proxy(name)),
    }
}

/// Whether a host is one of a `NO_PROXY` list: a name stands for itself and all below it.
fn is_excepted(list: &str, host: &str) -> bool {
    list.split(',').map(str::trim).any(|entry| {
        let entry = entry.trim_start_matches('*').trim_start_matches('.');
        let entry = entry.split(':').next().unwrap_or_default();
        let entry = entry.to_ascii_lowercase();
        let below = host.strip_suffix(entry.as_str());
        !entry.is_empty() && below.is_some_and(|left| left.is_empty() || left.ends_with('.'))
    }) || list.split(',').any(|entry| entry.trim() == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_name_hosts_and_what_is_below_them() {
        for (list, expected) in [
            ("*", true),
            ("railway.com", true),
            (".railway.com", true),
            ("*.railway.com", true),
            ("a.test, BACKBOARD.railway.com:443", true),
            ("way.com", false),
            ("a.test", false),
            ("", false),
            (",", false),
        ] {
            let found = is_excepted(list, "backboard.railway.com");
            assert_eq!(found, expected, "{list}");
        }
    }

    #[test]
    fn only_what_leaves_this_machine_goes_through_a_proxy() {
        let proxied = |address: &str, variables: &[(&str, &str)]| {
            let environment = Environment::of("/", variables.iter().copied());
            let endpoint = Endpoint::parse(address).unwrap();
            for_endpoint(&environment, &endpoint).map(|proxy| proxy.is_some())
        };
        let set = [("HTTPS_PROXY", "http://proxy.test:3128")];
        assert_eq!(proxied("https://a.test/", &set), Ok(true));
        assert_eq!(proxied("https://127.0.0.1/", &set), Ok(false));
        assert_eq!(proxied("http://127.0.0.1/", &set), Ok(false));
        assert_eq!(proxied("https://a.test/", &[]), Ok(false));
        assert_eq!(
            proxied("https://a.test/", &[("HTTP_PROXY", "x")]),
            Ok(false)
        );
        assert_eq!(
            proxied("https://a.test/", &[("all_proxy", "socks5://u:p@x:1")]),
            Err(HttpError::Proxy("all_proxy"))
        );
        let both = [set[0], ("NO_PROXY", "a.test")];
        assert_eq!(proxied("https://a.test/", &both), Ok(false));
    }
}
