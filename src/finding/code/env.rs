//! What guard says about env files: how they are written, and what the schema asks of their values.

use super::Code;
use crate::finding::Severity;

/// Every code of the check `env`, by name.
pub const ENV: &[Code] = &[
    ENV_BLANKS,
    ENV_BOOLEAN,
    ENV_CLIENT,
    ENV_CORS,
    ENV_DEBUG,
    ENV_DEPRECATED,
    ENV_DUPLICATE,
    ENV_DYNAMIC,
    ENV_ENCODING,
    ENV_ENUM,
    ENV_EXAMPLE,
    ENV_KEY,
    ENV_LINE_ENDS,
    ENV_LIVE_KEY,
    ENV_LOCALHOST,
    ENV_MISSING,
    ENV_NO_VALUE,
    ENV_NODE_ENV,
    ENV_PLACEHOLDER,
    ENV_PORTABILITY,
    ENV_PRECISION,
    ENV_PUBLIC_NAME,
    ENV_PUBLIC_SECRET,
    ENV_RANGE,
    ENV_REFERENCE,
    ENV_RULE,
    ENV_SHAPE,
    ENV_STAGING_HOST,
    ENV_SYNTAX,
    ENV_TEST_KEY,
    ENV_TYPE,
    ENV_UNDECLARED,
    ENV_UNKNOWN,
    ENV_UNREAD,
    ENV_UNREADABLE,
    ENV_UNUSED,
];

/// There are blanks where most people see none.
pub const ENV_BLANKS: Code = Code {
    id: "ENV-BLANKS",
    severity: Severity::Info,
    title: "there are blanks where most people see none",
    why: "A shell takes `A = 1` for a command, and blanks at the end of a value within quotes are part of it: a \
          password with one is another password.",
    fix: "Take the blanks out; `guard env check --fix` does it where no value changes.",
    since: "0.1.0",
};

/// A truth value is written in words that not everybody reads.
pub const ENV_BOOLEAN: Code = Code {
    id: "ENV-BOOLEAN",
    severity: Severity::Warning,
    title: "a truth value is written in words that not everybody reads",
    why: "`yes`, `no`, `on` and `off` are true and false to some programs, and plain texts to others: most of \
          them take any text that is not empty for true.",
    fix: "Write `true` or `false`.",
    since: "0.1.0",
};

/// Client code reads what only the server has.
pub const ENV_CLIENT: Code = Code {
    id: "ENV-CLIENT",
    severity: Severity::Error,
    title: "client code reads what only the server has",
    why: "What runs in a browser has no environment: a bundler writes the value into the page, where every \
          visitor can read it, or leaves nothing there.",
    fix: "Read it on the server. A value that everybody may see gets its framework's public prefix.",
    since: "0.1.0",
};

/// Production lets every site call it.
pub const ENV_CORS: Code = Code {
    id: "ENV-CORS",
    severity: Severity::Error,
    title: "production lets every site call it",
    why: "`*` among the allowed origins lets any page on the web call the API with its visitors' rights.",
    fix: "Name the origins: `https://app.example.org`.",
    since: "0.1.0",
};

/// Production runs in debug mode.
pub const ENV_DEBUG: Code = Code {
    id: "ENV-DEBUG",
    severity: Severity::Error,
    title: "production runs in debug mode",
    why: "Debug mode shows visitors stack traces and settings, and often the secrets in them.",
    fix: "Set it to `false` in production.",
    since: "0.1.0",
};

/// A variable is deprecated.
pub const ENV_DEPRECATED: Code = Code {
    id: "ENV-DEPRECATED",
    severity: Severity::Warning,
    title: "a variable is deprecated",
    why: "The schema says that the variable is no longer wanted: a later version of the program will not read \
          it.",
    fix: "Do what the schema says instead, or take the variable out once nothing reads it.",
    since: "0.1.0",
};

/// A variable is set twice.
pub const ENV_DUPLICATE: Code = Code {
    id: "ENV-DUPLICATE",
    severity: Severity::Warning,
    title: "a variable is set twice",
    why: "The later one wins, without a word. Whoever changes the first wonders why nothing happens.",
    fix: "Take one of the two out.",
    since: "0.1.0",
};

