//! From files and variables to a configuration in which nothing is wrong, or to everything that is.

use std::collections::BTreeSet;
use std::path::Path;

use figment::value::{Dict, Value as Merged};
use garde::Validate as _;
use garde::error::Kind;

use super::layers::{Layer, Layers, Origin};
use super::node::{Node, Step, Trail};
use super::problem::{ConfigError, Problem};
use super::raw::{Context, Raw};
use super::shape::{self, Mistake, Part, TOP};
use super::valid::Config;
use super::version::Version;
use super::{Colour, Flag, Loaded, Request, convert, file, render, user, variables};
use crate::environment::Environment;
use crate::source::Source;

/// Reads all layers.
pub(super) fn load(request: &Request<'_>, flags: &[Flag<'_>]) -> Result<Loaded, ConfigError> {
    let environment = request.environment;
    let named = request
        .explicit
        .map(|path| environment.directory.join(path));
    let named = named.or_else(|| {
        let path = environment
            .os("GUARD_CONFIG")
            .filter(|path| !path.is_empty())?;
        Some(environment.directory.join(path))
    });
    // A file that was named stands for all that would have been looked for.
    let (file, local) = match named {
        Some(path) => (Some(path), None),
        None => (
            file::discover(request.root, "guard")?,
            file::discover(request.root, "guard.local")?,
        ),
    };
    let mut layers = Layers::default();
    let (mut problems, mut unreadable) = (Vec::new(), Vec::new());
    for path in file.iter().chain(&local) {
        match file::read(path, request.root) {
            Ok(read) => {
                layers.0.push(read.layer);
                problems.extend(read.problems);
            }
            Err(error) => unreadable.extend(error.into_problems()),
        }
    }
    // What the layers mean together is not known while one of them cannot be read.
    if !unreadable.is_empty() {
        problems.extend(unreadable);
        return Err(ConfigError::of(problems));
    }
    let commands = command_names(&layers);
    let read = variables::read(environment, &commands);
    layers.0.extend(read.layers);
    layers.0.extend(flags.iter().map(flag));

    let context = Context::new(commands, request.reserved);
    problems.extend(read.problems);
    let raw = judge(&layers, &context, problems)?;
    Ok(Loaded {
        config: convert::valid(&raw, &layers),
        file,
        warnings: read.warnings,
        layers,
    })
}

fn flag(flag: &Flag<'_>) -> Layer {
    let path: Vec<String> = flag.key.split('.').map(str::to_owned).collect();
    let shape = TOP
        .iter()
        .find(|key| key.name == flag.key)
        .map(|key| key.shape);
    let value = variables::value(flag.value, shape.unwrap_or(shape::Shape::Text));
    Layer {
        origin: Origin::Name(flag.name.to_owned()),
        node: Node::below(&path, value),
    }
}

/// The names of all commands in all files.
fn command_names(layers: &Layers) -> BTreeSet<String> {
    layers
        .0
        .iter()
        .filter_map(|layer| layer.node.entry("commands"))
        .flat_map(|entry| entry.node.keys())
        .map(str::to_owned)
        .collect()
}

/// Quick when all is well; when anything is not, everything is looked at, and told at once.
fn judge(layers: &Layers, context: &Context, known: Vec<Problem>) -> Result<Raw, ConfigError> {
    let extracted = layers.figment().extract::<Raw>();
    if let Ok(raw) = &extracted
        && known.is_empty()
        && !raw.min_version.as_deref().is_some_and(is_newer)
        && raw.validate_with(context).is_ok()
        && let Ok(raw) = extracted
    {
        return Ok(raw);
    }
    let merged = layers.merged();
    // A file for a newer guard has keys that this one cannot know: only one thing is wrong with it.
    if let Some(mistake) = too_old(&merged) {
        return Err(ConfigError::one(layers.locate(mistake)));
    }
    let mistakes = mistakes(merged, context);
    let mut problems = known;
    problems.extend(mistakes.into_iter().map(|mistake| layers.locate(mistake)));
    if problems.is_empty() {
        // The table of keys and the types disagree, which a test rules out; silence would be worse.
        let message = match extracted {
            Ok(_) => "the configuration contradicts itself".to_owned(),
            Err(error) => error.to_string(),
        };
        problems.push(Problem::new(
            message,
            "compare the file with `guard schema config`",
        ));
    }
    Err(ConfigError::of(problems))
}

fn is_newer(version: &str) -> bool {
    Version::parse(version).is_some_and(|version| version > Version::own())
}

