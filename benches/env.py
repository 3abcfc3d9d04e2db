#!/usr/bin/env python3
"""Measures `guard env scan` on many sources, and `guard env check` on many keys beside dotenv-linter and `cat`.

    cargo build --release
    benches/env.py target/release/guard
    benches/env.py target/release/guard --sources 1000 --keys 5000 --runs 5

    cargo install --root peers dotenv-linter        # used where it is on PATH

CPU time of the whole process tree as in run.py. `cold` has nothing remembered: `.git/guard` is taken away before each
run. `warm` is any later run in which nothing changed; `one changed` has another content in one file each time.
"""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import run

PAGE = """import { useState } from "react";
import type { Item } from "../model/item%(near)d";
import { format, parse } from "../lib/format%(near)d";

export interface Props%(n)d {
  items: readonly Item[];
  title?: string;
  onChoose: (item: Item) => void;
}

/** Shows the items of a list, newest first. */
export function List%(n)d({ items, title = "Items", onChoose }: Props%(n)d) {
  const [chosen, choose] = useState<string | null>(null);
  const sorted = [...items].sort((a, b) => parse(b.created).getTime() - parse(a.created).getTime());
  return (
    <section aria-label={title} className="list">
      <h2>{title} ({sorted.length})</h2>
      <ul>
        {sorted.map((item) => (
          <li key={item.id} className={item.id === chosen ? "chosen" : undefined}
              onClick={() => { choose(item.id); onChoose(item); }}>
            {format(item.created)} <strong>{item.name}</strong>
          </li>
        ))}
      </ul>
%(use)s
    </section>
  );
}
"""

SCRIPT = """import { connect } from "./connect%(near)d";
import { log } from "../log";

export type Row%(n)d = { id: string; name: string; created: string; amount: number };

/** Every row of a page; the next page's mark, if there is one. */
export async function rows%(n)d(page: number, size = 50): Promise<{ rows: Row%(n)d[]; next?: number }> {
  const client = await connect();
  const found = await client.query<Row%(n)d>("select * from rows order by created limit $1 offset $2", [size, page * size]);
  if (found.length === 0) {
    log.info("no rows", { page, size });
    return { rows: [] };
  }
  return { rows: found, next: found.length === size ? page + 1 : undefined };
}

export const total = (rows: readonly Row%(n)d[]): number => rows.reduce((sum, row) => sum + row.amount, 0);

export function grouped(rows: readonly Row%(n)d[]): Map<string, Row%(n)d[]> {
  const groups = new Map<string, Row%(n)d[]>();
  for (const row of rows) {
    const month = row.created.slice(0, 7);
    const group = groups.get(month) ?? [];
    group.push(row);
    groups.set(month, group);
  }
  return groups;
}
%(use)s
"""

MODULE = """from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, HTTPException

from .session import Session, session%(near)d

log = logging.getLogger(__name__)
router = APIRouter(prefix="/items%(n)d")


@dataclass(frozen=True)
class Item%(n)d:
    id: str
    name: str
    created: datetime
    amount: float = 0.0

    def is_old(self, now: datetime) -> bool:
        return (now - self.created).days > 30


@router.get("/{id}")
async def read(id: str, session: Session = Depends(session%(near)d)) -> Item%(n)d:
    found = await session.get(Item%(n)d, id)
    if found is None:
        log.info("no such item: %%s", id)
        raise HTTPException(status_code=404, detail="no such item")
    return found


def total(items: list[Item%(n)d]) -> float:
    return sum(item.amount for item in items if item.amount > 0)
%(use)s
"""

# Of ten sources one reads variables, as in projects that were counted.
KINDS = (
    ("web/src/pages", "tsx", PAGE, "      <a href={process.env.NEXT_PUBLIC_NAME_%d}>more</a>"),
    ("web/src/server", "ts", SCRIPT, "export const url = process.env.NAME_%d ?? '';"),
    ("api/app", "py", MODULE, "import os\n\nURL = os.environ['NAME_%d']"),
)