/// Variables are read whose names only the running program knows.
pub const ENV_DYNAMIC: Code = Code {
    id: "ENV-DYNAMIC",
    severity: Severity::Info,
    title: "variables are read whose names only the running program knows",
    why: "Where a name is put together while the program runs, nobody can tell from the text whether the schema \
          has it, or whether a variable of the schema is still needed.",
    fix: "Write the names out where they are few.",
    since: "0.1.0",
};

/// A file is not plain UTF-8.
pub const ENV_ENCODING: Code = Code {
    id: "ENV-ENCODING",
    severity: Severity::Error,
    title: "a file is not plain UTF-8",
    why: "Readers of env files read UTF-8. Of anything else some read nothing, some stop, and some put other \
          characters in its place.",
    fix: "Save the file as UTF-8 without a byte order mark.",
    since: "0.1.0",
};

/// A value is none of those that are right.
pub const ENV_ENUM: Code = Code {
    id: "ENV-ENUM",
    severity: Severity::Error,
    title: "a value is none of those that are right",
    why: "The schema lists the values that the program knows. Any other is taken for a default, or stops it.",
    fix: "Write one of the listed values, or add this one to the schema.",
    since: "0.1.0",
};

/// The example of an env file has fallen behind the schema.
pub const ENV_EXAMPLE: Code = Code {
    id: "ENV-EXAMPLE",
    severity: Severity::Warning,
    title: "the example of the env file has fallen behind the schema",
    why: "Newcomers copy the example. What it lacks, they learn of when the program stops.",
    fix: "Add the lines; `guard env example` prints the whole file as the schema has it.",
    since: "0.1.0",
};

/// A name is one that not every reader takes.
pub const ENV_KEY: Code = Code {
    id: "ENV-KEY",
    severity: Severity::Warning,
    title: "a name is one that not every reader takes",
    why: "A shell and many readers take names of letters, digits and underscores only; any other cannot be \
          exported. Capitals are what everybody expects.",
    fix: "Rename the variable, and the code that reads it: `[A-Z_][A-Z0-9_]*`.",
    since: "0.1.0",
};

/// Line ends are not alike.
pub const ENV_LINE_ENDS: Code = Code {
    id: "ENV-LINE-ENDS",
    severity: Severity::Info,
    title: "line ends are not alike",
    why: "Where CRLF and LF are mixed, some readers keep a carriage return in the value. What is appended to a \
          file without a final line end joins its last value.",
    fix: "End every line with LF; `guard env check --fix` does it where no value changes.",
    since: "0.1.0",
};

/// A live key stands outside production.
pub const ENV_LIVE_KEY: Code = Code {
    id: "ENV-LIVE-KEY",
    severity: Severity::Error,
    title: "a live key stands outside production",
    why: "A live key moves real money and real people's data, whoever uses it: in staging or on a laptop, a \
          try does harm.",
    fix: "Use the provider's test key here. Rotate the live one where others could read the file.",
    since: "0.1.0",
};

/// A production value points at the developer's own machine.
pub const ENV_LOCALHOST: Code = Code {
    id: "ENV-LOCALHOST",
    severity: Severity::Error,
    title: "a production value points at the developer's own machine",
    why: "In production `localhost` is the container itself: nothing answers there.",
    fix: "Name the service's own address, or use Railway's reference to it.",
    since: "0.1.0",
};

/// A variable is missing.
pub const ENV_MISSING: Code = Code {
    id: "ENV-MISSING",
    severity: Severity::Error,
    title: "a variable is missing",
    why: "The schema says that the variable is needed here. Without it the program stops, or goes on with \
          something that nobody chose.",
    fix: "Set it, give it a default in `schemas/env.yaml`, or say there where it is required.",
    since: "0.1.0",
};

