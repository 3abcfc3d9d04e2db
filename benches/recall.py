"""Lays labelled snippets out, one file each, lets a scanner read them, and counts."""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path


def lay_out(cases, folder):
    """One file per snippet in a repository without commits; gives the case by its path."""
    shutil.rmtree(folder, ignore_errors=True)
    by_path = {}
    for number, case in enumerate(cases):
        # Neither the source nor the rule is in the path, lest that decides.
        path = Path(f"part{number // 500:03}", f"snippet{number:05}.txt")
        if case["path"]:
            path = Path(path.parent, path.stem, *re.sub(r"[:\\]", "_", case["path"].replace("..", "")).strip("/").split("/"))
        by_path[str(path)] = case
        target = Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(case["text"].encode("utf-8", "surrogatepass"))
    subprocess.run(["git", "init", "-q", folder], check=True)
    return by_path


def hits(scanner, folder, by_path):
    """The rules that fired, by the snippet's path."""
    fired = defaultdict(list)
    for rule, path in scanner.findings(folder):
        # What was unpacked or decoded has a tail behind the file's name.
        path = path if path in by_path else path.split("!")[0]
        if path in by_path:
            fired[path].append(rule)
    return fired


def count(by_path, fired):
    """(found, to find, fired, to leave) by source, and in all."""
    table = defaultdict(lambda: [0, 0, 0, 0])
    for path, case in by_path.items():
        for source in (case["source"], "all"):
            row = table[source]
            row[1 if case["label"] else 3] += 1
            row[0 if case["label"] else 2] += path in fired
    return dict(table)


def share(part, whole):
    return f"{part / whole:.1%}" if whole else "-"
