//! Shannon's measure, as the rule format counts it.

/// Bits per byte: 0 for one repeated byte, 4 at most for hexadecimal digits.
pub(crate) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    let mut length = 0_u32;
    for &byte in value {
        counts[usize::from(byte)] += 1;
        length = length.saturating_add(1);
    }
    let whole = f64::from(length);
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / whole)
        .map(|share| -share * share.log2())
        .sum()
}
