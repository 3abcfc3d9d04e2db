#!/usr/bin/env python3
"""Measures guard beside git, lefthook, prek and pre-commit, and prints the tables of README.md.

    cargo build --release
    benches/run.py target/release/guard                  # everything that is installed here
    benches/run.py target/release/guard --files 1000     # one size
    benches/run.py target/release/guard --runs 31
    benches/run.py target/release/guard --alone          # the jobs and nothing else, as the peers run them

The machine is shared and noisy, so nothing is judged by wall time: each run is the CPU time (user and
system) of the whole process tree, contestants take turns within one run, and what is printed are medians
and the median of the paired ratios to git. Peers are used where they are on PATH:

    npm install --prefix DIR lefthook ; pip install --target DIR prek pre-commit
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "LANG": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "bench",
    "GIT_AUTHOR_EMAIL": "bench@example.test",
    "GIT_COMMITTER_NAME": "bench",
    "GIT_COMMITTER_EMAIL": "bench@example.test",
    "NO_COLOR": "1",
}
PYTHON = os.environ.get("PYTHONPATH")
if PYTHON:
    ENVIRONMENT["PYTHONPATH"] = PYTHON


def git(repo, *args, stdin=None):
    done = subprocess.run(
        ["git", "-C", str(repo), *args],
        env=ENVIRONMENT, input=stdin, check=True, capture_output=True,
    )
    return done.stdout.decode().strip()


def cpu_ms(command, cwd, stdin=b""):
    """CPU milliseconds of one run, its children included; and its exit code."""
    source = tempfile.TemporaryFile()
    source.write(stdin)
    source.seek(0)
    null = os.open(os.devnull, os.O_WRONLY)
    actions = [
        (os.POSIX_SPAWN_DUP2, source.fileno(), 0),
        (os.POSIX_SPAWN_DUP2, null, 1),
        (os.POSIX_SPAWN_DUP2, null, 2),
    ]
    before = os.getcwd()
    os.chdir(cwd)
    pid = os.posix_spawnp(command[0], command, ENVIRONMENT, file_actions=actions)
    os.chdir(before)
    _, status, used = os.wait4(pid, 0)
    os.close(null)
    return (used.ru_utime + used.ru_stime) * 1000, os.waitstatus_to_exitcode(status)


def paired(contestants, runs):
    """Each contestant in turn, `runs` times after two that do not count; {name: [ms]}."""
    taken = {name: [] for name, *_ in contestants}
    for number in range(runs + 2):
        for name, command, cwd, stdin, wanted in contestants:
            ms, code = cpu_ms(command, cwd, stdin)
            if code != wanted:
                sys.exit(f"{name}: exit {code} instead of {wanted}: {command}")
            if number >= 2:
                taken[name].append(ms)
    return taken


def peak_mib(command, cwd):
    """Peak memory by time(1): started from something small, or the starter's own size would show."""
    time = shutil.which("time")
    if not time:
        return None
    with tempfile.NamedTemporaryFile() as report:
        subprocess.run(
            [time, "-f", "%M", "-o", report.name, *command],
            cwd=cwd, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, check=False,
        )
        return int(report.read().split()[-1]) / 1024


def make(folder, files, *init):
    """A repository with so many tracked files, ten commits that touch one file each, and an origin."""
    repo = folder / f"{files}{'-'.join(('',) + init)}"
    subprocess.run(["git", "init", "-q", "-b", "main", *init, str(repo)], env=ENVIRONMENT, check=True)
    # No collection in the background while something is measured.
    git(repo, "config", "gc.auto", "0")
    for number in range(files):
        path = repo / f"pkg{number // 1000:03}" / f"dir{number // 50 % 20:02}" / f"file{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"file {number}\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "base")
    for number in range(10):
        (repo / f"pkg000/dir00/file{number:06}.txt").write_text(f"commit {number}\n")
        git(repo, "commit", "-q", "-a", "-m", f"commit {number}")
    git(repo, "gc", "-q")
    git(repo, "remote", "add", "origin", str(repo / ".git"))
    git(repo, "update-ref", "refs/remotes/origin/main", "HEAD~10")
    git(repo, "status")
    return repo


# What stands at the head of guard.yaml: with --alone the search for secrets is off, which no peer here does.
HEAD = [""]


