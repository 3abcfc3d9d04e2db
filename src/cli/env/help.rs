//! Examples and exit codes of the commands about env files, as their help shows them.

pub(crate) const ALL: &str = "\
Examples:
  guard env check                          every env file, by schemas/env.yaml
  guard env print .env                     what node's dotenv gets from it
  guard env print .env --dialect compose   what Docker Compose gets from it
  guard env scan                           which variables the code uses
";

pub(crate) const ALL_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  good
    1  a file is wrong
    2  wrong usage, or no such file
";

pub(crate) const PRINT: &str = "\
Examples:
  guard env print .env                    names and places; values stay hidden
  guard env print .env --reveal           with the values
  guard env print .env --dialect python   as python-dotenv reads it
  guard env print - --format json         standard input, for programs
";

pub(crate) const PRINT_EXITS: &str = "\
Readers of env files differ: each dialect gives what its reader gives. Nothing
is executed. References see the file alone, unless --expand-from-env.

Exit codes (all of them: `guard --help`):
    0  printed
    1  the reader refuses the file, or it cannot be read
    2  wrong usage, or no such file
";

pub(crate) const CHECK: &str = "\
Examples:
  guard env check                          all `.env*` at the roots of packages
  guard env check --env production         by the rules of production
  guard env check .env.local apps/web/.env these files
  guard env check --process                what this process was started with
  guard env check --fix                    mend what changes no value, then judge
  guard env check --format json            for programs
";

pub(crate) const CHECK_EXITS: &str = "\
`.env.production` is judged as production, `.env.staging` as staging; others by
the base rules, unless `--env` or GUARD_ENV says more. NODE_ENV says nothing.

Exit codes (all of them: `guard --help`):
    0  nothing blocks
    1  a file is wrong, or cannot be read
    2  wrong usage, no such file, or the schema is wrong
    3  it could not be found out
";

pub(crate) const SCAN: &str = "\
Examples:
  guard env scan                  the variables that the code uses, and the schema
  guard env scan --format json    for programs
";

pub(crate) const SCAN_EXITS: &str = "\
Sources are read as they lie on the disk: TypeScript, JavaScript, Python, Rust,
shell, Dockerfiles, Compose files and GitHub's workflows, tracked by git or not,
but not those that it ignores. What only tests, scripts and workflows read needs
no place in the schema.

Exit codes (all of them: `guard --help`):
    0  nothing blocks
    1  client code reads what only the server has
    2  wrong usage, or the schema is wrong
    3  a source could not be read
";
