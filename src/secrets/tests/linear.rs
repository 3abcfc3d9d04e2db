//! The time that a search takes grows with the text, whatever the text is made of.

use std::time::{Duration, Instant};

use super::super::set::RuleSet;
use super::codes;

/// Texts that would hurt a search which looks at the same bytes again and again.
fn nasty(set: &RuleSet, length: usize) -> Vec<String> {
    let words: Vec<&str> = set
        .rules()
        .flat_map(|(_, rule)| rule.keywords.iter().map(|word| &**word))
        .collect();
    let fill = |piece: &str| piece.repeat(length / piece.len().max(1) + 1);
    let mut texts = vec![
        fill("a"),
        fill("key=key="),
        fill("-----BEGIN PRIVATE KEY-----"),
        fill("eyJ."),
        fill("%25"),
        fill("password: \""),
        fill("://a:b@"),
        fill("\"'`=>:"),
    ];
    texts.push(fill(&words.join("=")));
    texts.push(fill(&words.join(" ")));
    texts
}

#[test]
fn twice_the_text_takes_no_more_than_a_few_times_as_long() {
    let set = RuleSet::built_in();
    // Everything is compiled before anybody looks at the clock.
    for text in nasty(&set, 20_000) {
        codes(&set, "a.txt", &text);
    }
    for (small, large) in nasty(&set, 40_000).iter().zip(nasty(&set, 400_000)) {
        let took = |text: &str| {
            let begun = Instant::now();
            codes(&set, "a.txt", text);
            begun.elapsed()
        };
        let small = took(small).max(Duration::from_millis(20));
        let large = took(&large);
        // Quadratic would be a hundred times as long; a busy machine may well be five times as slow.
        assert!(large < small * 60, "{small:?} became {large:?}");
    }
}
