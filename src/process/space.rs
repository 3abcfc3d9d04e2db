//! How much a new process can be told: arguments and environment together.

/// The room for both, with some left for what a tool adds when it starts others.
pub fn for_arguments() -> usize {
    let limit = limit();
    limit - (limit / 4).min(128 * 1024)
}

/// Linux gives a quarter of the stack's limit, at least 128 KiB and at most three quarters of 8 MiB.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn limit() -> usize {
    const LEAST: usize = 128 * 1024;
    const MOST: usize = 6 * 1024 * 1024;
    let stack = rustix::process::getrlimit(rustix::process::Resource::Stack).current;
    let quarter = stack.map(|bytes| usize::try_from(bytes / 4).unwrap_or(MOST));
    quarter.unwrap_or(MOST).clamp(LEAST, MOST)
}

#[cfg(any(target_os = "macos", target_os = "ios"))]
fn limit() -> usize {
    1024 * 1024
}

/// What every other Unix gives, or a Windows command line.
#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "macos",
    target_os = "ios"
)))]
fn limit() -> usize {
    if cfg!(unix) { 256 * 1024 } else { 30_000 }
}
