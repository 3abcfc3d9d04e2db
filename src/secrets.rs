//! Secrets: what never leaves the machine.

#[cfg_attr(
    not(test),
    expect(
        dead_code,
        unused_imports,
        reason = "the search that asks it comes with the same change"
    )
)]
mod judge;
