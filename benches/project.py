#!/usr/bin/env python3
"""Measures what meets a whole project: init, doctor, and what guard adds to a project's own tools.

    cargo build --release
    benches/project.py target/release/guard TOOLS

TOOLS is a folder with `node_modules` (eslint, prettier) and `venv` (ruff), as `.ci/run` makes `target/peers/tools`.
CPU time of the whole process tree as in run.py; seconds where waiting counts.
"""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import run


def seconds(command, cwd, runs):
    taken = []
    for _ in range(runs):
        began = time.monotonic()
        subprocess.run(command, cwd=cwd, env=run.ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        taken.append(time.monotonic() - began)
    return statistics.median(taken)


def project(folder, tools, files):
    """A small monorepo with tools, and many files."""
    repo = run.make(folder, files)
    (repo / ".gitignore").write_text("node_modules\n.venv\n.env*\n!.env.example\n")
    (repo / ".env.example").write_text("".join(f"KEY_{n}=\n" for n in range(40)))
    (repo / "railway.json").write_text('{ "deploy": { "startCommand": "npm start" } }\n')
    (repo / "package.json").write_text(
        '{ "private": true, "devDependencies": { "eslint": "^9", "prettier": "^3" }, "scripts": { "start": "node a.js" } }\n')
    (repo / "eslint.config.mjs").write_text('export default [{ rules: { "no-unused-vars": "error" } }];\n')
    (repo / ".prettierrc").write_text("{}\n")
    (repo / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    for number in range(20):
        (repo / f"app/mod{number}.js").parent.mkdir(exist_ok=True)
        (repo / f"app/mod{number}.js").write_text(f"export const a{number} = {number};\n")
        (repo / f"app/mod{number}.py").write_text(f"A{number} = {number}\n")
    (repo / "node_modules").symlink_to(tools / "node_modules")
    (repo / ".venv").symlink_to(tools / "venv")
    run.git(repo, "add", "-A")
    run.git(repo, "commit", "-q", "-m", "tools")
    return repo


def adapters(repo, guard, runs):
    """Twenty staged files of each kind, and nothing in the records."""
    for number in range(20):
        (repo / f"app/mod{number}.js").write_text(f"export const a{number} = {number + 1};\n")
        (repo / f"app/mod{number}.py").write_text(f"A{number} = {number + 1}\n")
    run.git(repo, "add", "-A")
    scripts = [f"app/mod{number}.js" for number in range(20)]
    modules = [f"app/mod{number}.py" for number in range(20)]
    for check, tool, own in (
        ("lint", "ruff", [str(repo / ".venv/bin/ruff"), "check", "--output-format", "json", "--force-exclude", *modules]),
        ("lint", "eslint", [str(repo / "node_modules/.bin/eslint"), "--format", "json", *scripts]),
        ("format", "prettier", [str(repo / "node_modules/.bin/prettier"), "--list-different", *scripts]),
    ):
        only = repo / "only.yaml"
        only.write_text(f"checks:\n  {check}: {{ tools: [{tool}] }}\n")
        run.git(repo, "config", "core.excludesFile", str(repo / ".git/no"))
        (repo / ".git/no").write_text("only.yaml\n")
        whole = [guard, "--config", str(only), "run", "pre-commit", "--only", check, "--no-cache"]
        taken = run.paired([(tool, own, repo, b"", 0), ("guard", whole, repo, b"", 0)], runs)
        added = statistics.median(b - a for a, b in zip(taken[tool], taken["guard"]))
        run.show(f"20 staged files, {tool}", taken, tool)
        print(f"    guard adds {added:.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("guard", type=pathlib.Path)
    parser.add_argument("tools", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=11)
    asked = parser.parse_args()
    guard, tools = str(asked.guard.resolve()), asked.tools.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        run.ENVIRONMENT["HOME"] = temporary
        for files in (1000, 10_000):
            repo = project(folder, tools, files)
            dry = seconds([guard, "init", "--dry-run"], repo, asked.runs)
            began = time.monotonic()
            subprocess.run([guard, "init", "--yes"], cwd=repo, env=run.ENVIRONMENT, capture_output=True, check=False)
            print(f"{files} init --dry-run: {dry:.2f} s; init --yes with its closing run: {time.monotonic() - began:.1f} s")
            run.git(repo, "add", "-A")
            run.git(repo, "commit", "-q", "--no-verify", "-m", "guard")
            print(f"{files} doctor: {seconds([guard, 'doctor'], repo, asked.runs):.2f} s")
            adapters(repo, guard, asked.runs)
            shutil.rmtree(repo)


if __name__ == "__main__":
    main()
