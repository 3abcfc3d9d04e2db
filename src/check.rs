//! The built-in checks as pure data: what each is for, when it runs, and what may be set about it.
//!
//! The configuration, its schema, `--only` and `guard explain config` derive from this list. A new
//! check is one entry here and one in [`ALL`]; what it does lives elsewhere.

use crate::finding::code::{self, Code};
use crate::moment::Moment;

/// A check that guard brings itself.
#[derive(Debug)]
pub struct Check {
    /// Its name in `checks`, `--only`, `--skip`, `needs` and reports.
    pub id: &'static str,
    /// What it is, in one line.
    pub title: &'static str,
    /// What it looks at and when it has something to do, in two or three sentences.
    pub about: &'static str,
    /// When it runs, unless `at` says otherwise.
    pub moments: &'static [Moment],
    /// What may be set about it.
    pub settings: &'static [Setting],
    /// The tools that it knows, by the ids that `tools` takes. Empty where it needs none.
    pub tools: &'static [&'static str],
    /// The codes of its findings.
    pub codes: Codes,
}

/// The codes that a check's findings may have.
#[derive(Debug)]
pub enum Codes {
    /// These, its own first: a tool can also time out, or change a file.
    These(&'static [Code]),
    /// The kinds of secrets, which are not known at the start.
    Secrets,
}

/// Something that may be set about a check. Each has one meaning, whichever check it is set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// `at`: the moments.
    At,
    /// `exclude`: the files whose findings do not count.
    Exclude,
    /// `severity`: how grave a code is.
    Severity,
    /// `timeout`: how long it may take.
    Timeout,
    /// `branches`: the branches it is for.
    Branches,
    /// `isolate`: how installed packages come into guard's own checkout.
    Isolate,
    /// `cache`: whether a pass is remembered.
    Cache,
    /// `env`: variables for it alone.
    Env,
    /// `pass_env`: withheld variables that it gets back.
    PassEnv,
    /// `tools`: the only tools that it uses.
    Tools,
    /// `min`: how much must be covered.
    Min,
    /// `report`: where coverage reports lie.
    Report,
    /// `docker`: whether images are built.
    Docker,
}

use Setting::{
    At, Branches, Cache, Docker, Env, Exclude, Isolate, Min, PassEnv, Report, Severity, Timeout,
    Tools,
};

impl Setting {
    /// Every setting, in the order in which documentation names them.
    pub const ALL: [Self; 13] = [
        At, Exclude, Severity, Timeout, Branches, Isolate, Cache, Env, PassEnv, Tools, Min, Report,
        Docker,
    ];

    /// Its key in the configuration.
    pub fn key(self) -> &'static str {
        match self {
            At => "at",
            Exclude => "exclude",
            Severity => "severity",
            Timeout => "timeout",
            Branches => "branches",
            Isolate => "isolate",
            Cache => "cache",
            Env => "env",
            PassEnv => "pass_env",
            Tools => "tools",
            Min => "min",
            Report => "report",
            Docker => "docker",
        }
    }
}

impl Check {
    /// The codes that its findings may have.
    pub fn codes(&self) -> &'static [Code] {
        match self.codes {
            Codes::These(codes) => codes,
            Codes::Secrets => code::secrets(),
        }
    }

    /// The setting of this name, where the check has it.
    pub fn setting(&self, key: &str) -> Option<Setting> {
        let mut settings = self.settings.iter();
        settings.find(|setting| setting.key() == key).copied()
    }
}

/// The check of this id.
pub fn by_id(id: &str) -> Option<&'static Check> {
    ALL.iter().find(|check| check.id == id).copied()
}

/// What can be set about every check that runs a tool.
const OF_TOOLS: &[Setting] = &[
    At, Exclude, Severity, Timeout, Branches, Isolate, Cache, Env, PassEnv, Tools,
];

