//! The client against a listener that says what each test wants.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::*;

/// Answers one request with these bytes, and gives what was asked.
fn answer(with: &'static [u8]) -> (Endpoint, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut chunk = [0; 4096];
        while !asked.ends_with(b"{}") {
            let read = stream.read(&mut chunk).unwrap();
            if read == 0 {
                break;
            }
            asked.extend_from_slice(&chunk[..read]);
        }
        stream.write_all(with).unwrap();
        String::from_utf8(asked).unwrap()
    });
    let endpoint = Endpoint::parse(&format!("http://{address}/graphql/v2")).unwrap();
    (endpoint, served)
}

fn post(endpoint: &Endpoint) -> Result<Answer, HttpError> {
    let environment = Environment::of("/", [("A", "")]);
    let token = Secret::new("the-token");
    let client = Client::new(&environment, Duration::from_millis(500));
    client.post_json(endpoint, &[("authorization", &token)], "{}")
}

#[test]
fn what_is_said_and_heard() {
    let (endpoint, served) = answer(
        b"HTTP/1.1 429 Too Many\r\nRetry-After: 30\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
    );
    let answer = post(&endpoint).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (429, &b"hi"[..]));
    assert_eq!(answer.header("retry-after"), Some("30"));
    let asked = served.join().unwrap();
    assert!(
        asked.starts_with("POST /graphql/v2 HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(asked.contains("authorization: the-token\r\n"), "{asked}");
    assert!(
        asked.contains("content-type: application/json\r\n"),
        "{asked}"
    );
}

#[test]
fn a_redirect_is_an_answer() {
    let (elsewhere, unasked) = answer(b"");
    let target: &'static str = format!(
        "HTTP/1.1 307 Go\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        elsewhere.as_str()
    )
    .leak();
    let (endpoint, served) = answer(target.as_bytes());
    assert_eq!(post(&endpoint).unwrap().status, 307);
    served.join().unwrap();
    // Still waiting: nobody came.
    assert!(!unasked.is_finished());
}

#[test]
fn what_is_no_answer_is_told_apart() {
    let (endpoint, _served) = answer(b"SSH-2.0-OpenSSH_9.6\r\n\r\n");
    assert!(matches!(post(&endpoint), Err(HttpError::Garbage(_))));

    let long: &'static [u8] = [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec(),
        vec![b'x'; 400 << 10],
    ]
    .concat()
    .leak();
    let (endpoint, _served) = answer(long);
    assert_eq!(
        post(&endpoint).unwrap_err(),
        HttpError::Garbage("it is too long".to_owned())
    );

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let endpoint = Endpoint::parse(&format!("http://{address}/")).unwrap();
    assert!(matches!(post(&endpoint), Err(HttpError::Deadline(_))));
    drop(silent);
    assert!(matches!(post(&endpoint), Err(HttpError::Unreachable(_))));

    // Somebody listens there, and does not speak TLS.
    let (endpoint, _served) = answer(b"HTTP/1.1 400 Bad\r\n\r\n");
    let over_tls = endpoint.as_str().replace("http:", "https:");
    let heard = post(&Endpoint::parse(&over_tls).unwrap());
    assert!(
        matches!(
            heard,
            Err(HttpError::Untrusted(_) | HttpError::NoRoots | HttpError::Deadline(_))
        ),
        "{heard:?}"
    );
}
