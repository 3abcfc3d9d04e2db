//! Variables that no project declares: systems, platforms and tools set them.

/// One variable, or all that begin alike.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// The name; with `*` at the end, how names begin.
    name: &'static str,
    /// Who sets it.
    by: &'static str,
}

const fn known(name: &'static str, by: &'static str) -> Known {
    Known { name, by }
}

/// All of them. Who reads one of these and finds nothing has no mistake in the schema.
const ALL: [Known; 74] = [
    known("PATH", "the system says where programs lie"),
    known("HOME", "the system names the user's folder"),
    known("USER", "the system names the user"),
    known("LOGNAME", "the system names the user"),
    known("USERNAME", "Windows names the user"),
    known("USERPROFILE", "Windows names the user's folder"),
    known("APPDATA", "Windows names a folder for settings"),
    known("LOCALAPPDATA", "Windows names a folder for settings"),
    known("PROGRAMDATA", "Windows names a folder for programs' data"),
    known("SYSTEMROOT", "Windows names its own folder"),
    known("COMSPEC", "Windows names its shell"),
    known("OS", "Windows names itself"),
    known("SHELL", "the system names the user's shell"),
    known("PWD", "the shell says where it is"),
    known("OLDPWD", "the shell says where it was"),
    known("SHLVL", "the shell counts itself"),
    known("IFS", "the shell has it"),
    known("RANDOM", "the shell has it"),
    known("SECONDS", "the shell has it"),
    known("LINENO", "the shell has it"),
    known("EUID", "the shell has it"),
    known("UID", "the shell has it"),
    known("PPID", "the shell has it"),
    known("OSTYPE", "the shell has it"),
    known("HOSTTYPE", "the shell has it"),
    known("BASH*", "the shell has it"),
    known("FUNCNAME", "the shell has it"),
    known("PIPESTATUS", "the shell has it"),
    known("REPLY", "the shell has it"),
    known("OPTARG", "the shell has it"),
    known("OPTIND", "the shell has it"),
    known("HOSTNAME", "the system names the machine"),
    known("LANG", "the system names the language"),
    known("LC_*", "the system names the language"),
    known("TZ", "the system names the time zone"),
    known("TERM*", "the terminal says what it is"),
    known("COLORTERM", "the terminal says what it is"),
    known("COLUMNS", "the terminal says how wide it is"),
    known("LINES", "the terminal says how high it is"),
    known("NO_COLOR", "the user wants no colours"),
    known("FORCE_COLOR", "the user wants colours"),
    known("CLICOLOR*", "the user wants colours or none"),
    known("EDITOR", "the user names an editor"),
    known("VISUAL", "the user names an editor"),
    known("PAGER", "the user names a pager"),
    known("DISPLAY", "the desktop has it"),
    known("XDG_*", "the desktop names folders"),
    known(
        "TMPDIR",
        "the system names a folder for what is short-lived",
    ),
    known("TEMP", "the system names a folder for what is short-lived"),
    known("TMP", "the system names a folder for what is short-lived"),
    known("SSH_*", "the connection has it"),
    known("CI", "continuous integration says that it is one"),
    known("GITHUB_*", "GitHub Actions sets it"),
    known("RUNNER_*", "GitHub Actions sets it"),
    known("GITLAB_*", "GitLab sets it"),
    known("CI_*", "GitLab sets it"),
    known("CIRCLE*", "CircleCI sets it"),
    known("RAILWAY_*", "Railway sets it"),
    known("PORT", "Railway gives it, and other platforms do"),
    known("NIXPACKS_*", "Railway's builder reads it"),
    known("VERCEL", "Vercel sets it"),
    known("VERCEL_*", "Vercel sets it"),
    known("NEXT_RUNTIME", "Next.js sets it"),
    known("NEXT_PHASE", "Next.js sets it"),
    known(
        "NODE_ENV",
        "Node's tools set it: the build's kind, not the environment's name",
    ),
    known("NODE_OPTIONS", "Node reads it"),
    known("NODE_PATH", "Node reads it"),
    known("npm_*", "npm sets it for what it runs"),
    known("INIT_CWD", "npm sets it for what it runs"),
    known("JEST_WORKER_ID", "Jest sets it"),
    known("VITEST*", "Vitest sets it"),
    known("PYTEST_*", "pytest sets it"),
    known("CARGO*", "Cargo sets it"),
    known("VIRTUAL_ENV", "Python's tools set it"),
];

/// What further tools set, apart so that each list stays readable.
const OF_TOOLS: [Known; 16] = [
    known("PYTHON*", "Python reads it"),
    known("OUT_DIR", "Cargo sets it for build scripts"),
    known("TARGET", "Cargo sets it for build scripts"),
    known(
        "HOST",
        "Cargo sets it for build scripts, platforms for servers",
    ),
    known("PROFILE", "Cargo sets it for build scripts"),
    known("OPT_LEVEL", "Cargo sets it for build scripts"),
    known("RUST_LOG", "Rust's loggers read it"),
    known("RUST_BACKTRACE", "Rust reads it"),
    known("RUSTC*", "Cargo reads and sets it"),
    known("RUSTFLAGS", "Cargo reads it"),
    known("TURBO_*", "Turborepo sets it"),
    known("DOCKER_*", "Docker reads it"),
    known("COMPOSE_*", "Docker Compose reads it"),
    known("TARGETARCH", "Docker's builder sets it"),
    known("TARGETPLATFORM", "Docker's builder sets it"),
    known("BUILDPLATFORM", "Docker's builder sets it"),
];

/// What a bundler has under `import.meta.env` by itself.
const OF_BUNDLES: [&str; 7] = [
    "MODE",
    "DEV",
    "PROD",
    "SSR",
    "BASE_URL",
    "SITE",
    "ASSETS_PREFIX",
];

/// Who sets a variable, where no project declares it.
pub fn by_whom(name: &str) -> Option<&'static str> {
    let all = ALL.iter().chain(&OF_TOOLS);
    let mut fitting = all.filter(|known| match known.name.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == known.name,
    });
    fitting.next().map(|known| known.by)
}

/// Whether the bundler itself has a variable of this name.
pub fn is_of_bundler(name: &str) -> bool {
    OF_BUNDLES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_beginnings_are_known() {
        for name in [
            "PATH",
            "NODE_ENV",
            "VERCEL_URL",
            "npm_package_version",
            "RAILWAY_TOKEN",
            "LC_ALL",
            "PORT",
        ] {
            assert!(by_whom(name).is_some(), "{name}");
        }
        for name in [
            "DATABASE_URL",
            "PATHS",
            "NODE_ENVIRONMENT",
            "PORTAL",
            "",
            "path",
            "NEXT_PUBLIC_X",
        ] {
            assert_eq!(by_whom(name), None, "{name}");
        }
        assert!(is_of_bundler("MODE") && !is_of_bundler("VITE_A"));
    }

    #[test]
    fn each_has_a_reason_and_stands_once() {
        let mut names: Vec<&str> = ALL
            .iter()
            .chain(&OF_TOOLS)
            .map(|known| known.name)
            .collect();
        assert!(
            ALL.iter()
                .chain(&OF_TOOLS)
                .all(|known| !known.by.is_empty())
        );
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
