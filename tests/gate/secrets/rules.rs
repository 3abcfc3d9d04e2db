//! A team's own rules, in the gitleaks format.

use super::{key, one, random, secrets, told};
use crate::support::Repo;

#[test]
fn a_rule_of_the_team_finds_beside_guard_s_own() {
    let repo = Repo::new();
    repo.write(
        ".gitleaks.toml",
        "title = 'ours'\n[extend]\nuseDefault = true\ndisabledRules = ['stripe-live']\n\
         [[rules]]\nid = 'acme-badge'\ndescription = 'an ACME badge'\nregex = '''acme_([a-z0-9]{12})'''\n\
         keywords = ['ACME_']\nsecretGroup = 1\n[[rules.allowlists]]\nstopwords = ['000000']\n\
         [[allowlists]]\npaths = ['''^docs/''']\n",
    );
    repo.write("a.txt", format!("b acme_{}7\n", random(11).to_lowercase()));
    repo.write("b.txt", "acme_000000000000\n");
    repo.write(
        "docs/c.txt",
        format!("acme_{}\n", random(12).to_lowercase()),
    );
    repo.write("d.txt", key()).stage();
    let ran = secrets(&repo, "");
    assert_eq!(
        told(&ran),
        one("SEC-RULE", "a.txt:1:8", "error"),
        "{}",
        ran.whole()
    );
    let message = ran.json()["findings"][0]["message"].to_string();
    assert!(
        message.contains("an ACME badge") && message.contains("`acme-badge`"),
        "{message}"
    );
}

#[test]
fn a_broken_or_exploding_rule_is_told_at_its_place() {
    let repo = Repo::new();
    repo.write("a.txt", "1\n").commit("first");
    for (rule, place, said) in [
        ("regex = '''a(b'''", ".gitleaks.toml:3:9", "cannot be used"),
        (
            "regex = '''(x{1000}){1000}'''",
            ".gitleaks.toml:3:9",
            "cannot be used",
        ),
        ("regex = 5", ".gitleaks.toml:3:9", "not a text"),
        (
            "regex = 'x'\nentropy = 'high'",
            ".gitleaks.toml:4:11",
            "not a number",
        ),
        ("description = 'nothing'", ".gitleaks.toml:1:1", "neither"),
        ("regex = 'x'\nkeywords = 'x'", ".gitleaks.toml:4:12", "list"),
        ("regex = 'x", ".gitleaks.toml:3:", "not valid TOML"),
        (
            "regex = 'x'\n[[rules.required]]\nid = 'nobody'",
            ".gitleaks.toml:5:6",
            "`nobody`",
        ),
        (
            "regex = 'x'\n[extend]\npath = 'none.toml'",
            ".gitleaks.toml:5:8",
            "cannot be read",
        ),
        (
            "regex = 'x'\n[[rules]]\nid = 'a'\nregex = 'y'",
            ".gitleaks.toml:4:1",
            "two rules",
        ),
    ] {
        repo.write(".gitleaks.toml", format!("[[rules]]\nid = 'a'\n{rule}\n"));
        let ran = repo
            .guard("run pre-commit --all-files --only secrets")
            .run();
        assert_eq!((ran.code, &*ran.out), (2, ""), "{rule}: {}", ran.whole());
        assert!(
            ran.err.contains(place) && ran.err.contains(said),
            "{rule}: {}",
            ran.err
        );
    }
}

#[test]
fn files_extend_each_other_and_rules_need_each_other() {
    let repo = Repo::new();
    repo.write(
        "base.toml",
        "[[rules]]\nid = 'id'\nregex = '''id-([0-9]{6})'''\nskipReport = true\n",
    );
    repo.write(
        ".gitleaks.toml",
        "[extend]\npath = 'base.toml'\n[[rules]]\nid = 'pair'\nregex = '''pw-([a-z0-9]{10})'''\n\
         [[rules.required]]\nid = 'id'\nwithinLines = 2\n",
    );
    let value = format!("pw-{}", random(10).to_lowercase());
    repo.write("near.txt", format!("id-123456\n\n{value}\n"));
    repo.write("far.txt", format!("id-123456\n\n\n\n{value}\n"))
        .stage();
    let ran = secrets(&repo, "");
    assert_eq!(
        told(&ran),
        one("SEC-RULE", "near.txt:3:4", "error"),
        "{}",
        ran.whole()
    );
}
