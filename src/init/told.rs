//! What people and programs are told: what was found, what is going to be written, what was left.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::import::STAGING;
use super::{Draft, Hooks};
use crate::path::RepoPath;
use crate::stack::{Package, Part, Stack};
use crate::terminal::{Style, escape_line, text};

/// Longer lists are cut and counted.
const MOST: usize = 6;

/// What stands before the lines that follow a first one.
const INDENT: &str = "        ";

/// What was found, and what is going to be written.
pub(crate) fn future(draft: &Draft, hooks: Option<&Hooks>, style: Style) -> String {
    let mut page = Page {
        text: String::new(),
        style,
    };
    page.found(&draft.stack);
    page.read(draft);
    let mut writes: Vec<String> = Vec::new();
    for file in &draft.files {
        let lines = file.text.lines().count();
        writes.push(format!("{} (new, {lines} lines)", shown(&file.path)));
    }
    for file in hooks.iter().flat_map(|hooks| &hooks.files) {
        let lines = if file.lines == 1 { "line" } else { "lines" };
        let how = if file.is_new { "new, " } else { "+" };
        writes.push(format!(
            "{} ({how}{} {lines})",
            escape_line(&file.path),
            file.lines
        ));
    }
    for what in writes {
        page.line("write", &what);
    }
    for path in &draft.kept {
        page.line(
            "keep",
            &format!("{} is there already and stays as it is", shown(path)),
        );
    }
    for note in hooks.iter().flat_map(|hooks| &hooks.notes) {
        page.line("note", &escape_line(note));
    }
    page.imported(draft);
    page.text
}

/// What remains to be done by hand once everything is written.
pub(crate) fn past(draft: &Draft, style: Style) -> String {
    let mut page = Page {
        text: String::new(),
        style,
    };
    let import = &draft.import;
    for left in &import.left {
        page.line(
            "left",
            &format!("{}: {}", escape_line(&left.what), escape_line(&left.reason)),
        );
    }
    for covered in &import.covered {
        let how = match covered.by {
            STAGING => "guard stages by itself what a fix changed".to_owned(),
            check => format!("the built-in check `{check}` does it"),
        };
        page.line("covered", &format!("{}: {how}", escape_line(&covered.what)));
    }
    let twice = twice(draft);
    if let Some(from) = draft.from.filter(|_| !twice.is_empty()) {
        page.line(
            "remove",
            &format!(
                "until these are taken out there they run twice, by guard and as before \
                 (guard removes nothing of {}'s):",
                from.word()
            ),
        );
        for what in &twice {
            page.line("", &escape_line(what));
        }
    }
    if draft.unwritten {
        let kept = draft.kept.first().map(shown).unwrap_or_default();
        page.line(
            "add",
            &format!("{kept} is never overwritten; these commands are to be added to it by hand:"),
        );
        page.text.push_str("commands:\n");
        for command in &import.imported {
            page.text
                .push_str(&crate::terminal::escape(&command.text()));
        }
    }
    page.text
}

/// The same for programs: `data` of the report.
pub(crate) fn json(draft: &Draft, hooks: Option<&Hooks>) -> Value {
    let mut files: Vec<Value> = draft
        .files
        .iter()
        .map(|file| json!({ "path": file.path, "action": "create", "lines": file.text.lines().count() }))
        .collect();
    files.extend(hooks.iter().flat_map(|hooks| &hooks.files).map(|file| {
        let action = if file.is_new { "create" } else { "change" };
        json!({ "path": file.path, "action": action, "lines": file.lines })
    }));
    files.extend(
        draft
            .kept
            .iter()
            .map(|path| json!({ "path": path, "action": "keep", "lines": 0 })),
    );
    json!({
        "found": draft.stack,
        "read": draft.schema.read,
        "exposed": draft.schema.exposed(),
        "files": files,
        "imported": draft.import.imported,
        "covered": draft.import.covered,
        "left": draft.import.left,
        "remove": twice(draft),
    })
}

/// Where what guard does now is still run by somebody else.
fn twice(draft: &Draft) -> Vec<String> {
    if draft.unwritten {
        return Vec::new();
    }
    draft.import.twice()
}

struct Page {
    text: String,
    style: Style,
}

impl Page {
    /// A line behind its word.
    fn line(&mut self, word: &str, said: &str) {
        let first = format!("{word:8}");
        let width = self.style.width.min(80);
        self.text.push_str(&text::wrap(said, width, &first, INDENT));
        self.text.push('\n');
    }

