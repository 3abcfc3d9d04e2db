//! Schemas that contradict themselves or are slips of the pen: each mistake at its place, all of them at once.

use std::fmt::Write as _;

use insta::assert_snapshot;

use super::{schema, told};
use crate::config::{Colour, render};
use crate::schema::read;

/// Each schema is told what follows it; nothing where nothing is wrong.
fn all(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(told(text), *expected, "{text}");
    }
}

#[test]
fn ranges_and_lengths_that_nothing_fits() {
    all(&[
        (
            r"variables: { A: { type: int, min: 5, max: 3 } }",
            r"1:43: `min` is 5 and `max` is 3: no value is both | exchange them, or mend one
",
        ),
        (r"variables: { A: { type: int, min: 5, max: 5 } }", ""),
        (
            r"variables: { A: { type: duration, min: 1h, max: 30m } }",
            r"1:49: `min` is 1h and `max` is 30m: no value is both | exchange them, or mend one
",
        ),
        (
            r"variables: { A: { min_length: 9, max_length: 8 } }",
            r"1:46: `min_length` is 9 and `max_length` is 8: no value is both | exchange them, or mend one
",
        ),
    ]);
}

#[test]
fn constants_choices_and_defaults_keep_their_own_rules() {
    all(&[
        (
            r"variables: { A: { type: int, default: 1.5 } }",
            r"1:39: `default` breaks the schema's own rule: it is not a whole number | mend the default or the rule
",
        ),
        (
            r"variables: { A: { type: int, min: 10, default: 9 } }",
            r"1:48: `default` breaks the schema's own rule: it is below 10 | mend the default or the rule
",
        ),
        (
            r"variables: { A: { type: port, const: 70000 } }",
            r"1:38: `const` breaks the schema's own rule: it is not a port | mend the constant or the rule
",
        ),
        (
            r"variables: { A: { enum: [a, b], const: c } }",
            r"1:40: `const` breaks the schema's own rule: it is not one of `a`, `b` | mend the constant or the rule
",
        ),
        (
            r"variables: { A: { enum: [a, b], default: B } }",
            r"1:42: `default` breaks the schema's own rule: it is not one of `a`, `b` | mend the default or the rule
",
        ),
        (
            r"variables: { A: { type: int, enum: [1, x] } }",
            r"1:36: the choice `x` breaks the schema's own rule: it is not a whole number | mend the choice or the rule
",
        ),
        (
            r"variables: { A: { prefix: sk-, default: pk-1 } }",
            r"1:41: `default` breaks the schema's own rule: it does not begin with `sk-` | mend the default or the rule
",
        ),
    ]);
}

#[test]
fn environments_are_known_and_extend_no_circle() {
    all(&[
        (
            r"variables: { A: { required: [prodution] } }",
            r"1:29: there is no environment `prodution` | did you mean `production`?
",
        ),
        (r"variables: { A: { required: [production] } }", ""),
        (
            r"environments: { a: { extends: b }, b: { extends: c }, c: { extends: a }, d: { extends: a }, e: { extends: e } }",
            r"1:31: environments extend each other in a circle: `a` → `b` → `c` → `a` | take one `extends` out
1:107: environments extend each other in a circle: `e` → `e` | take one `extends` out
",
        ),
        (r"environments: { a: { extends: base } }", ""),
        (
            r"environments: { production: { extends: stagign }, staging: }",
            r"1:40: there is no environment `stagign` | did you mean `staging`?
",
        ),
    ]);
}

#[test]
fn rules_name_what_can_be_compared() {
    all(&[(
        r"variables: { A: { type: int }, B: { type: string }, C: { type: json }, D: { type: bool } }
rules:
  - le: [A, B]
  - lt: [D, D]
  - eq: [C, A]
  - ne: [A, X]
  - { lt: [A, A], le: [A, A] }
  - { grater: [A, B] }
  - {}
  - le: [A]
  - differs_between: [staging]
  - { le: [A, A], variables: [A] }",
        r"3:5: `A` is of type int and `B` of type string: they cannot be compared | compare two numbers, two durations or two texts
4:5: of two values of type bool none is the greater | compare two numbers, two durations or two texts
4:13: `D` is compared with itself | name two variables
5:5: `C` is of type json and `A` of type int: they cannot be compared | compare two variables of one type
6:13: there is no variable `X` | the variables here are `A`, `B`, `C`, `D`
7:15: `A` is compared with itself | name two variables
7:19: one rule says one thing | make an item of the list of each
8:7: unknown rule `grater` | the rules are `lt`, `le`, `eq`, `ne`, `differs_between`
9:5: this rule says nothing | write a list: `- le: [API_MIN, API_MAX]`
10:9: `le` compares two variables | write `le: [FIRST, SECOND]`
11:23: `staging` alone cannot differ from itself | name two environments or more
12:15: `A` is compared with itself | name two variables
12:19: `variables` has no meaning beside `le` | take it out
",
    )]);
}

