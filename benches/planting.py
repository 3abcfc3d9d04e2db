"""Plants random values in files, to see that who is fast and silent did read them."""

import contextlib
import string

import packages

MANY = 100


def line(rand):
    """A line that every scanner knows for a secret."""
    value = "".join(rand.choice(string.ascii_letters + string.digits) for _ in range(24))
    return f'stripe_key = "sk_live_{value}"\n'


@contextlib.contextmanager
def planted(folder, rand):
    """Plants one value each in so many text files; gives their paths, and takes the values out again."""
    texts = sorted(path for path in packages.own_files(folder)
                   if ".git" not in path.parts and path.is_file() and not path.is_symlink() and packages.is_text(path))
    before = {path: path.read_bytes() for path in rand.sample(texts, min(MANY, len(texts)))}
    for path, content in before.items():
        lines = content.splitlines(keepends=True)
        lines.insert(rand.randrange(len(lines) + 1), b"\n" + line(rand).encode())
        path.write_bytes(b"".join(lines))
    try:
        yield {str(path.relative_to(folder)) for path in before}
    finally:
        for path, content in before.items():
            path.write_bytes(content)


def seen(contestants, folder, rand):
    """How many of the planted values each scanner finds: {name: "99 of 100"}."""
    with planted(folder, rand) as paths:
        return {scanner.name: f"{len(paths & {path for _, path in scanner.findings(folder)})} of {len(paths)}"
                for scanner in contestants}
