//! What was probably meant: the nearest name, where one that was typed does not exist.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, ValueEnum};

use super::arguments::{Cli, Hooked};
use crate::finding::code::Code;
use crate::terminal::escape_line;

/// Longer than any name: not compared.
const LONGEST: usize = 64;

/// Nobody knows that code.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no finding code `{}`", escape_line(asked))]
#[diagnostic(help("{help}"))]
pub(crate) struct UnknownCode {
    asked: String,
    help: String,
}

/// The code of that name; small letters and `_` will do as well.
pub(crate) fn code(asked: &str) -> Result<Code, UnknownCode> {
    let meant = asked.trim().to_ascii_uppercase().replace('_', "-");
    Code::by_id(&meant).copied().ok_or_else(|| UnknownCode {
        asked: asked.to_owned(),
        help: match nearest(&meant, Code::every().map(|code| code.id)) {
            Some(code) => format!("did you mean `{code}`?"),
            None => "`guard explain` lists all codes".to_owned(),
        },
    })
}

/// The name that is most like what was typed, if any is like it at all. A part between dashes counts
/// as the whole: `commit` is `pre-commit`.
pub(crate) fn nearest<'k>(typed: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if typed.is_empty() || typed.len() > LONGEST {
        return None;
    }
    let plain = |name: &str| name.to_ascii_lowercase().replace('_', "-");
    let typed = plain(typed);
    let distance = |known: &str| {
        let known = plain(known);
        let parts = known.split('-').chain([known.as_str()]);
        let each = parts.map(|part| strsim::damerau_levenshtein(part, &typed));
        each.min().unwrap_or(usize::MAX)
    };
    let allowed = 1 + typed.chars().count() / 5;
    known
        .map(|name| (distance(name), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance <= allowed && *distance < name.len())
        .map(|(_, name)| name)
}

/// Adds the name that was probably meant, where clap has none to offer.
pub(crate) fn suggest(error: &mut clap::Error) {
    match error.kind() {
        ErrorKind::InvalidValue => {
            let (Some(typed), Some(ContextValue::Strings(valid))) = (
                text(error, ContextKind::InvalidValue),
                error.get(ContextKind::ValidValue),
            ) else {
                return;
            };
            if error.get(ContextKind::SuggestedValue).is_some() {
                return;
            }
            if let Some(meant) = nearest(&typed, valid.iter().map(String::as_str)) {
                let meant = ContextValue::String(meant.to_owned());
                error.insert(ContextKind::SuggestedValue, meant);
            }
        }
        ErrorKind::InvalidSubcommand => {
            let Some(typed) = text(error, ContextKind::InvalidSubcommand) else {
                return;
            };
            if let Some(meant) = subcommand(error, &typed) {
                let meant = ContextValue::Strings(vec![meant]);
                error.insert(ContextKind::SuggestedSubcommand, meant);
            } else {
                // clap offers hidden ones too.
                error.remove(ContextKind::SuggestedSubcommand);
            }
        }
        _ => {}
    }
}

/// The command that was probably meant. Whoever types a moment alone means to run it.
fn subcommand(error: &clap::Error, typed: &str) -> Option<String> {
    let mut command = Cli::command();
    let usage = error.get(ContextKind::Usage).map(ToString::to_string);
    // `Usage: guard cache [OPTIONS] <COMMAND>`
    let usage = usage.unwrap_or_default();
    let path = usage.split_whitespace().skip(2);
    for name in path.take_while(|word| !word.starts_with(['[', '<'])) {
        command = command.find_subcommand(name)?.clone();
    }
    let known = <Hooked as ValueEnum>::value_variants().iter();
    let moments: Vec<&str> = known.map(|hooked| hooked.moment().command()).collect();
    let moment = nearest(typed, moments.into_iter()).filter(|_| command.get_name() == "guard");
    let is_part = |moment: &&str| moment.split('-').any(|part| part == typed) || *moment == typed;
    let run = |moment: &str| format!("run {moment}");
    if let Some(moment) = moment.filter(is_part) {
        return Some(run(moment));
    }
    let visible = command.get_subcommands().filter(|one| !one.is_hide_set());
    let named = nearest(typed, visible.map(clap::Command::get_name)).map(ToOwned::to_owned);
    named.or_else(|| moment.map(run))
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_is_enough_and_nonsense_is_not() {
        let moments = ["pre-commit", "pre-push", "ci"];
        for (typed, meant) in [
            ("commit", Some("pre-commit")),
            ("comit", Some("pre-commit")),
            ("push", Some("pre-push")),
            ("pre_push", Some("pre-push")),
            ("PRE-PUSH", Some("pre-push")),
            ("CI", Some("ci")),
            ("banana", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, moments.into_iter()), meant, "{typed}");
        }
        assert_eq!(nearest(&"ci".repeat(100), moments.into_iter()), None);
    }

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        assert_eq!(code("cmd_failed").unwrap().id, "CMD-FAILED");
        let slip = code("CMD-FALED").unwrap_err();
        assert_eq!(slip.help, "did you mean `CMD-FAILED`?");
        assert_eq!(
            code("nonsense").unwrap_err().help,
            "`guard explain` lists all codes"
        );
    }
}