def configure(repo, match, jobs):
    """The same jobs for everybody, matching `match`."""
    names = [f"job{number}" for number in range(jobs)]
    (repo / "guard.yaml").write_text(HEAD[0] + "commands:\n" + "".join(
        f"  {name}: {{ run: 'true {{files}}', files: ['{match}'] }}\n" for name in names))
    (repo / "lefthook.yml").write_text("no_auto_install: true\n" + "".join(
        f"{hook}:\n  parallel: true\n  commands:\n" + "".join(
            f"    {name}: {{ run: 'true {{{kind}_files}}', glob: '{match}' }}\n" for name in names)
        for hook, kind in (("pre-commit", "staged"), ("pre-push", "push"))))
    # Both run hooks of one priority beside one another only in prek; pre-commit has no such thing.
    (repo / ".pre-commit-config.yaml").write_text(
        "repos:\n- repo: local\n  hooks:\n" + "".join(
            f"  - {{id: {name}, name: {name}, entry: 'true', language: system, "
            f"files: '{match.replace('*', '.*').replace('.*.', '.*[.]')}$'}}\n" for name in names))
    (repo / ".git/info/exclude").write_text("guard.yaml\nlefthook.yml\n.pre-commit-config.yaml\n")
    # prek and pre-commit read a configuration that is not staged only after a complaint.
    git(repo, "add", "-f", ".pre-commit-config.yaml")


def stage(repo, count):
    git(repo, "reset", "-q", "--hard")
    for number in range(count):
        (repo / f"pkg000/dir{number // 50:02}/file{number:06}.txt").write_text(f"staged {number}\n")
    git(repo, "add", "-u")


def peers(repo):
    found = []
    if shutil.which("lefthook"):
        found.append(("lefthook", ["lefthook", "run", "pre-commit"], repo, b"", 0))
    for name in ("prek", "pre-commit"):
        if shutil.which(name):
            found.append((name, [name, "run"], repo, b"", 0))
    return found


def show(title, taken, base):
    row = []
    floor = taken[base]
    for name, values in taken.items():
        ratio = statistics.median(a / b for a, b in zip(values, floor))
        row.append(f"{name} {statistics.median(values):.2f} ({ratio:.2f}x)")
    print(f"{title}: " + " · ".join(row), flush=True)


def stage_anew(repo, text):
    """One file with a content that was never committed."""
    git(repo, "reset", "-q", "--hard")
    (repo / "pkg000/dir00/file000000.txt").write_text(f"{text}\n")
    git(repo, "add", "-u")


