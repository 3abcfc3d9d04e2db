"""The public packages that `.ci/run` installs: found below its folder of peers, measured, and laid out for a scan."""

import csv
import json
import os
import shutil
from pathlib import Path

LIST = Path(__file__).with_name("packages.tsv")
KEPT = 60


def is_text(path):
    with open(path, "rb") as opened:
        return b"\0" not in opened.read(8192)


def npm(peers):
    """(registry, name, version, files) of every package in a node_modules folder."""
    for described in peers.rglob("package.json"):
        folder = described.parent
        # A package's own folder, or one below its scope: not a folder inside of a package.
        above = folder.parent.parent if folder.parent.name.startswith("@") else folder.parent
        if above.name != "node_modules" or described.is_symlink() or folder.is_symlink():
            continue
        try:
            facts = json.loads(described.read_text())
            name, version = facts["name"], facts["version"]
        except (ValueError, KeyError):
            continue
        yield "npm", name, version, folder, list(own_files(folder))


def own_files(folder):
    for at, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if name != "node_modules")
        yield from (Path(at, name) for name in sorted(names))


def pypi(peers):
    """The same of what pip installed, by each distribution's own record."""
    for record in peers.rglob("*.dist-info/RECORD"):
        name, _, version = record.parent.name.removesuffix(".dist-info").rpartition("-")
        site = record.parent.parent
        with open(record, newline="") as opened:
            listed = [site / row[0] for row in csv.reader(opened) if row and not row[0].startswith("..")]
        yield "pypi", name.lower().replace("_", "-"), version, site, [path for path in listed if path.suffix != ".pyc"]


def size(paths):
    return sum(path.stat().st_size for path in paths)


def installed(peers):
    """(text bytes, all bytes, registry, name, version, base, text files), the largest first, each once."""
    seen, out = set(), []
    for registry, name, version, base, files in (*npm(peers), *pypi(peers)):
        if (registry, name, version) in seen:
            continue
        seen.add((registry, name, version))
        files = [path for path in files if path.is_file() and not path.is_symlink()]
        texts = [path for path in files if is_text(path)]
        out.append((size(texts), size(files), registry, name, version, base, texts))
    return sorted(out, key=lambda each: (-each[0], each[3], each[4]))


def write(peers):
    """Writes the list anew: what is committed are names and sizes, never a package."""
    lines = ["registry\tname\tversion\ttext bytes\tall bytes\n"]
    for text, whole, registry, name, version, *_ in installed(peers)[:KEPT]:
        lines.append(f"{registry}\t{name}\t{version}\t{text}\t{whole}\n")
    LIST.write_text("".join(lines))


def lay_out(peers, folder):
    """Copies the text files of the listed packages; gives the bytes copied and what is not installed here.
    Another version of a package stands in for one that is gone: registries move on."""
    with open(LIST, newline="") as opened:
        listed = list(csv.DictReader(opened, delimiter="\t"))
    here = {}
    for each in reversed(installed(peers)):
        here[each[2], each[3]] = each
        here[each[2], each[3], each[4]] = each
    copied, gone = 0, []
    for row in listed:
        found = here.get((row["registry"], row["name"], row["version"])) or here.get((row["registry"], row["name"]))
        if not found:
            gone.append(row["name"])
            continue
        base, texts = found[5], found[6]
        target = Path(folder, row["registry"], row["name"].replace("/", "+") + "-" + row["version"])
        for path in texts:
            to = target / path.relative_to(base)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
            copied += path.stat().st_size
    return copied, gone