def sources(folder, count):
    """A repository with so many sources, and a schema of what they read."""
    repo = folder / f"sources{count}"
    subprocess.run(["git", "init", "-q", "-b", "main", str(repo)], env=run.ENVIRONMENT, check=True)
    run.git(repo, "config", "gc.auto", "0")
    names = set()
    for number in range(count):
        place, ending, text, use = KINDS[number % 3]
        path = repo / place / f"part{number // 60:03}" / f"item{number:05}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        is_reader = number % 10 == 0
        name = number // 10 % 200
        if is_reader:
            names.add(f"NEXT_PUBLIC_NAME_{name}" if ending == "tsx" else f"NAME_{name}")
        said = use % name if is_reader else ""
        path.write_text(text % {"n": number, "near": number // 3, "use": said})
    schema = repo / "schemas/env.yaml"
    schema.parent.mkdir()
    schema.write_text("variables:\n" + "".join(f"  {name}: {{ type: string }}\n" for name in sorted(names)))
    run.git(repo, "add", "-A")
    run.git(repo, "commit", "-q", "-m", "base")
    run.git(repo, "gc", "-q")
    run.git(repo, "status")
    return repo


def scan(repo, guard, runs):
    command = [guard, "env", "scan", "--format", "json", "--output", "/dev/null"]
    listing = ["git", "ls-files", "-z"]
    status = ["git", "status", "--porcelain"]
    taken = {"git ls-files": [], "git status": [], "cold": [], "warm": [], "one changed": []}
    first = repo / KINDS[1][0] / "part000/item00001.ts"
    whole = first.read_text()
    for number in range(runs + 1):
        shutil.rmtree(repo / ".git/guard", ignore_errors=True)
        once = {}
        for name, asked in (("git ls-files", listing), ("git status", status), ("cold", command), ("warm", command)):
            once[name], code = run.cpu_ms(asked, repo)
            if code != 0:
                sys.exit(f"{name}: exit {code}")
        first.write_text(f"{whole}// {number}\n")
        once["one changed"], _ = run.cpu_ms(command, repo)
        first.write_text(whole)
        run.git(repo, "status")
        if number:
            for name, ms in once.items():
                taken[name].append(ms)
    for name, values in taken.items():
        print(f"  {name}: {statistics.median(values):.1f} ms")
    print(f"  cold, peak MiB: {run.peak_mib(command, repo)}")


def value(number, is_wrong):
    kind = number % 5
    if kind == 0:
        return "int, min: 1, max: 100000", "many" if is_wrong else str(number % 1000 + 1)
    if kind == 1:
        return "url, schemes: [https]", "example" if is_wrong else f"https://host{number}.example.org/path"
    if kind == 2:
        return "bool", "maybe" if is_wrong else "true"
    if kind == 3:
        return "enum, enum: [red, green, blue]", "purple" if is_wrong else "green"
    return "string, min_length: 3, prefix: key-", "x" if is_wrong else f"key-{number:08}"


def keys(folder, count, share):
    """A folder with so many keys and a schema of as many entries; one in `share` of the values is wrong."""
    place = folder / f"keys{count}-{share}"
    subprocess.run(["git", "init", "-q", "-b", "main", str(place)], env=run.ENVIRONMENT, check=True)
    (place / "schemas").mkdir()
    with open(place / "schemas/env.yaml", "w") as schema, open(place / ".env", "w") as env:
        schema.write("variables:\n")
        for number in range(count):
            kind, said = value(number, bool(share) and number % share == 0)
            schema.write(f"  KEY_{number:06}: {{ type: {kind} }}\n")
            env.write(f"KEY_{number:06}={said}\n")
    return place


def check(place, guard, runs):
    command = [guard, "env", "check", ".env", "--format", "json", "--output", "/dev/null"]
    others = [("cat", ["cat", ".env"])]
    if shutil.which("dotenv-linter"):
        others.append(("dotenv-linter", ["dotenv-linter", "check", "--quiet", ".env"]))
    taken = {name: [] for name in ("first", "again", *(name for name, _ in others))}
    for number in range(runs + 1):
        shutil.rmtree(place / ".git/guard", ignore_errors=True)
        once = {"first": run.cpu_ms(command, place)[0], "again": run.cpu_ms(command, place)[0]}
        for name, asked in others:
            # What is slow by orders of magnitude need not be run as often.
            if name != "cat" and number > 3:
                continue
            once[name] = run.cpu_ms(asked, place)[0]
        if number:
            for name, ms in once.items():
                taken[name].append(ms)
    said = (f"{name} {statistics.median(values):.1f}" for name, values in taken.items() if values)
    print(f"{place.name}: " + " · ".join(said), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("guard", type=pathlib.Path)
    parser.add_argument("--sources", type=int, nargs="*", default=[10_000])
    parser.add_argument("--keys", type=int, nargs="*", default=[5000, 100_000])
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--keep", type=pathlib.Path, help="where the trees are made, and stay")
    asked = parser.parse_args()
    guard = str(asked.guard.resolve())
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or pathlib.Path(temporary)
        run.ENVIRONMENT["HOME"] = temporary
        for count in asked.sources:
            print(f"{count} sources")
            scan(sources(folder, count), guard, asked.runs)
        for count in asked.keys:
            for share in (0, 10):
                check(keys(folder, count, share), guard, asked.runs)


if __name__ == "__main__":
    main()