/// `NODE_ENV` does not choose the rules.
pub const ENV_NODE_ENV: Code = Code {
    id: "ENV-NODE-ENV",
    severity: Severity::Info,
    title: "NODE_ENV does not choose the rules",
    why: "Staging sets `NODE_ENV=production`, too, so it does not say which environment a file is for.",
    fix: "Name the file `.env.production`, or say `--env production` or `GUARD_ENV=production`.",
    since: "0.1.0",
};

/// A name stands without a value.
pub const ENV_NO_VALUE: Code = Code {
    id: "ENV-NO-VALUE",
    severity: Severity::Warning,
    title: "a name stands without a value",
    why: "Without `=` some readers drop the name, some hand on nothing, and compose takes the value from the \
          machine that it runs on.",
    fix: "Write `NAME=` with a value, or take the name out.",
    since: "0.1.0",
};

/// A value still holds the text that was to be replaced.
pub const ENV_PLACEHOLDER: Code = Code {
    id: "ENV-PLACEHOLDER",
    severity: Severity::Error,
    title: "a value still holds the text that was to be replaced",
    why: "The program takes the text for the value: it starts, and fails at the first use, or runs with a \
          secret that everybody knows.",
    fix: "Write the value, or take the line out.",
    since: "0.1.0",
};

/// Readers of the file get different values.
pub const ENV_PORTABILITY: Code = Code {
    id: "ENV-PORTABILITY",
    severity: Severity::Warning,
    title: "readers of the file get different values",
    why: "There is no standard for env files: readers part over `#`, quotes, escapes and `$`. What works on one \
          machine then fails where another program reads the same file.",
    fix: "Write the value so that all read the same: mostly in single quotes. `guard env check --fix --unsafe` \
          does it where it is clear what is meant.",
    since: "0.1.0",
};

/// A number is longer than programs can hold.
pub const ENV_PRECISION: Code = Code {
    id: "ENV-PRECISION",
    severity: Severity::Warning,
    title: "a number is longer than programs can hold",
    why: "Programs hold numbers in 53 or 64 bits, and round what is longer without a word.",
    fix: "Write a shorter number, or make it a string in the schema.",
    since: "0.1.0",
};

/// A public variable has a name that no browser gets.
pub const ENV_PUBLIC_NAME: Code = Code {
    id: "ENV-PUBLIC-NAME",
    severity: Severity::Warning,
    title: "a public variable has a name that no browser gets",
    why: "Frameworks hand variables to the browser by the beginning of their names. Any other is empty there.",
    fix: "Give it the framework's prefix, or take `visibility: public` out of the schema.",
    since: "0.1.0",
};

/// A secret has a name that browsers get.
pub const ENV_PUBLIC_SECRET: Code = Code {
    id: "ENV-PUBLIC-SECRET",
    severity: Severity::Error,
    title: "a secret has a name that browsers get",
    why: "Frameworks write variables with this prefix into the pages. Everybody who opens one can read the \
          secret.",
    fix: "Read it on the server, under a name without the prefix, and rotate it if it was ever built in.",
    since: "0.1.0",
};

/// A number or a length is out of its range.
pub const ENV_RANGE: Code = Code {
    id: "ENV-RANGE",
    severity: Severity::Error,
    title: "a number or a length is out of its range",
    why: "The schema says how small and how great it may be. Out of that range the program was never tried.",
    fix: "Write a value within the range, or widen the range in the schema.",
    since: "0.1.0",
};

/// A reference to another service is malformed.
pub const ENV_REFERENCE: Code = Code {
    id: "ENV-REFERENCE",
    severity: Severity::Error,
    title: "a reference to another service is malformed",
    why: "Railway replaces `${{Service.NAME}}` when it deploys. What is not written like that stays as it is, \
          and the program gets the braces.",
    fix: "Write `${{Service.NAME}}` or `${{shared.NAME}}`, with the names that Railway shows.",
    since: "0.1.0",
};

/// Two variables do not fit together.
pub const ENV_RULE: Code = Code {
    id: "ENV-RULE",
    severity: Severity::Error,
    title: "two variables do not fit together",
    why: "The schema has a rule between variables, such as a minimum that must not exceed its maximum, and \
          these values break it.",
    fix: "Change one of the two values, or the rule.",
    since: "0.1.0",
};

