"""How guard and its peers are asked to scan, and what they answer: findings as (rule, path)."""

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

    def tree(self, report="/dev/null"):
        """The command that scans the folder in which it is started."""
        return [self.program, *(str(word).replace("REPORT", str(report)) for word in self._tree)]

    def staged(self, report="/dev/null"):
        """The command that scans what is staged where it is started."""
        return [self.program, *(str(word).replace("REPORT", str(report)) for word in self._staged)]

    def findings(self, folder):
        """What it finds below a folder, with paths relative to it."""
        folder = os.path.realpath(folder)
        with tempfile.TemporaryDirectory() as kept:
            report = Path(kept, "report.json")
            ran = subprocess.run(self.tree(report), cwd=folder, capture_output=True, check=False, env=quiet())
            written = report.read_text(errors="replace") if report.exists() else ""
            try:
                found = self._read(written, ran.stdout.decode(errors="replace"))
            except (ValueError, KeyError, TypeError) as error:
                raise SystemExit(f"{self.name} gave no report ({error}); it said: "
                                 f"{(ran.stdout + ran.stderr).decode(errors='replace')[-2000:]}") from error
        return [(rule, os.path.relpath(os.path.join(folder, path), folder)) for rule, path in found]


def quiet():
    """No colours, no look for updates."""
    return {**os.environ, "NO_COLOR": "1", "KF_NO_UPDATE_CHECK": "1"}


def scanners(guard=None, gitleaks=None, betterleaks=None, kingfisher=None):
    """Those whose program is given. Nobody asks a service whether a value is still good."""
    made = [
        Scanner("guard", guard, ["secrets", ".", "--format", "json"],
                ["secrets", "--staged", "--format", "json"], _codes),
        Scanner("gitleaks", gitleaks,
                ["dir", ".", "--no-banner", "-l", "error", "--exit-code", "0", "--report-format", "json", "--report-path", "REPORT"],
                ["git", "--pre-commit", "--staged", "--no-banner", "-l", "error", "--exit-code", "0"], _array),
        Scanner("betterleaks", betterleaks,
                ["fs", ".", "--no-banner", "-s", "-l", "error", "--exit-code", "0", "-o", "REPORT"],
                ["git", "--staged", "--no-banner", "-s", "-l", "error", "--exit-code", "0"], _envelope),
        Scanner("kingfisher", kingfisher,
                ["scan", ".", "--no-validate", "--no-dedup", "--no-update-check", "-q", "--git-history", "none",
                 "--format", "json", "--output", "REPORT"],
                ["scan", ".", "--staged", "--no-validate", "--no-update-check", "-q"], _nested),
    ]
    return [each for each in made if each.program]
