//! guard: one binary between `git push` and a broken production.
//!
//! # The one idea
//!
//! A hook is a plan of steps, run by one engine, telling one stream of events. Everything that is
//! shown is a fold over those events: the live block, the report, JSON. There is no second truth.
//!
//! # The life of a push
//!
//! ```text
//! git ── lines on stdin ──> cli::hook        drained first, then the kept foreign hook
//!                             │
//! change::push::parse ────────┤              which refs, which commits
//! change::pushed ─────────────┤              what the remote lacks: one ChangeSet a commit
//! config::load ───────────────┤              what the team wants, every value with its origin
//!                             v
//! gate::plan ──> engine::Plan ──> engine::run ──> Events ──> report, terminal ──> Exit
//!                   steps with       ready set      one thread
//!                   reasons          on rayon       hears them all
//! ```
//!
//! What is judged is blobs: of the index at a commit, of the pushed commits at a push. A team's
//! command runs in the user's work tree only when what it reads there is what is judged
//! (`gate::place`); otherwise in guard's own checkout of it (`checkout`), to which what is installed is
//! linked (`dependencies`). Fixes go back by a merge of three (`mend`). What passed on the same content
//! is not run again (`record`).
//!
//! The built-in checks (`check`) are planned beside the team's commands: each `adapter` says which of the
//! project's own tools a change concerns and how they are called (`tool`), and understands their answers.
//!
//! # Rooms and floors
//!
//! A module imports only from floors below its own; `tests/architecture.rs` enforces it, with the
//! other house rules.
//!
//! | floor | rooms |
//! |---|---|
//! | 0 words | `path` `clock` `moment` `outcome` `finding` `check` `event` `exit` `health` `secret` `variable`: pure data |
//! | 1 world | `environment` `source` `dotenv` `config` `process` `repository` `change` `terminal` `watch`: what is looked at, and touched · `depth`: room for what goes down into it |
//! | 2 work | `engine`: the step graph with reasons, the ready set · `checkout`: guard's own · `dependencies`: what is installed, in it · `mend`: fixes on their way back · `record`: what passed on which content · `project` `tool`: what lies where, and the words between guard and a tool · `http` `railway`: the network, and who is asked there · `script` `python` `usage`: which variables sources name, told by their parsers · `schema`: what environments ask of variables |
//! | 3 abilities | `command` `adapter` `ignoring` `report` `explain` `secrets` `env`: one implementation a file · `stack`: what a project is built with |
//! | 4 flows | `gate` `hook` `init` `doctor`: what people ask for |
//! | 5 wiring | `cli`, `main.rs`: argv, meaning, flow, exit |
//!
//! # Adding something
//!
//! A report format: a file in `report/` and an entry in its list. A finding code: a constant in
//! `finding/code.rs` and an entry in its list, an example in `explain/examples/` and an entry in
//! `explain/examples.rs`; the docs page, `guard explain` and the tests that run the example follow.
//! A built-in check: an entry in the list of `check.rs`; its settings, their schema and `--only` follow.
//! A source of fixes, for `guard fix` and for a commit that repairs itself: a function and an entry in
//! `gate/fix.rs`. A flag or a command: `cli/arguments.rs`; help, completions, manual pages and
//! `docs/cli.md` follow.
//! A tool of a project: a file in `adapter/` and an entry in its list.
//! A kind of step: something that implements `engine::Work`, planned in `gate/plan.rs`.

mod adapter;
pub mod change;
pub mod check;
pub mod checkout;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod dependencies;
mod depth;
pub mod doctor;
pub mod dotenv;
pub mod engine;
mod env;
pub mod environment;
pub mod event;
pub mod exit;
pub mod explain;
pub mod finding;
pub mod gate;
pub mod health;
pub mod hook;
pub mod http;
mod ignoring;
mod init;
pub mod mend;
pub mod moment;
pub mod outcome;
pub mod path;
pub mod process;
mod project;
pub mod python;
pub mod railway;
pub mod record;
pub mod report;
pub mod repository;
pub mod schema;
pub mod script;
pub mod secret;
pub mod secrets;
pub mod source;
mod stack;
pub mod terminal;
mod tool;
pub mod usage;
pub mod variable;
mod watch;