    fn found(&mut self, stack: &Stack) {
        let (known, unknown): (Vec<&Package>, Vec<&Package>) =
            stack.packages.iter().partition(|package| package.known);
        // Packages that say nothing beyond their language are many, and are told only where nobody says more.
        let (telling, plain): (Vec<&Package>, Vec<&Package>) = known
            .iter()
            .partition(|package| !package.uses.is_empty() || package.language == "Rust");
        let mut said: Vec<String> = Vec::new();
        let shown_ones = if telling.is_empty() { &plain } else { &telling };
        said.extend(
            shown_ones
                .iter()
                .take(MOST)
                .map(|package| of_package(package)),
        );
        let rest = known.len() - shown_ones.len().min(MOST);
        if rest > 0 && !said.is_empty() {
            said.push(counted(rest, "more package"));
        }
        if !said.is_empty() {
            self.line("found", &said.join(self.style.dot()));
        }
        if !unknown.is_empty() {
            let said: Vec<String> = unknown
                .iter()
                .take(MOST)
                .map(|package| of_package(package))
                .collect();
            self.line(
                "found",
                &format!(
                    "{}: guard has no tools for it yet; hooks and commands of your own work all the same",
                    said.join(self.style.dot())
                ),
            );
        }
        if stack.packages.is_empty() {
            self.line(
                "found",
                &format!(
                    "no package that guard knows in {}; hooks and commands of your own work all the same",
                    counted(stack.files, "file")
                ),
            );
        }
        if stack.unopened > 0 {
            self.line(
                "found",
                &format!(
                    "{} that were not opened",
                    counted(stack.unopened, "more manifest")
                ),
            );
        }
        for workspace in &stack.workspaces {
            let at = if workspace.root.is_root() {
                String::new()
            } else {
                format!(" in {}", shown(&workspace.root))
            };
            let count = counted(workspace.packages.len(), "package");
            self.line(
                "found",
                &format!("{} workspace{at}: {count}", workspace.tool),
            );
        }
        self.list("Railway", stack.railway.iter().map(shown).collect());
        let managers = stack.hook_managers.iter();
        let managers: Vec<String> = managers
            .map(|manager| {
                let version = manager
                    .version
                    .as_ref()
                    .map(|version| format!(" {version}"));
                format!(
                    "{}{} ({})",
                    manager.id,
                    version.unwrap_or_default(),
                    shown(&manager.file)
                )
            })
            .collect();
        self.list("hooks by", managers);
        let tools = stack.tools.iter();
        let tools: Vec<String> = tools
            .map(|tool| match &tool.version {
                Some(version) => format!("{} {}", tool.id, escape_line(version)),
                None => tool.id.to_owned(),
            })
            .collect();
        if !tools.is_empty() {
            self.line("found", &tools.join(", "));
        }
    }

    fn list(&mut self, what: &str, mut items: Vec<String>) {
        if items.is_empty() {
            return;
        }
        let rest = items.len().saturating_sub(MOST);
        items.truncate(MOST);
        if rest > 0 {
            items.push(format!("and {rest} more"));
        }
        self.line("found", &format!("{what}: {}", items.join(", ")));
    }

    fn read(&mut self, draft: &Draft) {
        let read = &draft.schema.read;
        for file in read.iter().take(MOST) {
            let mut said = format!(
                "{}: {}, {}, {} public",
                shown(&file.path),
                counted(file.variables, "variable"),
                counted(file.secrets, "secret"),
                file.public
            );
            if let [first, rest @ ..] = &file.unread[..] {
                let more = if rest.is_empty() {
                    String::new()
                } else {
                    format!(" and {} more", rest.len())
                };
                let _ = write!(said, "; line {first}{more} is no assignment");
            }
            self.line("read", &said);
        }
        if read.len() > MOST {
            self.line("read", &counted(read.len() - MOST, "more example"));
        }
        if read.is_empty() {
            self.line(
                "read",
                "no .env.example: schemas/env.yaml begins with the first one",
            );
        }
        let exposed = draft.schema.exposed();
        if !exposed.is_empty() {
            self.line(
                "note",
                &format!(
                    "browsers get to see {}, though the name says secret",
                    exposed.join(", ")
                ),
            );
        }
    }

    fn imported(&mut self, draft: &Draft) {
        let Some(from) = draft.from else {
            return;
        };
        let imported = &draft.import.imported;
        let names: Vec<&str> = imported
            .iter()
            .map(|command| command.name.as_str())
            .collect();
        let said = match names.len() {
            0 => format!("no command from {}", from.word()),
            count => format!(
                "{} from {}: {}",
                counted(count, "command"),
                from.word(),
                names.join(", ")
            ),
        };
        self.line("import", &said);
    }
}

fn of_package(package: &Package) -> String {
    let part = |part: &Part| match &part.version {
        Some(version) => format!("{} {}", part.name, escape_line(version)),
        None => part.name.to_owned(),
    };
    let parts: Vec<String> = package.uses.iter().map(part).collect();
    let what = if parts.is_empty() || package.language == "Rust" {
        let mut all = vec![package.language.to_owned()];
        all.extend(parts);
        all.join(" + ")
    } else {
        parts.join(" + ")
    };
    if package.root.is_root() {
        return what;
    }
    format!("{what} ({})", shown(&package.root))
}

fn shown(path: &RepoPath) -> String {
    escape_line(&path.to_text()).into_owned()
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
