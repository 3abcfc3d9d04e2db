//! Examples and exit codes of the commands about env files, as their help shows them.

pub(crate) const ALL: &str = "\
Examples:
  guard env check                          every env file, by schemas/env.yaml
  guard env setup                          your own .env.local, from the schema
  guard env exec --env production -- CMD   a program with judged variables
  guard env where DATABASE_URL             who describes, sets and reads it
  guard env print .env                     what node's dotenv gets from it
  guard env print .env --dialect compose   what Docker Compose gets from it
  guard env scan                           which variables the code uses
  guard env import src/env.ts --write      the schema from the code's own
  guard env example --write                .env.example from the schema
";

pub(crate) const ALL_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  good
    1  a file is wrong
    2  wrong usage, or no such file
    6  refused: what was to be written stands there already
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

pub(crate) const EXEC: &str = "\
Examples:
  guard env exec --env development -- npm run dev
  guard env exec --env production --no-files -- node server.js
  guard env exec --file .env.ci -- pytest
";

pub(crate) const EXEC_EXITS: &str = "\
What the process has stands; files add what it lacks: .env.NAME.local, .env.NAME,
and for development .env.local and .env, the first of these the strongest. All
is held against schemas/env.yaml; then CMD takes guard's place.

Exit codes (once CMD runs they are its own):
    0  CMD ended well
    1  a variable is missing or wrong
    2  wrong usage, no such file or environment, or the schema is wrong
  126  CMD cannot be run
  127  there is no CMD
";

pub(crate) const SETUP: &str = "\
Examples:
  guard env setup               asks for what is missing in .env.local
  guard env setup --yes         takes all defaults, asks nothing
  guard env setup --no-input    writes what needs no answer, lists the rest
  guard env setup --file apps/api/.env
";

pub(crate) const SETUP_EXITS: &str = "\
What stands in the file stays. Constants, defaults and the values of .env.example
are taken over; secrets of the program's own (SESSION_SECRET) are made.

Exit codes (all of them: `guard --help`):
    0  nothing is missing
    1  something is still missing: it is listed
    2  wrong usage, or the schema is wrong or missing
    3  nobody could be asked, or git has no answer
    6  refused: git would take the file, or it cannot be written
  130  interrupted: nothing was written
";

pub(crate) const WHERE: &str = "\
Examples:
  guard env where DATABASE_URL
  guard env where DATABASE_URL --format json
";

pub(crate) const WHERE_EXITS: &str = "\
No value is shown.

Exit codes (all of them: `guard --help`):
    0  it is known
    1  nothing here knows that name
    2  wrong usage, or the schema is wrong
    3  it could not be found out
";

pub(crate) const IMPORT: &str = "\
Examples:
  guard env import src/env.ts                 zod, or t3-env's createEnv
  guard env import --from pydantic app/settings.py
  guard env import .env.example --write       as schemas/env.yaml
  guard env import --from zod - < schema.ts   standard input
";

pub(crate) const IMPORT_EXITS: &str = "\
The code is read, never run. What cannot be carried over stands as a comment
beside its variable, and on standard error with its place. Defaults that may be
secrets are not copied.

Exit codes (all of them: `guard --help`):
    0  printed, or written
    1  there is no schema in the file, or it does not parse
    2  wrong usage, or no such file
    6  refused: schemas/env.yaml stands already; nothing was changed
";

pub(crate) const EXAMPLE: &str = "\
Examples:
  guard env example                     every variable, without secrets
  guard env example --env production    with the defaults of production
  guard env example --write             as .env.example
";

pub(crate) const EXAMPLE_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  printed, or written
    2  wrong usage, no schemas/env.yaml, or it is wrong
    6  refused: .env.example stands already; nothing was changed
";

pub(crate) const DOCS: &str = "\
Examples:
  guard env docs > docs/environment.md             a table of all variables
  guard env docs --env production                  by the rules of production
  guard env docs --as json-schema --env production for other programs
";

pub(crate) const DOCS_EXITS: &str = "\
Exit codes (all of them: `guard --help`):
    0  printed
    2  wrong usage, no schemas/env.yaml, or it is wrong
";