#[test]
fn patterns_can_be_used() {
    all(&[(
        r"variables: { A: { pattern: '(' }, B: { pattern: '((a{1000}){1000}){1000}' }, C: { pattern: '(?<=a)b' } }",
        r"1:28: the pattern is broken at its character 1: unclosed group | the syntax is that of https://docs.rs/regex; put it in single quotes, so that YAML leaves its backslashes alone
1:49: the pattern is too large once its repetitions are written out | ask for the length by `min_length` and `max_length` instead
1:92: the pattern is broken at its character 1: look-around, including look-ahead and look-behind, is not supported | patterns here take linear time: write it without looking around and backreferences
",
    )]);
}

#[test]
fn constraints_belong_to_types() {
    all(&[
        (
            r"variables: { A: { type: bool, pattern: x, prefix: t, min_length: 1, min: 0 } }",
            r"1:40: `pattern` is about texts, and this is a bool | take it out: `true` and `false` are all there is
1:51: `prefix` is about texts, and this is a bool | take it out: `true` and `false` are all there is
1:66: `min_length` is about texts, and this is a bool | take it out: `true` and `false` are all there is
1:74: `min` is about numbers and durations, and this is of type bool | take it out
",
        ),
        (
            r"variables: { A: { type: list, of: list }, B: { of: int }, C: { separator: ';' }, D: { type: list, separator: '' }, E: { type: list, of: enum }, F: { type: enum } }",
            r#"1:35: a list consists of single values, not of lists | write `of: string`, or `type: json` for more
1:52: `of` is about lists, and this is none | write `type: list`, or take it out
1:75: `separator` is about lists, and this is none | write `type: list`, or take it out
1:110: an empty separator separates nothing | write `separator: ","`
1:137: an enum names its choices, and this one names none | add them: `enum: [debug, info, error]`
1:156: an enum names its choices, and this one names none | add them: `enum: [debug, info, error]`
"#,
        ),
        (
            r"variables: { A: { schemes: [https] }, B: { type: string, hosts: x }, C: { min: 1 }, D: { type: int, min: low } }",
            r"1:28: `schemes` is about URLs, and this is of type string | say `type: url`
1:65: `hosts` is about URLs and mail addresses, and this is of type string | say `type: url`
1:80: `min` is about numbers and durations, and this is of type string | say `type: int`, or ask for the length: `min_length`
1:106: `min` is no int: `low` | write a number
",
        ),
        (
            r"variables: { A: { secret: true, visibility: public }, B: { rotation: monthly }, C: { provided_by: raleway }, D: { visibility: client } }",
            r"1:45: it is said to be secret, and to be public | a secret has `visibility: server`; what browsers see is no secret
1:70: `rotation` is not a duration | write how often: `30d`, `12w`
1:99: `provided_by` cannot be `raleway` | did you mean `railway`?
1:127: `visibility` cannot be `client` | did you mean `public`?
",
        ),
    ]);
}

#[test]
fn conditions_can_come_true() {
    all(&[
        (
            r"variables: { A: { required: { when: { A: 1 } } }, B: { required: { when: { X: 1 } } }, C: { type: bool }, D: { required: { when: { C: maybe } } }, E: { required: { if: { C: true } } }, F: { required: maybe }, G: { required: { when: {} } } }",
            r"1:39: a variable cannot be its own condition | name another one
1:76: there is no variable `X` | the variables here are `A`, `B`, `C`, `D`, `E`, `F`, `G`
1:132: `C` is never `maybe`: that is not a boolean | write `true` or `false`
1:165: unknown key `if` | did you mean `when`?
1:201: `required` cannot be a text | write `true`, `false`, environments `[production]`, or a condition `{ when: { OTHER: value } }`
1:233: the condition names no variable | name the variable and its value: `{ when: { MAIL_ENABLED: true } }`
",
        ),
        (
            r"variables: { A: { differs_between: [staging, prod] }, B: { differs_between: [staging] } }",
            r"1:36: there is no environment `prod` | did you mean `production`?
1:77: `staging` alone cannot differ from itself | name two environments or more
",
        ),
    ]);
}