def contents(repo, files, guard, diff, commit, others, runs):
    """What is judged is not what lies in the work tree."""
    configure(repo, "*.txt", 1)
    git(repo, "commit", "-q", "-m", "one job")
    stage_anew(repo, "partially")
    with open(repo / "pkg000/dir00/file000000.txt", "a") as file:
        file.write("not staged\n")
    show(f"{files} one job, 1 partially staged", paired([diff, commit, *others], runs), "git diff")

    git(repo, "reset", "-q", "--hard")
    (repo / "guard.yaml").write_text(HEAD[0] + "commands:\n  job: { run: 'true', reads: project, files: ['*.txt'] }\n")
    stage_anew(repo, "project")
    status = ("git status", ["git", "status", "--porcelain"], repo, b"", 0)
    git(repo, "status")
    show(f"{files} a job that reads its project, in place", paired([status, commit], runs), "git status")

    # Two commits that differ in 20 files, judged in turn, beside a work tree that is neither.
    git(repo, "reset", "-q", "--hard")
    base = git(repo, "rev-parse", "HEAD")
    for branch in ("a", "b"):
        git(repo, "checkout", "-q", "-b", branch, base)
        stage(repo, 20)
        for number in range(20):
            (repo / f"pkg000/dir00/file{number:06}.txt").write_text(f"{branch} {number}\n")
        git(repo, "commit", "-q", "-a", "-m", branch)
    git(repo, "checkout", "-q", "main")
    (repo / "untracked.txt").write_text("so that nothing runs in place\n")
    judge = [
        (f"guard {branch}", [guard, "run", "ci", "--from", base, "--to", branch], repo, b"", 0)
        for branch in ("a", "b")
    ]
    git(repo, "status")
    show(f"{files} the checkout's second use, 20 files differ", paired([status, *judge], runs), "git status")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("guard", type=pathlib.Path)
    parser.add_argument("--files", type=int, nargs="+", default=[1000, 10_000, 50_000, 100_000])
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--alone", action="store_true", help="without guard's check `secrets`")
    asked = parser.parse_args()
    if asked.alone:
        HEAD[0] = "checks: { secrets: false }\n"
    guard = str(asked.guard.resolve())
    versions = [["git", "--version"], [guard, "--version"]]
    if not asked.no_peers:
        versions += [[name, word] for name, word in (("lefthook", "version"), ("prek", "--version"),
                     ("pre-commit", "--version")) if shutil.which(name)]
    for command in versions:
        print(subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT).stdout.strip())
    print(f"binary: {asked.guard.stat().st_size / 1e6:.2f} MB")

    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        ENVIRONMENT["HOME"] = temporary
        taken = paired([
            ("true", ["true"], folder, b"", 0),
            ("guard --version", [guard, "--version"], folder, b"", 0),
        ], asked.runs * 3)
        show("start", taken, "true")
        for files in asked.files:
            repo = make(folder, files)
            # Before the others' files are there: guard would join them instead of writing its own hook.
            subprocess.run([guard, "install"], cwd=repo, env=ENVIRONMENT, check=True, capture_output=True)
            diff = ("git diff", ["git", "diff", "--cached", "--name-only", "-z"], repo, b"", 0)
            commit = ("guard", [guard, "hook", "pre-commit", "--"], repo, b"", 0)
            others = [] if asked.no_peers else peers(repo)

            configure(repo, "*.none", 1)
            git(repo, "commit", "-q", "-m", "configuration")
            stage(repo, 1)
            shim = ("shim and guard", ["sh", str(repo / ".git/hooks/pre-commit")], repo, b"", 0)
            show(f"{files} nothing matches, 1 staged", paired([diff, commit, shim, *others], asked.runs), "git diff")
            print(f"{files} peak MiB: {peak_mib(commit[1], repo)}")

            tip, base = git(repo, "rev-parse", "HEAD~1"), git(repo, "rev-parse", "HEAD~11")
            lines = f"refs/heads/main {tip} refs/heads/main {base}\n".encode()
            show(f"{files} push of 10 commits, nothing matches", paired([
                ("git diff", ["git", "diff", "--name-only", f"{base}..{tip}"], repo, b"", 0),
                ("guard", [guard, "hook", "pre-push", "--", "origin", "url"], repo, lines, 0),
            ], asked.runs), "git diff")

            # The same push with a command that passed already, beside one with nothing to do.
            again = folder / "again.yaml"
            again.write_text("commands:\n  job: { run: 'true', files: ['*.txt'], inputs: ['pkg000/dir00/*'], at: [push] }\n")
            passed = [guard, "--config", str(again), "hook", "pre-push", "--", "origin", "url"]
            # Nothing in the work tree stands in its way the first time.
            git(repo, "stash", "-q")
            git(repo, "checkout", "-q", tip)
            cpu_ms(passed, repo, lines)
            git(repo, "checkout", "-q", "main")
            told = subprocess.run([*passed[:3], "--format", "json", *passed[3:]], cwd=repo, env=ENVIRONMENT, input=lines, capture_output=True)
            if b'"cached": true' not in told.stdout and b'"cached":true' not in told.stdout:
                sys.exit(f"nothing was reused: {told.stdout.decode()}{told.stderr.decode()}")
            show(f"{files} the same push again", paired([
                ("nothing matches", [guard, "hook", "pre-push", "--", "origin", "url"], repo, lines, 0),
                ("guard", passed, repo, lines, 0),
            ], asked.runs), "nothing matches")

            configure(repo, "*.txt", 3)
            git(repo, "commit", "-q", "-m", "three jobs")
            stage(repo, min(100, files))
            show(f"{files} three jobs, 100 staged", paired([diff, commit, *others], asked.runs), "git diff")
            contents(repo, files, guard, diff, commit, others, asked.runs)
            shutil.rmtree(repo)
        repo = make(folder, asked.files[0], "--object-format=sha256")
        configure(repo, "*.none", 1)
        git(repo, "commit", "-q", "-m", "configuration")
        stage(repo, 1)
        show(f"{asked.files[0]} SHA-256 (the git program reads), nothing matches, 1 staged", paired([
            ("git diff", ["git", "diff", "--cached", "--name-only", "-z"], repo, b"", 0),
            ("guard", [guard, "hook", "pre-commit", "--"], repo, b"", 0),
        ], asked.runs), "git diff")


if __name__ == "__main__":
    main()
