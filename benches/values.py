"""Random strings that a regular expression (RE2's dialect, as the rules of other tools are written) matches."""

import re
import re._constants as kind
import re._parser as parser
import string
import warnings

PRINTABLE = [chr(code) for code in range(32, 127)]
WORD = string.digits + string.ascii_letters + "_"
CLASSES = {
    kind.CATEGORY_DIGIT: list(string.digits),
    kind.CATEGORY_WORD: list(WORD),
    kind.CATEGORY_SPACE: [" "],
    kind.CATEGORY_NOT_DIGIT: [c for c in PRINTABLE if not c.isdigit()],
    kind.CATEGORY_NOT_WORD: [c for c in PRINTABLE if c not in WORD],
    kind.CATEGORY_NOT_SPACE: PRINTABLE[1:],
}
POSIX = {"alnum": "0-9A-Za-z", "alpha": "A-Za-z", "digit": "0-9", "xdigit": "0-9A-Fa-f",
         "upper": "A-Z", "lower": "a-z", "word": r"\w", "space": r"\s"}


def python_dialect(pattern):
    """The same expression for Python's parser: flags that stand in the middle are given
    to the rest of their group, named classes and \\z are spelled out."""
    pattern = re.sub(r"\[:(\w+):\]", lambda found: POSIX[found[1]], pattern)
    pattern = pattern.replace(r"\z", r"\Z")
    out, opened, place, in_class = [], [0], 0, False
    while place < len(pattern):
        flags = re.compile(r"\(\?([ims]+)\)").match(pattern, place)
        char = pattern[place]
        if char == "\\":
            out.append(pattern[place:place + 2])
            place += 2
            continue
        if not in_class and flags:
            out.append(f"(?{flags[1]}:")
            opened[-1] += 1
            place = flags.end()
            continue
        if in_class:
            in_class = char != "]"
            char = "\\[" if char == "[" else char
        elif char == "[":
            in_class = True
            head = re.compile(r"\[\^?\]?").match(pattern, place)[0]
            out.append(head)
            place += len(head)
            continue
        elif char == "(":
            opened.append(0)
        elif char == ")":
            out.append(")" * opened.pop())
        out.append(char)
        place += 1
    return "".join(out) + ")" * opened[0]


def matching(pattern, rand, limit=1):
    """A string that matches; open repeats are at most `limit` times longer than they must
    be, as with the generators of gitleaks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = parser.parse(python_dialect(pattern))
    return _string(tree, rand, bool(tree.state.flags & re.IGNORECASE), limit, {})


def _chars(items):
    negated, chars = False, []
    for what, value in items:
        if what is kind.NEGATE:
            negated = True
        elif what is kind.LITERAL:
            chars.append(chr(value))
        elif what is kind.RANGE:
            chars += [chr(code) for code in range(value[0], min(value[1], 126) + 1)]
        elif what is kind.CATEGORY:
            chars += CLASSES[value]
    if negated:
        return [c for c in PRINTABLE if c not in set(chars)]
    return list(dict.fromkeys(chars))


def _string(tree, rand, folds, limit, groups):
    out = []
    for what, value in tree:
        if what is kind.LITERAL:
            char = chr(value)
            out.append(rand.choice([char.lower(), char.upper()]) if folds else char)
        elif what is kind.NOT_LITERAL:
            out.append(rand.choice([c for c in PRINTABLE if c != chr(value)]))
        elif what is kind.ANY:
            out.append(rand.choice(PRINTABLE))
        elif what is kind.IN:
            char = rand.choice(_chars(value))
            out.append(rand.choice([char.lower(), char.upper()]) if folds else char)
        elif what in (kind.MAX_REPEAT, kind.MIN_REPEAT, kind.POSSESSIVE_REPEAT):
            low, high, inner = value
            high = max(low, min(high, limit))
            out += [_string(inner, rand, folds, limit, groups) for _ in range(rand.randint(low, high))]
        elif what is kind.SUBPATTERN:
            group, on, off, inner = value
            text = _string(inner, rand, bool(folds or on & re.IGNORECASE) and not off & re.IGNORECASE, limit, groups)
            groups[group] = text
            out.append(text)
        elif what is kind.BRANCH:
            out.append(_string(rand.choice(value[1]), rand, folds, limit, groups))
        elif what is kind.GROUPREF:
            out.append(groups.get(value, ""))
        elif what not in (kind.AT, kind.ASSERT, kind.ASSERT_NOT):
            raise ValueError(f"no string for {what}")
    return "".join(out)
