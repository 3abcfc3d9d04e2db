//! Tokens against a listener on this machine that answers as Railway does, or as others would.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{line, says};
use crate::support::{Ran, Repo};

const TOKEN: &str = "hush-hush-5f2c-token";

/// What it heard, request by request.
type Heard = Arc<Mutex<Vec<String>>>;

/// A listener that answers each request with what `answer` makes of it.
fn serve(answer: impl Fn(&str) -> String + Send + 'static) -> (String, Heard) {
    serve_or_wait(move |request| Some(answer(request)))
}

/// The same; who is given nothing is left waiting.
fn serve_or_wait(answer: impl Fn(&str) -> Option<String> + Send + 'static) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let heard = Heard::default();
    let telling = Arc::clone(&heard);
    std::thread::spawn(move || {
        let mut waiting = Vec::new();
        for stream in listener.incoming().take(16).flatten() {
            let mut stream = stream;
            let request = request(&mut stream);
            telling.lock().expect("no panic").push(request.clone());
            match answer(&request) {
                // Whoever asked may be gone already.
                Some(answer) => drop(stream.write_all(answer.as_bytes())),
                None => waiting.push(stream),
            }
        }
    });
    (format!("http://{address}/graphql/v2"), heard)
}

/// One request to the end of its body.
fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length:")?
                    .trim()
                    .parse()
                    .ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut chunk) {
            Ok(read @ 1..) => bytes.extend_from_slice(&chunk[..read]),
            _ => return text,
        }
    }
}

fn reply(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
}

/// A call with one token; it is never shown, whatever comes of it.
fn with(variable: &str, url: &str) -> Ran {
    let repo = Repo::new();
    let ran = repo
        .guard("doctor --format json")
        .env(variable, TOKEN)
        .env("GUARD_RAILWAY_URL", url)
        // Hooks are no matter here, and a proxy is not to stand between.
        .env("CI", "1")
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("ALL_PROXY", "http://127.0.0.1:9")
        .run();
    assert!(!ran.whole().contains(TOKEN), "{}", ran.whole());
    ran
}

#[test]
fn a_project_token_names_its_project_environment_and_limits() {
    let (url, heard) = serve(|_| {
        reply(
            "200 OK",
            "X-RateLimit-Limit: 1000\r\nX-RateLimit-Remaining: 987\r\nDate: Sat, 21 Nov 2020 08:49:00 GMT\r\n",
            r#"{"data":{"projectToken":{"projectId":"1","environmentId":"2",
                "project":{"name":"shop\u001b[31m"},"environment":{"name":"staging"}}}}"#,
        )
    });
    let ran = with("RAILWAY_TOKEN", &url);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let told =
        "a project token for `shop\\u{1b}[31m`, environment `staging`; 987 of 1000 calls left";
    says(&ran, "railway", "ok", told, None);
    says(&ran, "clock", "warning", "ahead of Railway's", None);
    let heard = heard.lock().expect("no panic");
    let request = &heard[0];
    assert!(
        request.starts_with("POST /graphql/v2 HTTP/1.1"),
        "{request}"
    );
    assert!(
        request.contains(&format!("project-access-token: {TOKEN}\r\n")),
        "{request}"
    );
    assert!(!request.contains("authorization"), "{request}");
    assert_eq!(heard.len(), 1);
}

#[test]
fn an_account_s_and_a_workspace_s_token_are_told_apart() {
    let (url, heard) = serve(|_| {
        reply(
            "200 OK",
            "",
            r#"{"data":{"me":{"workspaces":[{"name":"one"},{"name":"two"}]}}}"#,
        )
    });
    let ran = with("RAILWAY_API_TOKEN", &url);
    says(
        &ran,
        "railway",
        "ok",
        "an account token; workspaces: one, two",
        None,
    );
    let bearer = format!("authorization: Bearer {TOKEN}\r\n");
    assert!(heard.lock().expect("no panic")[0].contains(&bearer));

    let (url, _) = serve(|request| {
        let body = if request.contains("apiToken") {
            r#"{"data":{"apiToken":{"workspaces":[{"name":"acme"}]}}}"#
        } else {
            r#"{"data":null,"errors":[{"message":"Not Authorized"}]}"#
        };
        reply("200 OK", "", body)
    });
    let ran = with("RAILWAY_API_TOKEN", &url);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    says(&ran, "railway", "ok", "a workspace token for acme", None);
}

#[test]
fn a_token_that_railway_refuses_is_an_error() {
    for (status, body, said) in [
        (
            "200 OK",
            r#"{"errors":[{"message":"Project Token not found"}],"data":null}"#,
            "Project Token not found",
        ),
        ("401 Unauthorized", "", "status 401"),
        (
            "200 OK",
            r#"{"errors":[{"message":"Not Authorized\u001b[2J"}]}"#,
            "Not Authorized\\u{1b}[2J",
        ),
    ] {
        let (url, _) = serve(move |_| reply(status, "", body));
        let ran = with("RAILWAY_TOKEN", &url);
        assert_eq!(ran.code, 1, "{}", ran.whole());
        says(&ran, "railway", "error", said, Some("unset RAILWAY_TOKEN"));
        says(
            &ran,
            "railway",
            "error",
            "other kinds into RAILWAY_API_TOKEN",
            Some("unset RAILWAY_TOKEN"),
        );
    }
}