#[test]
fn slips_of_the_pen_have_a_nearest_name() {
    all(&[
        (
            r"variables: { A: { typ: int, descripton: x, choices: [a], regex: b, nonsense: 1 } }",
            r"1:19: unknown key `typ` | did you mean `type`?
1:29: unknown key `descripton` | did you mean `description`?
1:44: unknown key `choices` | did you mean `enum`?
1:58: unknown key `regex` | did you mean `pattern`?
1:68: unknown key `nonsense` | the keys here are `type`, `of`, `separator`, `const`, `enum`, `prefix`, `suffix`, `pattern`, `min`, `max`, `min_length`, `max_length`, `schemes`, `hosts`, `required`, `default`, `deprecated`, `visibility`, `provided_by`, `secret`, `differs_between`, `rotation`, `owner`, `description`
",
        ),
        (
            r"variables: { A: { type: integer }, B: { type: strng }, C: { type: 5 }, D: { type: integr } }",
            r"1:25: `type` cannot be `integer` | did you mean `int`?
1:47: `type` cannot be `strng` | did you mean `string`?
1:67: `type` cannot be a number | choose one of `string`, `url`, `int`, `float`, `bool`, `port`, `email`, `enum`, `duration`, `json`, `base64`, `hex`, `phone`, `semver`, `list`
1:83: `type` cannot be `integr` | did you mean `int`?
",
        ),
    ]);
}

#[test]
fn values_of_the_wrong_sort() {
    all(&[
        (
            r"variables: { A: 5, B: int, C: [x], D: , E: { enum: [] }, F: { enum: [a, a] }, G: { enum: { a: b } }, H: { default: }, I: { min_length: -1 }, J: { secret: yes }, K: { deprecated: 5 }, L: { description: [a] } }",
            r#"1:17: `A` cannot be a number | write what it is in braces: `{ type: string }`
1:23: `B` cannot be a text | write what it is in braces: `{ type: string }`
1:31: `C` cannot be a list | write what it is in braces: `{ type: string }`
1:52: `enum` names nothing | write `enum: [first, second]`, or take the key out
1:73: `a` stands twice in this list | take one of them out
1:90: `enum` cannot be a map | write texts or numbers
1:114: `default` cannot be nothing | write a value behind the colon; an empty text is `""`
1:136: `min_length` is a number of characters | write a whole number, 0 or more
1:155: `secret` cannot be a text | write `true` or `false`
1:179: `deprecated` cannot be a number | write `true`, or what to use instead: `use DATABASE_URL`
1:202: `description` cannot be a list | write one text or number
"#,
        ),
        (
            r#"variables: { A-B: , 1A: , "": , "A B": , É: }"#,
            r"1:14: no variable can be called `A-B` | names consist of letters, digits and underscores, and begin with no digit
1:21: no variable can be called `1A` | names consist of letters, digits and underscores, and begin with no digit
1:27: no variable can be called `` | names consist of letters, digits and underscores, and begin with no digit
1:33: no variable can be called `A B` | names consist of letters, digits and underscores, and begin with no digit
1:42: no variable can be called `É` | names consist of letters, digits and underscores, and begin with no digit
",
        ),
        (
            r"variables: [A, B]
environments: 5
rules: { le: [A, B] }
variabels: {}
base: {}",
            r"1:12: `variables` cannot be a list | write a name and what it is: `PORT: { type: port }`
2:15: `environments` cannot be a number | write a name and what differs there: `production: { variables: { … } }`
3:8: `rules` cannot be a map | write a list: `- le: [API_MIN, API_MAX]`
4:1: unknown key `variabels` | did you mean `variables`?
5:1: unknown key `base` | did you mean `variables`?
",
        ),
        (
            r"- a",
            r"1:1: the schema consists of keys and values, and this is neither | begin with `variables:`
",
        ),
    ]);
}

#[test]
fn doubles_broken_yaml_and_anchors() {
    all(&[
        (
            r"variables:
  A: { type: int }
  A: { type: int, type: port }",
            r"3:3: the key `A` stands twice here | keep one of them: guard does not choose
3:19: the key `type` stands twice here | keep one of them: guard does not choose
",
        ),
        (
            r"variables: { A: { type: int }",
            r"1:12: not valid YAML: unclosed bracket '{' | 
",
        ),
        (
            r"variables: { A: { type: !!str int, min: &m 5, max: *m } }",
            "",
        ),
    ]);
}

