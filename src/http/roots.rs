//! The certificates that this machine trusts.

use std::path::Path;

use rustls_native_certs::{CertificateResult, load_certs_from_paths, load_native_certs};
use ureq::tls::Certificate;

use super::HttpError;
use crate::environment::Environment;

/// Reads them: those that the environment names, else the system's.
pub(super) fn load(environment: &Environment) -> Result<Vec<Certificate<'static>>, HttpError> {
    let named = |name: &str| environment.os(name).filter(|path| !path.is_empty());
    let (file, folder) = (named("SSL_CERT_FILE"), named("SSL_CERT_DIR"));
    let found: CertificateResult = if file.is_none() && folder.is_none() {
        load_native_certs()
    } else {
        // A pipe would be waited for.
        let file = file.map(Path::new).filter(|path| path.is_file());
        let folder = folder.map(Path::new).filter(|path| path.is_dir());
        load_certs_from_paths(file, folder)
    };
    // One that cannot be read is no reason not to trust the others.
    if found.certs.is_empty() {
        return Err(HttpError::NoRoots);
    }
    let certificates = found.certs.iter();
    Ok(certificates
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_file_without_certificates_trusts_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roots.pem");
        std::fs::write(&file, "nothing\n").unwrap();
        for path in [file.as_path(), Path::new("/dev/null/none")] {
            let environment = Environment::of("/", [("SSL_CERT_FILE", path)]);
            assert_eq!(load(&environment).unwrap_err(), HttpError::NoRoots);
        }
    }
}
