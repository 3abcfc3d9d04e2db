//! What is said of one variable in one environment, and does not go together.

use crate::config::names::shown;
use crate::schema::fault;
use crate::schema::kind::{Class, Kind};
use crate::schema::model::{At, Span, Variable, Visibility};
use crate::schema::pattern::Patterns;
use crate::schema::read::Mistake;

/// Tells it. `own` is what the environment itself says; none where everything was said in one place.
pub(super) fn judge(
    variable: &Variable,
    own: Option<&Variable>,
    patterns: &mut Patterns,
    mistakes: &mut Vec<Mistake>,
) {
    let before = mistakes.len();
    let mut check = Check { variable, mistakes };
    check.list();
    check.range();
    check.lengths();
    check.shape();
    check.pattern(patterns);
    check.rest();
    // What is wrong with a rule is told once, and not again for each value that is held against it.
    if check.mistakes.len() == before {
        check.values(own, patterns);
    }
}

struct Check<'a> {
    variable: &'a Variable,
    mistakes: &'a mut Vec<Mistake>,
}

impl Check<'_> {
    fn wrong(&mut self, span: Span, what: impl Into<String>, help: impl Into<String>) {
        self.mistakes.push(Mistake::new(span.range(), what, help));
    }

    /// The type of the value, or of each item of a list.
    fn kind(&self) -> Kind {
        match (self.variable.kind(), &self.variable.of) {
            (Kind::List, Some(of)) => of.value,
            (Kind::List, None) if self.variable.choices.is_some() => Kind::Enum,
            (Kind::List, None) => Kind::Text,
            (kind, _) => kind,
        }
    }

    fn list(&mut self) {
        let variable = self.variable;
        if variable.kind() == Kind::List {
            if let Some(of) = variable.of.as_ref().filter(|of| of.value == Kind::List) {
                self.wrong(
                    of.span,
                    "a list consists of single values, not of lists",
                    "write `of: string`, or `type: json` for more",
                );
            }
        } else {
            let help = "write `type: list`, or take it out";
            if let Some(of) = &variable.of {
                self.wrong(of.span, "`of` is about lists, and this is none", help);
            }
            if let Some(separator) = &variable.separator {
                self.wrong(
                    separator.span,
                    "`separator` is about lists, and this is none",
                    help,
                );
            }
        }
        let of = variable.of.as_ref().or(variable.kind.as_ref());
        if let Some(of) = of.filter(|of| of.value == Kind::Enum)
            && variable.choices.is_none()
        {
            self.wrong(
                of.span,
                "an enum names its choices, and this one names none",
                "add them: `enum: [debug, info, error]`",
            );
        }
    }

    fn range(&mut self) {
        let kind = self.kind();
        let variable = self.variable;
        let mut amounts = Vec::new();
        for (name, bound) in [("min", &variable.min), ("max", &variable.max)] {
            let Some(bound) = bound else { continue };
            if !kind.class().is_amount() {
                let what = format!(
                    "`{name}` is about numbers and durations, and this is of type {}",
                    kind.word()
                );
                let help = match kind.class() {
                    Class::Text => {
                        format!("say `type: int`, or ask for the length: `{name}_length`")
                    }
                    _ => "take it out".to_owned(),
                };
                self.wrong(bound.span, what, help);
                continue;
            }
            if let Some(amount) = kind.amount(&bound.value) {
                amounts.push((amount, bound));
                continue;
            }
            let what = format!("`{name}` is no {}: `{}`", kind.word(), shown(&bound.value));
            let help = match kind.class() {
                Class::Time => "write a duration: `30s`",
                _ => "write a number",
            };
            self.wrong(bound.span, what, help);
        }
        if let [(least, min), (most, max)] = &amounts[..]
            && least > most
        {
            let what = format!(
                "`min` is {} and `max` is {}: no value is both",
                shown(&min.value),
                shown(&max.value)
            );
            self.wrong(later(min, max), what, "exchange them, or mend one");
        }
    }

    fn lengths(&mut self) {
        if let (Some(least), Some(most)) = (&self.variable.min_length, &self.variable.max_length)
            && least.value > most.value
        {
            let what = format!(
                "`min_length` is {} and `max_length` is {}: no value is both",
                least.value, most.value
            );
            self.wrong(later(least, most), what, "exchange them, or mend one");
        }
    }

    fn shape(&mut self) {
        let kind = self.kind();
        let variable = self.variable;
        let texts = [
            ("prefix", variable.prefix.as_ref().map(|said| said.span)),
            ("suffix", variable.suffix.as_ref().map(|said| said.span)),
            ("pattern", variable.pattern.as_ref().map(|said| said.span)),
            (
                "min_length",
                variable.min_length.as_ref().map(|said| said.span),
            ),
            (
                "max_length",
                variable.max_length.as_ref().map(|said| said.span),
            ),
        ];
        for (name, span) in texts {
            if let Some(span) = span.filter(|_| kind == Kind::Bool) {
                let what = format!("`{name}` is about texts, and this is a bool");
                self.wrong(
                    span,
                    what,
                    "take it out: `true` and `false` are all there is",
                );
            }
        }
        if let Some(schemes) = &variable.schemes
            && kind != Kind::Url
        {
            let what = format!(
                "`schemes` is about URLs, and this is of type {}",
                kind.word()
            );
            self.wrong(schemes.span, what, "say `type: url`");
        }
        if let Some(hosts) = &variable.hosts
            && !matches!(kind, Kind::Url | Kind::Email)
        {
            let what = format!(
                "`hosts` is about URLs and mail addresses, and this is of type {}",
                kind.word()
            );
            self.wrong(hosts.span, what, "say `type: url`");
        }
    }

    fn pattern(&mut self, patterns: &mut Patterns) {
        if let Some(pattern) = &self.variable.pattern
            && let Err(bad) = patterns.check(&pattern.value)
        {
            self.wrong(pattern.span, bad.what, bad.help);
        }
    }

    fn rest(&mut self) {
        let variable = self.variable;
        if let (Some(secret), Some(visibility)) = (&variable.secret, &variable.visibility)
            && secret.value
            && visibility.value == Visibility::Public
        {
            let help = "a secret has `visibility: server`; what browsers see is no secret";
            self.wrong(
                later(secret, visibility),
                "it is said to be secret, and to be public",
                help,
            );
        }
        if let Some(rotation) = &variable.rotation
            && let Err(wrong) = Kind::Duration.check(&rotation.value)
        {
            self.wrong(
                rotation.span,
                format!("`rotation` {}", wrong.what),
                "write how often: `30d`, `12w`",
            );
        }
    }

    /// The schema's own values against its own rules.
    fn values(&mut self, own: Option<&Variable>, patterns: &mut Patterns) {
        let variable = self.variable;
        if let Some(constant) = &variable.constant
            && let Some(fault) = fault::first(variable, &constant.value, patterns)
        {
            let what = format!("`const` breaks the schema's own rule: it {}", fault.what);
            self.wrong(constant.span, what, "mend the constant or the rule");
        }
        if let Some(choices) = &variable.choices {
            let alone = Variable {
                constant: None,
                kind: variable.of.clone().or_else(|| {
                    variable
                        .kind
                        .clone()
                        .filter(|kind| kind.value != Kind::List)
                }),
                of: None,
                ..variable.clone()
            };
            for choice in &choices.value {
                if let Some(fault) = fault::first(&alone, choice, patterns) {
                    let what = format!(
                        "the choice `{}` breaks the schema's own rule: it {}",
                        shown(choice),
                        fault.what
                    );
                    self.wrong(choices.span, what, "mend the choice or the rule");
                }
            }
        }
        // A default of the base that does not suit an environment is no default there; whether that matters is
        // known when it is judged.
        let said_here = own.is_none_or(|own| own.default.is_some());
        if let Some(default) = variable.default.as_ref().filter(|_| said_here)
            && let Some(fault) = fault::first(variable, &default.value, patterns)
        {
            let what = format!("`default` breaks the schema's own rule: it {}", fault.what);
            self.wrong(default.span, what, "mend the default or the rule");
        }
    }
}

/// Of two things that do not go together, the place of the one that was said later.
fn later<A, B>(one: &At<A>, other: &At<B>) -> Span {
    one.span.max(other.span)
}