#[test]
fn what_an_environment_says_is_judged_with_what_it_extends() {
    all(&[
        (
            r#"variables: { A: { type: int } }
environments:
  staging: { variables: { A: { min: 10 } } }
  production: { extends: staging, variables: { A: { max: 5, default: 3 } } }
  qa: { kind: prod, branch: x, "bad name": 1 }
  "bad name": {}"#,
            r"4:58: `min` is 10 and `max` is 5: no value is both | exchange them, or mend one
5:15: `kind` cannot be `prod` | did you mean `production`?
5:21: unknown key `branch` | did you mean `branches`?
5:32: unknown key `bad name` | the keys here are `extends`, `kind`, `branches`, `variables`
6:3: no environment can be called `bad name` | names consist of letters, digits, dashes and underscores
",
        ),
        (
            r"variables: { E: { enum: [development, production], default: development } }
environments:
  production: { variables: { E: { const: production } } }
  staging: { variables: { E: { const: stagin } } }",
            r"4:39: `const` breaks the schema's own rule: it is not one of `development`, `production` | mend the constant or the rule
",
        ),
    ]);
}

#[test]
fn numbers_are_written_plainly() {
    all(&[(
        r"variables: { A: { type: int, min: 1_000 } , B: { type: int, min: 0x10 }, C: { type: float, min: 1e-3, max: .5 } }",
        r"1:35: `min` is no int: `1_000` | write a number
1:66: `min` is no int: `0x10` | write a number
",
    )]);
}

#[test]
fn nothing_is_a_schema_that_asks_for_nothing() {
    for text in [
        "",
        "\n",
        "variables:\n",
        "# only words\n",
        "{}",
        "variables: {}\nrules: []\n",
    ] {
        assert_eq!(told(text), "", "{text:?}");
        assert!(schema(text).variables.is_empty());
    }
}

#[test]
fn a_comma_in_a_text_is_recognised() {
    let text = "variables: { A: { description: One, and more } }";
    let expected = "1:37: unknown key `and more` | a text with a comma in it wants quotes here\n";
    assert_eq!(told(text), expected);
}

#[test]
fn a_person_sees_the_line() {
    let text = "variables:\n  API_TIMEOUT: { type: int, min: 60000, max: 1000 }\n  LOG_LEVEL: { choices: [debug, info] }\n";
    let error = read("schemas/env.yaml", text.as_bytes()).unwrap_err();
    assert_snapshot!(render(&error, 80, Colour::Off), @r"
      ✗ `min` is 60000 and `max` is 1000: no value is both
       ╭─[schemas/env.yaml:2:46]
     2 │   API_TIMEOUT: { type: int, min: 60000, max: 1000 }
       ·                                              ────
       ╰────
      help: exchange them, or mend one

      ✗ unknown key `choices`
       ╭─[schemas/env.yaml:3:16]
     3 │   LOG_LEVEL: { choices: [debug, info] }
       ·                ───────
       ╰────
      help: did you mean `enum`?
    ");
}

#[test]
fn what_is_no_text_is_told_where_it_ends() {
    let error = read("env.yaml", b"variables:\n  A: { description: \xff }\n").unwrap_err();
    assert_eq!(
        super::lines(&error),
        "2:21: not UTF-8 | save the file as UTF-8\n"
    );
    let with_mark = "\u{feff}variables: { A: { typ: int } }".to_owned();
    assert_eq!(
        told(&with_mark),
        "1:19: unknown key `typ` | did you mean `type`?\n"
    );
}

#[test]
fn thousands_of_mistakes_are_counted() {
    let mut text = String::from("variables:\n");
    for index in 0..3000 {
        let _ = writeln!(text, "  V{index}: {{ typ: int }}");
    }
    let told = told(&text);
    assert_eq!(told.lines().count(), 51);
    assert!(told.contains("env.yaml: 2950 more mistakes"), "{told}");
}

#[test]
fn environments_extend_each_other_eight_deep() {
    let mut text = String::from("environments:\n  e0:\n");
    for index in 1..=8 {
        let _ = writeln!(text, "  e{index}: {{ extends: e{} }}", index - 1);
    }
    let expected = "10:18: environments extend each other more than 8 deep | \
                    let some of them extend the base: leave `extends` out\n";
    assert_eq!(told(&text), expected);
}

#[test]
fn a_hundred_environments_are_enough() {
    let mut text = String::from("environments:\n");
    for index in 0..101 {
        let _ = writeln!(text, "  e{index}:");
    }
    let expected =
        "102:3: there are more than 100 environments | is it a list of something else?\n";
    assert_eq!(told(&text), expected);
}