fn too_old(merged: &Dict) -> Option<Mistake> {
    let wanted = match merged.get("min_version")? {
        Merged::String(_, text) => text.clone(),
        // Written without quotes, which is a mistake of its own in a guard that is new enough.
        Merged::Num(_, number) => number.to_f64()?.to_string(),
        _ => return None,
    };
    let wanted = Version::parse(&wanted).filter(|version| *version > Version::own())?;
    Some(Mistake {
        trail: Trail::of(["min_version"]),
        spot: Part::Value,
        message: format!(
            "this configuration is written for guard {wanted} and newer, and this is guard {}",
            Version::own()
        ),
        help: Some("install a newer guard: `cargo install railguard`".to_owned()),
    })
}

/// Everything that is wrong: with the structure, and with what can be understood in spite of that.
fn mistakes(mut merged: Dict, context: &Context) -> Vec<Mistake> {
    let mut mistakes = shape::judge(&merged);
    let told: Vec<Trail> = mistakes
        .iter()
        .map(|mistake| mistake.trail.keys_only())
        .collect();
    for trail in &told {
        cut(&mut merged, &trail.0);
    }
    give_all_something_to_run(&mut merged);
    let Ok(raw) = Merged::from(merged).deserialize::<Raw>() else {
        return mistakes;
    };
    let Err(report) = raw.validate_with(context) else {
        return mistakes;
    };
    for (path, error) in report.iter() {
        let trail = trail(path);
        if !told.iter().any(|told| trail.starts_with(told)) {
            mistakes.push(mistake(trail, error.message()));
        }
    }
    mistakes
}

/// A command without `run` has been told so; the rest of it is judged all the same.
fn give_all_something_to_run(merged: &mut Dict) {
    if let Some(Merged::Dict(_, commands)) = merged.get_mut("commands") {
        for command in commands.values_mut() {
            if let Merged::Dict(_, command) = command {
                let run = command.entry("run".to_owned());
                run.or_insert_with(|| Merged::from("true"));
            }
        }
    }
}

/// Takes a value away that has been complained about, so that the rest can be read.
fn cut(dict: &mut Dict, trail: &[Step]) {
    match trail {
        [Step::Key(key)] => {
            dict.remove(key);
        }
        [Step::Key(key), rest @ ..] => {
            if let Some(Merged::Dict(_, inner)) = dict.get_mut(key) {
                cut(inner, rest);
            }
        }
        _ => {}
    }
}

fn trail(path: &garde::error::Path) -> Trail {
    let steps = path.__iter().rev().filter_map(|(kind, name)| match kind {
        Kind::None => None,
        Kind::Key => Some(Step::Key(name.to_string())),
        Kind::Index => Some(
            name.parse()
                .map_or_else(|_| Step::Key(name.to_string()), Step::Index),
        ),
    });
    Trail(steps.collect())
}

/// A rule's complaint; names of commands, of variables and of codes are keys, all else is about values.
fn mistake(trail: Trail, text: &str) -> Mistake {
    let (message, help) = match text.split_once('\n') {
        Some((message, help)) => (message.to_owned(), help.to_owned()),
        // The only rule that garde brings itself.
        None => (
            format!("`{trail}` is {text}"),
            "write a whole number between 1 and 512".to_owned(),
        ),
    };
    let is_name = match &trail.0[..] {
        [_, Step::Key(_)] => true,
        [_, _, Step::Key(key), Step::Key(_)] => key == "env" || key == "severity",
        _ => false,
    };
    Mistake {
        spot: if is_name { Part::Key } else { Part::Value },
        trail,
        message,
        help: Some(help),
    }
}

/// Reads one text as the only layer.
pub(super) fn parse(format: &str, text: &str) -> Result<Config, ConfigError> {
    let read = file::layer(Path::new(&format!("guard.{format}")), text.to_owned())?;
    let layers = Layers(vec![read.layer]);
    let context = Context::new(command_names(&layers), &[]);
    let raw = judge(&layers, &context, read.problems)?;
    Ok(convert::valid(&raw, &layers))
}

/// The fuzzer's way in: any bytes, in every format and as a variable, shown as people would see it.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for format in ["yaml", "toml", "json"] {
        if let Err(error) = parse(format, &text) {
            let shown = render(&error, 80, Colour::Off);
            assert!(!shown.is_empty(), "a refusal says why");
        }
    }
    let _ = user::pairs(&Source::new(".env.guard", format!("{text}\n")));
    let environment = Environment::of(
        "",
        [
            ("GUARD_JOBS", &*text),
            ("GUARD_COMMANDS_A_FILES", &*text),
            ("GUARD_CHECKS_COVERAGE_MIN", &*text),
        ],
    );
    variables::read(&environment, &BTreeSet::from(["a".to_owned()]));
}