/// The linters.
static LINT: Check = Check {
    id: "lint",
    title: "the project's linters have nothing to object to",
    about: "Runs the linters that the project is configured for, on the changed files where a linter can be \
            given files. What they say becomes findings with places. A linter of which the project has no \
            trace is not run.",
    moments: &Moment::ALL,
    settings: OF_TOOLS,
    tools: &["eslint", "biome", "oxlint", "ruff", "flake8", "clippy"],
    codes: Codes::These(&[
        code::LINT_RULE,
        code::CHECKOUT_NOTE,
        code::CMD_CHANGED_FILE,
        code::CMD_FAILED,
        code::CMD_TIMEOUT,
        code::DEPS_STALE,
    ]),
};

/// The formatters, in their check mode.
static FORMAT: Check = Check {
    id: "format",
    title: "files are formatted as the project's formatters would",
    about: "Asks the formatters that the project is configured for whether they would change a file of the \
            change. Nothing is rewritten: the fix is offered.",
    moments: &Moment::ALL,
    settings: OF_TOOLS,
    tools: &["prettier", "biome", "ruff", "black", "rustfmt"],
    codes: Codes::These(&[
        code::FORMAT_DIFFERS,
        code::CHECKOUT_NOTE,
        code::CMD_CHANGED_FILE,
        code::CMD_FAILED,
        code::CMD_TIMEOUT,
        code::DEPS_STALE,
    ]),
};

/// The type checkers.
static TYPES: Check = Check {
    id: "types",
    title: "the types fit",
    about: "Runs the type checkers that the project is configured for. They read the whole project, since a \
            change in one file breaks another.",
    moments: &Moment::ALL,
    settings: OF_TOOLS,
    tools: &["tsc", "mypy", "pyright"],
    codes: Codes::These(&[
        code::TYPES_ERROR,
        code::CHECKOUT_NOTE,
        code::CMD_CHANGED_FILE,
        code::CMD_FAILED,
        code::CMD_TIMEOUT,
        code::DEPS_STALE,
    ]),
};

/// What would be deployed can be built.
static BUILD: Check = Check {
    id: "build",
    title: "the project can be built",
    about: "Builds each package that the change touches: by its `build` script, by Next.js or by cargo. \
            Docker images are built only where `docker: true` asks for it, since that takes long.",
    moments: &[Moment::Push, Moment::Ci],
    settings: &[
        At, Exclude, Severity, Timeout, Branches, Isolate, Cache, Env, PassEnv, Tools, Docker,
    ],
    tools: &["script", "next", "docker", "cargo"],
    codes: Codes::These(&[
        code::BUILD_FAILED,
        code::CHECKOUT_NOTE,
        code::CMD_CHANGED_FILE,
        code::CMD_FAILED,
        code::CMD_TIMEOUT,
        code::DEPS_STALE,
    ]),
};

/// The test suites.
static TESTS: Check = Check {
    id: "tests",
    title: "the tests pass",
    about: "Runs the test suite of each package that the change touches. Where a runner can pick the tests \
            that a change reaches, and picks soundly, only those run.",
    moments: &[Moment::Push, Moment::Ci],
    settings: OF_TOOLS,
    tools: &[
        "jest", "vitest", "node", "pytest", "cargo", "nextest", "script",
    ],
    codes: Codes::These(&[
        code::TESTS_FAILED,
        code::CHECKOUT_NOTE,
        code::CMD_CHANGED_FILE,
        code::CMD_FAILED,
        code::CMD_TIMEOUT,
        code::DEPS_STALE,
    ]),
};

/// How much of the code the tests reach.
static COVERAGE: Check = Check {
    id: "coverage",
    title: "the tests reach enough of the code",
    about: "Reads the coverage reports that the tests leave (lcov, Cobertura, coverage.json) and compares them \
            with `min`. Without `min` there is nothing to compare, and the check is not planned.",
    moments: &[Moment::Push, Moment::Ci],
    settings: &[
        At, Exclude, Severity, Timeout, Branches, Isolate, Cache, Env, PassEnv, Min, Report,
    ],
    tools: &[],
    codes: Codes::These(&[code::COVERAGE_LOW]),
};