/// A value has not the shape that is asked for.
pub const ENV_SHAPE: Code = Code {
    id: "ENV-SHAPE",
    severity: Severity::Error,
    title: "a value has not the shape that is asked for",
    why: "The schema says how the value begins, ends or looks. A key of another provider or of another account \
          has another shape.",
    fix: "Look whether the right value was pasted, whole and without quotes; or mend the shape in the schema.",
    since: "0.1.0",
};

/// A production value points at staging.
pub const ENV_STAGING_HOST: Code = Code {
    id: "ENV-STAGING-HOST",
    severity: Severity::Warning,
    title: "a production value points at staging",
    why: "A production service that talks to staging writes its customers' data to the wrong place.",
    fix: "Name the production host.",
    since: "0.1.0",
};

/// A line cannot be read as it is meant.
pub const ENV_SYNTAX: Code = Code {
    id: "ENV-SYNTAX",
    severity: Severity::Error,
    title: "a line cannot be read as it is meant",
    why: "One reader drops such a line, another stops at it and reads nothing of the file, and a third takes the \
          rest of it into the value.",
    fix: "Close the quote, take out what stands behind it, and give each variable a line of its own.",
    since: "0.1.0",
};

/// A test key stands in production.
pub const ENV_TEST_KEY: Code = Code {
    id: "ENV-TEST-KEY",
    severity: Severity::Error,
    title: "a test key stands in production",
    why: "With a test key, orders are taken and no money comes, and nobody is told.",
    fix: "Write the live key where production gets its secrets from.",
    since: "0.1.0",
};

/// A value is not of its type.
pub const ENV_TYPE: Code = Code {
    id: "ENV-TYPE",
    severity: Severity::Error,
    title: "a value is not of its type",
    why: "The schema says what the variable is: a number, a URL, a truth value. Each program reads anything \
          else in its own way, and most of them without a word.",
    fix: "Write a value of that type, or mend the type in `schemas/env.yaml`.",
    since: "0.1.0",
};

/// Code reads a variable that the schema does not have.
pub const ENV_UNDECLARED: Code = Code {
    id: "ENV-UNDECLARED",
    severity: Severity::Warning,
    title: "code reads a variable that the schema does not have",
    why: "Nobody checks that it is set where the program runs, and nobody new learns that it is needed.",
    fix: "Add it to `schemas/env.yaml`, or mend its name.",
    since: "0.1.0",
};

/// A variable is not in the schema.
pub const ENV_UNKNOWN: Code = Code {
    id: "ENV-UNKNOWN",
    severity: Severity::Warning,
    title: "a variable is not in the schema",
    why: "Nobody has said what it is for. Often it is a misspelt name, and the program goes on without the \
          value.",
    fix: "Mend the name, add it to `schemas/env.yaml`, or take it out.",
    since: "0.1.0",
};

/// A source was not read as a whole.
pub const ENV_UNREAD: Code = Code {
    id: "ENV-UNREAD",
    severity: Severity::Info,
    title: "a source was not read as a whole",
    why: "What it says of variables is not known, or not all of it: it is too long, cannot be read, or has \
          mistakes in its syntax.",
    fix: "Mend its syntax. `checks.env: { exclude: [FILE] }` leaves out what is no source.",
    since: "0.1.0",
};

/// An env file cannot be read.
pub const ENV_UNREADABLE: Code = Code {
    id: "ENV-UNREADABLE",
    severity: Severity::Error,
    title: "an env file cannot be read",
    why: "Whatever would read the file gets nothing from it, and most programs go on without a word.",
    fix: "An env file is a plain file that you may read: `ls -ld` shows what it is.",
    since: "0.1.0",
};

/// No source names a variable of the schema.
pub const ENV_UNUSED: Code = Code {
    id: "ENV-UNUSED",
    severity: Severity::Info,
    title: "no source names a variable of the schema",
    why: "Every deployment sets it, and nothing reads it: it is a leftover, or it is misspelt in the code.",
    fix: "Take it out of `schemas/env.yaml`, unless something outside of this repository reads it.",
    since: "0.1.0",
};
