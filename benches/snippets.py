#!/usr/bin/env python3
"""The labelled snippets of gitleaks, betterleaks, Nosey Parker and Kingfisher, from local clones:
`snippets.py GITLEAKS BETTERLEAKS NOSEYPARKER KINGFISHER [--seed N] [--cases FILE]`."""

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

from go_runner import Return, Runner, Unknown

GO_RULES, GO_UTILS = "cmd/generate/config/rules/", "cmd/generate/config/utils/"
YAML_RULES = {"noseyparker": "crates/noseyparker/data/default/builtin/rules/", "kingfisher": "data/rules/"}


def new_seed():
    return random.SystemRandom().randrange(1 << 32)


def files(clone, folder):
    """Paths and texts below a folder at HEAD; the clone may be bare."""
    git = ["git", "-C", clone]
    names = subprocess.run([*git, "ls-tree", "-r", "--name-only", "HEAD", folder],
                           check=True, capture_output=True, text=True).stdout.split("\n")
    for name in filter(None, names):
        yield name, subprocess.run([*git, "show", f"HEAD:{name}"], check=True, capture_output=True).stdout.decode()


class Judged:
    """Stands for `utils.Validate`: what a rule gives it are its snippets."""

    def __init__(self):
        self.calls, self.unread = [], []

    def __call__(self, rule, found, left):
        self.calls.append((rule.get("RuleID", "?"), found or [], left or []))
        return rule

    def missed(self, why):
        self.unread.append(why)


def from_go(source, clone, seed):
    """Every function of the rules' package is run, with random values from the seed."""
    judged = Judged()
    runner = Runner(random.Random(f"{seed}/{source}"), judged)
    for _, text in (pair for pair in files(clone, GO_UTILS) if not pair[0].endswith("_test.go")):
        runner.add(text, "utils.")
    rules = []
    for name, text in files(clone, GO_RULES):
        if name.endswith(".go") and not name.endswith("_test.go"):
            rules += [(name, function) for function in runner.add(text)]
    for name, function in rules:
        # A rule is an exported function without parameters.
        if runner.functions[function][0] or not function[0].isupper():
            continue
        # Values depend on the rule alone, not on how many were made before it.
        runner.rand = random.Random(f"{seed}/{source}/{function}")
        judged.calls.clear()
        try:
            runner.call(function)
        except (Unknown, Return, TypeError, KeyError, ValueError, RecursionError, AttributeError) as error:
            judged.missed(f"{name} {function}: {error!r}")
        for rule, found, left in judged.calls:
            for label, texts in ((True, found), (False, left)):
                pairs = texts.items() if isinstance(texts, dict) else (("", text) for text in texts)
                for path, text in pairs:
                    yield {"source": source, "rule": rule, "label": label, "path": path, "text": text}
    for why in judged.unread:
        print(f"{source}: not read: {why}", file=sys.stderr)


def from_yaml(source, clone):
    import yaml

    for name, text in files(clone, YAML_RULES[source]):
        if not name.endswith((".yml", ".yaml")):
            continue
        for rule in yaml.safe_load(text).get("rules", []):
            for label, key in ((True, "examples"), (False, "negative_examples")):
                for example in rule.get(key) or []:
                    yield {"source": source, "rule": rule["id"], "label": label, "path": "", "text": str(example)}


def unique(cases):
    """One snippet once, of the first source that has it; a text labelled both ways tells nothing."""
    cases = list(cases)
    labels = {}
    for case in cases:
        labels.setdefault((case["path"], case["text"].strip()), set()).add(case["label"])
    seen = set()
    for case in cases:
        key = (case["path"], case["text"].strip())
        if case["text"].strip() and len(labels[key]) == 1 and key not in seen:
            seen.add(key)
            yield case


def read(clones, seed):
    gitleaks, betterleaks, noseyparker, kingfisher = clones
    yield from unique([
        *from_go("gitleaks", gitleaks, seed),
        *from_go("betterleaks", betterleaks, seed),
        *from_yaml("noseyparker", noseyparker),
        *from_yaml("kingfisher", kingfisher),
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clones", nargs=4, metavar="CLONE")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--cases", type=Path, help="JSON lines with every snippet")
    options = parser.parse_args()
    seed = new_seed() if options.seed is None else options.seed
    cases = list(read(options.clones, seed))
    if options.cases:
        options.cases.write_text("".join(json.dumps(case) + "\n" for case in cases))
    for source in dict.fromkeys(case["source"] for case in cases):
        found = sum(case["label"] for case in cases if case["source"] == source)
        left = sum(not case["label"] for case in cases if case["source"] == source)
        print(f"{source}: {found} to find, {left} to leave")
    print(f"all: {len(cases)}, seed {seed}")


if __name__ == "__main__":
    main()