/// Files of secrets stay out of git.
static GITIGNORE: Check = Check {
    id: "gitignore",
    title: "env files are covered by .gitignore",
    about: "Looks whether .gitignore covers the files in which variables and secrets are kept, such as `.env`. \
            One that is not ignored is committed by the next `git add .`. Nothing is run for it.",
    moments: &Moment::ALL,
    // It runs no tool: there is nothing to time out, to isolate or to give variables to.
    settings: &[At, Exclude, Severity, Branches],
    tools: &[],
    codes: Codes::These(&[code::ENV_NOT_IGNORED, code::ENV_TRACKED]),
};

/// Env files hold what the schema asks for.
static ENV: Check = Check {
    id: "env",
    title: "env files hold what the schema asks for",
    about: "Judges the env files of the change by `schemas/env.yaml`, and says what different readers would make \
            of them. At a push all env files that git tracks are judged, and what the code reads is held against \
            the schema. Nothing is run for it, and no value is shown.",
    moments: &Moment::ALL,
    // It runs no tool: there is nothing to time out, to isolate or to give variables to.
    settings: &[At, Exclude, Severity, Branches],
    tools: &[],
    codes: Codes::These(code::ENV),
};

/// No secret goes out.
static SECRETS: Check = Check {
    id: "secrets",
    title: "no secret leaves this machine",
    about: "Searches what is staged, and at a push every commit that goes out, for keys, tokens and passwords. \
            The values are never shown. Nothing is run for it.",
    moments: &Moment::ALL,
    // It runs no tool: there is nothing to time out, to isolate or to give variables to.
    settings: &[At, Exclude, Severity, Branches],
    tools: &[],
    codes: Codes::Secrets,
};

/// Every built-in check, by id.
pub static ALL: &[&Check] = &[
    &BUILD, &COVERAGE, &ENV, &FORMAT, &GITIGNORE, &LINT, &SECRETS, &TESTS, &TYPES,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_without_doubles_and_speaks() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
        for check in ALL {
            let id = check.id;
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase()), "{id}");
            assert!(check.title.len() <= 60 && !check.title.ends_with('.'));
            let sentences = check.about.matches(". ").count() + 1;
            assert!((2..=3).contains(&sentences), "{id}: {sentences} sentences");
            assert!(check.about.ends_with('.') && !check.about.contains("  "));
            assert!(!check.moments.is_empty(), "{id} would never run");
            assert!(std::ptr::eq(by_id(id).unwrap(), *check));
        }
        assert!(by_id("license").is_none());
    }

    #[test]
    fn each_setting_is_listed_once_and_in_order() {
        assert!(Setting::ALL.is_sorted());
        for check in ALL {
            let sorted = check.settings.windows(2).all(|pair| pair[0] < pair[1]);
            assert!(sorted, "{}", check.id);
            for setting in check.settings {
                assert_eq!(check.setting(setting.key()), Some(*setting));
            }
            let has_tools = check.settings.contains(&Tools);
            assert_eq!(has_tools, !check.tools.is_empty(), "{}", check.id);
        }
        assert_eq!(LINT.setting("docker"), None);
        assert_eq!(BUILD.setting("docker"), Some(Docker));
    }

    #[test]
    fn a_check_whose_codes_are_known_has_only_those() {
        static KNOWN: Check = Check {
            id: "known",
            title: "",
            about: "",
            moments: &Moment::ALL,
            settings: &[],
            tools: &[],
            codes: Codes::These(&[code::CMD_FAILED]),
        };
        assert_eq!(KNOWN.codes(), [code::CMD_FAILED]);
        assert_eq!(LINT.codes()[0], code::LINT_RULE);
    }
}
