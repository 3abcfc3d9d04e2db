//! Secrets in what is committed and pushed: what is looked at, and how people live with what is found.

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the scanner that asks is not here yet")
)]
mod decode;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        unused_imports,
        reason = "the scanner that asks is not here yet"
    )
)]
mod pardon;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        unused_imports,
        reason = "the scanner that asks is not here yet"
    )
)]
mod sort;