#[test]
fn what_could_not_be_found_out_is_never_green() {
    for (status, headers, body, said) in [
        (
            "429 Too Many Requests",
            "Retry-After: 30\r\n",
            "",
            "it asks to wait [TIME]",
        ),
        ("200 OK", "", "<html>", "is not Railway"),
        (
            "200 OK",
            "",
            r#"{"data":{"projectToken":null}}"#,
            "is not Railway",
        ),
        (
            "200 OK",
            "",
            r#"{"errors":[{"message":"Problem processing request"}]}"#,
            "Problem processing",
        ),
        ("502 Bad Gateway", "", "", "status 502"),
    ] {
        let (url, _) = serve(move |_| reply(status, headers, body));
        let ran = with("RAILWAY_TOKEN", &url);
        assert_eq!(ran.code, 3, "{}", ran.whole());
        says(&ran, "railway", "unknown", said, Some("guard doctor"));
        assert_eq!(ran.json()["verdict"], "unknown");
    }
    let (url, _) = serve(|_| "SSH-2.0-x\r\n\r\n".to_owned());
    says(
        &with("RAILWAY_TOKEN", &url),
        "railway",
        "unknown",
        "it is no HTTP",
        Some("guard doctor"),
    );
    // Nobody listens there.
    let nobody = with("RAILWAY_TOKEN", "http://127.0.0.1:1/");
    assert_eq!(nobody.code, 3, "{}", nobody.whole());
    assert_eq!(line(&nobody, "railway")["state"], "unknown");
}

#[test]
fn a_token_is_not_sent_along_a_redirect() {
    let (elsewhere, heard) = serve(|_| reply("200 OK", "", "{}"));
    let (url, _) = serve(move |_| {
        let location = format!("Location: {elsewhere}\r\n");
        reply("307 Temporary Redirect", &location, "")
    });
    let ran = with("RAILWAY_TOKEN", &url);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    says(
        &ran,
        "railway",
        "unknown",
        "leads elsewhere (status 307)",
        Some("guard doctor"),
    );
    assert!(heard.lock().expect("no panic").is_empty());
}

#[test]
fn who_does_not_answer_is_not_waited_for() {
    let (url, heard) = serve_or_wait(|_| None);
    let begun = Instant::now();
    let ran = with("RAILWAY_TOKEN", &url);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    says(
        &ran,
        "railway",
        "unknown",
        "no answer within [TIME]",
        Some("guard doctor"),
    );
    // Other lines are told all the same.
    says(&ran, "reader", "ok", "", None);
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(heard.lock().expect("no panic").len(), 1);
}

#[test]
fn a_token_goes_nowhere_in_the_open() {
    for (url, said) in [
        ("http://railway.test/graphql/v2", "over https only"),
        (
            "https://user:hush-hush-5f2c-token@a.test/",
            "has a user or password",
        ),
        ("nonsense", "not an address"),
    ] {
        let ran = with("RAILWAY_TOKEN", url);
        assert_eq!(ran.code, 1, "{}", ran.whole());
        says(
            &ran,
            "railway",
            "error",
            said,
            Some("unset GUARD_RAILWAY_URL"),
        );
    }
}

#[test]
fn of_two_tokens_the_project_s_serves_and_both_are_told() {
    let (url, _) = serve(|request| {
        if request.contains("project-access-token") {
            let names = r#""project":{"name":"p"},"environment":{"name":"e"}"#;
            let body = format!(r#"{{"data":{{"projectToken":{{{names}}}}}}}"#);
            return reply("200 OK", "", &body);
        }
        reply("200 OK", "", r#"{"data":{"me":{"workspaces":[]}}}"#)
    });
    let repo = Repo::new();
    let ran = repo
        .guard("doctor --format json")
        .env("RAILWAY_TOKEN", TOKEN)
        .env("RAILWAY_API_TOKEN", "hush-hush-other")
        .env("RAILWAY_GRAPHQL_ENDPOINT", &url)
        .run();
    says(
        &ran,
        "railway",
        "ok",
        "serves before RAILWAY_API_TOKEN",
        None,
    );
    says(
        &ran,
        "railway-api-token",
        "ok",
        "an account token; workspaces: none",
        None,
    );
    assert!(!ran.whole().contains("hush-hush"), "{}", ran.whole());
}

#[test]
fn a_token_comes_from_the_user_s_own_file_too() {
    let (url, heard) = serve(|_| reply("401 No", "", ""));
    let repo = Repo::new();
    repo.write(".gitignore", ".env.guard\n");
    repo.write(
        ".env.guard",
        format!("RAILWAY_TOKEN={TOKEN}\nGUARD_RAILWAY_URL={url}\n"),
    );
    let ran = repo.guard("doctor --format json").run();
    says(
        &ran,
        "railway",
        "error",
        "RAILWAY_TOKEN: Railway does not accept",
        Some("unset RAILWAY_TOKEN"),
    );
    says(
        &ran,
        "variables",
        "ok",
        "from the user's files: GUARD_RAILWAY_URL, RAILWAY_TOKEN",
        None,
    );
    assert!(!ran.whole().contains(TOKEN), "{}", ran.whole());
    assert_eq!(heard.lock().expect("no panic").len(), 1);
}
