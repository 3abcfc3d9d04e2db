//! What can stand between guard and the installed dependencies.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

/// Why the checkout has no dependencies.
#[derive(Debug, Error, Diagnostic)]
pub enum DependencyError {
    /// Something that is installed in the work tree cannot be read.
    #[error("{} cannot be read: {source}", .path.display())]
    #[diagnostic(help(
        "a tool that runs without its dependencies judges something else. \
         Make the folder readable, or install the dependencies anew"
    ))]
    Read {
        /// The file or folder in the original work tree.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// guard's own checkout cannot be written.
    #[error("{} cannot be written: {source}", .path.display())]
    #[diagnostic(help(
        "guard links the installed dependencies into its own checkout. \
         Make room there, or remove the checkout: `guard cache prune`"
    ))]
    Write {
        /// The file or folder in guard's checkout.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The system has no links that guard makes safely.
    #[error("dependencies are not linked into guard's checkout on this system")]
    #[diagnostic(help(
        "the checkout would hold none of them. Linux and macOS can; elsewhere run in place"
    ))]
    Unsupported,
}

#[cfg(unix)]
impl DependencyError {
    pub(crate) fn read(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn write(path: PathBuf) -> impl FnOnce(rustix::io::Errno) -> Self {
        move |errno| Self::Write {
            path,
            source: errno.into(),
        }
    }
}
