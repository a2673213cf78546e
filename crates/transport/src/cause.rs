//! Why no connection stood, from the causes that a client error has. Those of proxies, names and encryption are known by
//! their words: their types are private to the libraries.

use ringside_domain::Detail;
use url::Url;

/// What a code of a [`Detail`] stands for; `proxy` tells who that is, where somebody knows.
pub(crate) fn of_connecting(causes: &[String], proxy: impl FnOnce() -> String) -> Detail {
    let raw = causes.last().map(String::as_str).unwrap_or_default();
    let says = |words: &str| causes.iter().any(|cause| cause.to_ascii_lowercase().contains(words));
    let tunnel = says("tunnel error");
    let code = match () {
        () if says("proxy authorization required") => "proxy_sign_in",
        () if tunnel && says("failed to create underlying connection") => "proxy_unreachable",
        () if tunnel => "proxy_refused",
        () if says("dns error") || says("failed to lookup address") => "host_unknown",
        () => of_trust(raw),
    };
    let proxy = if tunnel || code.starts_with("proxy_") { proxy() } else { String::new() };
    Detail { code, proxy: proxy.into(), ..Detail::raw(crate::redact::excerpt(raw, 200)) }
}

/// The code of a certificate that is not trusted, in rustls' words; empty for what is none.
fn of_trust(raw: &str) -> &'static str {
    let words = raw.to_ascii_lowercase();
    let says = |word: &str| words.contains(word);
    match () {
        () if says("unknownissuer") || says("self-signed") || says("selfsigned") => "tls_issuer",
        () if says("expired") || says("notvalidyet") => "tls_date",
        () if says("notvalidforname") || says("not valid for name") => "tls_name",
        () if ["certificate", "fatal alert", "corrupt message", "peer is incompatible", "peer misbehaved"]
            .iter()
            .any(|word| says(word)) =>
        {
            "tls"
        }
        () => "",
    }
}

/// The proxy that the environment names for encrypted addresses, as the HTTP client reads it; without what signs in.
pub(crate) fn proxy_of_the_environment() -> String {
    let named = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.trim().is_empty());
    named.map(|value| place_of_proxy(value.trim())).unwrap_or_default()
}

/// `host` or `host:port`: of an address no more than who it leads to.
pub(crate) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn place_of_proxy(value: &str) -> String {
    let whole = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    Url::parse(&whole).map(|url| place(&url)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(causes: &[&str]) -> Detail {
        let causes: Vec<String> = causes.iter().map(|cause| (*cause).to_owned()).collect();
        of_connecting(&causes, || "proxy.example:3128".to_owned())
    }

    #[test]
    fn each_cause_has_a_code_and_only_those_of_a_proxy_name_it() {
        for (causes, code, proxy) in [
            (&["client error (Connect)", "tunnel error: proxy authorization required"][..], "proxy_sign_in", true),
            (&["client error (Connect)", "tunnel error: unsuccessful"], "proxy_refused", true),
            (&["client error (Connect)", "tunnel error: unexpected end of file"], "proxy_refused", true),
            (
                &[
                    "client error (Connect)",
                    "tunnel error: failed to create underlying connection",
                    "tcp connect error",
                    "Connection refused (os error 111)",
                ],
                "proxy_unreachable",
                true,
            ),
            (
                &["tunnel error: failed to create underlying connection", "dns error", "Name or service not known"],
                "proxy_unreachable",
                true,
            ),
            (
                &[
                    "client error (Connect)",
                    "dns error",
                    "failed to lookup address information: Name or service not known",
                ],
                "host_unknown",
                false,
            ),
            (&["client error (Connect)", "invalid peer certificate: UnknownIssuer"], "tls_issuer", false),
            (&["invalid peer certificate: certificate expired: verification time 1 (UNIX)"], "tls_date", false),
            (&["invalid peer certificate: certificate not valid for name \"a.example\""], "tls_name", false),
            (&["received corrupt message of type InvalidContentType"], "tls", false),
            (&["client error (Connect)", "tcp connect error", "Connection refused (os error 111)"], "", false),
            (&[], "", false),
        ] {
            let told = told(causes);
            assert_eq!((told.code, !told.proxy.is_empty()), (code, proxy), "{causes:?}");
            assert!(!told.raw.contains("[secret]"), "{}", told.raw);
        }
    }

    #[test]
    fn a_proxys_password_is_no_part_of_its_place() {
        for (value, place) in [
            ("http://user:canary@proxy.example:3128/", "proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"),
            ("https://proxy.example", "proxy.example"),
            ("socks5://127.0.0.1:9050", "127.0.0.1:9050"),
            ("::", ""),
        ] {
            assert_eq!(place_of_proxy(value), place, "{value}");
        }
    }
}
