"""How guard and its peers are asked to scan, and what they answer: findings as (rule, path).

A report goes into a file of its own, never to /dev/null: a program that replaces its report by a rename
takes the device away from the whole machine.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path


def _array(report, _):
    return [(each["RuleID"], each["File"]) for each in json.loads(report or "[]") or []]


def _envelope(report, _):
    found = json.loads(report or "{}").get("findings") or []
    return [(each["rule_id"], each["location"]["path"]) for each in found]


def _nested(report, _):
    found = json.loads(report or "{}").get("findings") or []
    return [(each["rule"]["id"], each["finding"]["path"]) for each in found]


def _codes(_, printed):
    """guard's report, wherever in it the findings stand."""
    out, open_parts = [], [json.loads(line) for line in (printed.splitlines() if "\n{" in printed else [printed]) if line]
    while open_parts:
        part = open_parts.pop()
        if isinstance(part, dict):
            if str(part.get("code", "")).startswith("SEC-") and part.get("path"):
                out.append((part["code"], part["path"]))
            else:
                open_parts += part.values()
        elif isinstance(part, list):
            open_parts += part
    return out


class Scanner:
    def __init__(self, name, program, tree, staged, read):
        self.name, self.program, self._tree, self._staged, self._read = name, program, tree, staged, read

    def tree(self, report):
        """The command that scans the folder in which it is started."""
        return [self.program, *(word.replace("REPORT", str(report)) for word in self._tree)]

    def staged(self, report):
        """The command that scans what is staged where it is started."""
        return [self.program, *(word.replace("REPORT", str(report)) for word in self._staged)]

    def findings(self, folder, staged=False):
        """What it finds below a folder, or staged in it, with paths relative to it."""
        folder = os.path.realpath(folder)
        with tempfile.TemporaryDirectory() as kept:
            report = Path(kept, "report.json")
            command = self.staged(report) if staged else self.tree(report)
            ran = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=quiet())
            written = report.read_text(errors="replace") if report.exists() else ""
            try:
                found = self._read(written, ran.stdout.decode(errors="replace"))
            except (ValueError, KeyError, TypeError) as error:
                said = (ran.stdout + ran.stderr).decode(errors="replace")[-2000:]
                raise SystemExit(f"{self.name} gave no report ({error!r}); it said: {said}") from error
        return [(rule, os.path.relpath(os.path.join(folder, path), folder)) for rule, path in found]


def quiet():
    """No colours."""
    return {**os.environ, "NO_COLOR": "1"}


def scanners(guard=None, gitleaks=None, betterleaks=None, kingfisher=None):
    """Those whose program is given. Nobody asks a service whether a value is still good."""
    common = ["--no-banner", "-l", "error", "--exit-code", "0"]
    leaks = [*common, "--report-format", "json", "--report-path", "REPORT"]
    better = [*common, "-s", "-o", "REPORT"]
    fisher = ["--no-validate", "--no-dedup", "--no-update-check", "-q", "--format", "json", "--output", "REPORT"]
    made = [
        Scanner("guard", guard, ["secrets", ".", "--format", "json"],
                ["secrets", "--staged", "--format", "json"], _codes),
        Scanner("gitleaks", gitleaks, ["dir", ".", *leaks], ["git", "--pre-commit", "--staged", *leaks], _array),
        Scanner("betterleaks", betterleaks, ["fs", ".", *better], ["git", "--staged", *better], _envelope),
        Scanner("kingfisher", kingfisher, ["scan", ".", "--git-history", "none", *fisher],
                ["scan", ".", "--staged", *fisher], _nested),
    ]
    return [each for each in made if each.program]
