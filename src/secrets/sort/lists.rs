//! The names and first bytes by which sorts are known.

use memchr::memmem;

use super::has_folder;

/// What a pointer of git LFS begins with, now and before it had that name.
pub(super) const LFS: [&[u8]; 3] = [
    b"version https://git-lfs.github.com/spec/v1\n",
    b"version https://hawser.github.com/spec/v1\n",
    b"# git-media\n",
];

/// What archives and packed files begin with, and where.
pub(super) const ARCHIVES: [(usize, &[u8]); 14] = [
    (0, b"PK\x03\x04"),
    (0, b"PK\x05\x06"),
    (0, b"PK\x07\x08"),
    (0, b"\x1f\x8b"),
    (0, b"BZh"),
    (0, b"\xfd7zXZ\x00"),
    (0, b"\x28\xb5\x2f\xfd"),
    (0, b"\x04\x22\x4d\x18"),
    (0, b"7z\xbc\xaf\x27\x1c"),
    (0, b"Rar!\x1a\x07"),
    (0, b"!<arch>\n"),
    (0, b"MSCF\x00"),
    (0, b"xar!"),
    (257, b"ustar"),
];

/// Names of archives, where the content is binary and begins otherwise.
pub(super) const ARCHIVE_ENDINGS: [&str; 28] = [
    ".zip", ".jar", ".war", ".ear", ".aar", ".apk", ".ipa", ".whl", ".egg", ".gem", ".crate",
    ".nupkg", ".vsix", ".xpi", ".crx", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".epub", ".tar",
    ".tgz", ".gz", ".7z", ".rar", ".dmg", ".iso",
];

/// What files begin with that are no text although their first 8 KB may hold no NUL.
pub(super) const BINARIES: [&[u8]; 9] = [
    b"%PDF-",
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"wOFF",
    b"wOF2",
    b"OggS",
    b"ID3",
];

/// What package managers write, in lower case.
pub(super) const LOCK_FILES: [&str; 34] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    ".package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "shrinkwrap.yaml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    "cargo.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pylock.toml",
    "pipfile.lock",
    "pixi.lock",
    "conda-lock.yml",
    "gemfile.lock",
    "go.sum",
    "go.work.sum",
    "composer.lock",
    "mix.lock",
    "pubspec.lock",
    "podfile.lock",
    "package.resolved",
    "cartfile.resolved",
    "packages.lock.json",
    "paket.lock",
    "gradle.lockfile",
    "flake.lock",
    ".terraform.lock.hcl",
    "module.bazel.lock",
    ".pnp.cjs",
    ".pnp.loader.mjs",
];

/// What test runners keep.
pub(super) const SNAPSHOTS: [&str; 4] = [".snap", ".snap.new", ".ambr", ".snapshot"];

/// How other people's files are known.
pub(super) enum Vendored {
    /// By a folder above them, wherever it lies.
    Below(&'static str),
    /// By a folder at the repository's root.
    Root(&'static str),
    /// By a folder above them and one right in it.
    Within(&'static str, &'static str),
    /// By a folder above them that holds folders named like hosts: `vendor/github.com`.
    Hosts(&'static str),
    /// By a library's name, with a version where it has one.
    Library(&'static str),
}

impl Vendored {
    /// Whether a file, by its path and name in lower case, is one of them.
    pub(super) fn holds(&self, path: &[u8], name: &[u8]) -> bool {
        let mut folders = path.split(|byte| *byte == b'/');
        match self {
            Self::Below(folder) => has_folder(path, folder),
            Self::Root(folder) => folders.next() == Some(folder.as_bytes()) && path != name,
            Self::Within(folder, inner) => {
                let pair = [folder.as_bytes(), b"/", inner.as_bytes(), b"/"].concat();
                path.starts_with(&pair) || memmem::find(path, &[b"/", &pair[..]].concat()).is_some()
            }
            Self::Hosts(folder) => {
                let is_there = folders.any(|name| name == folder.as_bytes());
                let inner = folders.next().unwrap_or_default();
                is_there && inner.contains(&b'.') && folders.next().is_some()
            }
            Self::Library(library) => {
                let middle = name.strip_prefix(library.as_bytes());
                middle
                    .and_then(|rest| rest.strip_suffix(b".js"))
                    .is_some_and(is_version)
            }
        }
    }
}

/// Whether a name goes on with a version and what releases are called, and with nothing of one's own.
fn is_version(rest: &[u8]) -> bool {
    rest.split(|byte| b".-".contains(byte)).all(|part| {
        let number = part.strip_prefix(b"v").unwrap_or(part);
        number.iter().all(u8::is_ascii_digit)
            || [&b"min"[..], b"slim", b"bundle", b"core", b"all"].contains(&part)
    })
}

/// The folders into which package managers and people put what others wrote, and libraries that are copied by
/// hand. A `vendor` deep in the code is not among them where it may be the team's own word, nor are `dist` and
/// `build`: what is built there is the team's own, with its own keys in it.
pub(super) const VENDORED: [Vendored; 28] = [
    Vendored::Below("node_modules"),
    Vendored::Below("bower_components"),
    Vendored::Below("jspm_packages"),
    Vendored::Root("vendor"),
    Vendored::Hosts("vendor"),
    Vendored::Within("vendor", "assets"),
    Vendored::Within("vendor", "bundle"),
    Vendored::Within("vendor", "composer"),
    Vendored::Below("third_party"),
    Vendored::Below("third-party"),
    Vendored::Below("thirdparty"),
    Vendored::Below("3rdparty"),
    Vendored::Below("site-packages"),
    Vendored::Root("pods"),
    Vendored::Within("ios", "pods"),
    Vendored::Below(".venv"),
    Vendored::Below(".bundle"),
    Vendored::Within("carthage", "build"),
    Vendored::Within("carthage", "checkouts"),
    Vendored::Within(".yarn", "releases"),
    Vendored::Within(".yarn", "plugins"),
    Vendored::Within(".yarn", "sdks"),
    Vendored::Within(".yarn", "unplugged"),
    Vendored::Within("gradle", "wrapper"),
    Vendored::Library("jquery"),
    Vendored::Library("bootstrap"),
    Vendored::Library("angular"),
    Vendored::Library("d3"),
];
