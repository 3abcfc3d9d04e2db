"""Runs what `go_reader` read, as far as the rules of gitleaks and betterleaks need it."""

import base64
import math
import re

from go_reader import Reader
from values import matching


class Unknown(Exception):
    """Something that is not needed for the snippets, or not understood."""


class Return(Exception):
    pass


class Skip(Exception):
    pass


class Builder:
    """`strings.Builder`, and a pattern, and a replacer: all they do is hold a string."""

    def __init__(self, text="", pairs=()):
        self.text, self.pairs = text, pairs

    def member(self, name):
        if name == "WriteString":
            return self.write
        if name == "String":
            return lambda: self.text
        if name == "Replace":
            return self.replace
        raise Unknown(name)

    def write(self, text):
        self.text += text

    def replace(self, text):
        # One pass, the first pair that fits wins, as Go's replacer does.
        table = dict(zip(self.pairs[::2], self.pairs[1::2]))
        return re.sub("|".join(map(re.escape, table)), lambda found: table[found[0]], text)


def in_base(number, base):
    digits = ""
    while number or not digits:
        number, digit = divmod(number, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def shannon(text):
    counts = [text.count(char) / len(text) for char in set(text)]
    return -sum(part * math.log2(part) for part in counts)


def encoded(alphabet, padded):
    def encode(value):
        raw = alphabet(value.encode() if isinstance(value, str) else value).decode()
        return raw if padded else raw.rstrip("=")
    return encode


class Runner:
    def __init__(self, rand, judged):
        self.rand, self.judged = rand, judged
        self.functions, self.package, self.pending = {}, {}, {}
        self.known = {
            "append": lambda head, *rest: list(head or []) + list(rest),
            "len": lambda value: len(value.encode() if isinstance(value, str) else value),
            "string": lambda value: value, "byte": lambda value: value, "make": lambda *_: [],
            "newPlausibleSecret": self.plausible,
            "secrets.NewSecret": lambda pattern: matching(pattern, self.rand),
            "secrets.NewSecretWithEntropy": self.with_entropy,
            "regexp.MustCompile": Builder,
            "strings.NewReplacer": lambda *pairs: Builder(pairs=pairs),
            "strings.ToUpper": str.upper, "strings.ToLower": str.lower,
            "strings.Join": lambda parts, between: between.join(parts),
            "strings.Repeat": lambda text, times: text * times,
            "strings.ReplaceAll": str.replace, "strings.TrimSpace": str.strip,
            "fmt.Sprintf": lambda form, *values: re.sub("%[vs]", "%s", form) % values,
            "strconv.FormatInt": in_base, "int64": int,
            "utils.Validate": judged, "utils.ValidateWithPaths": judged,
        }
        for name in ("base64", "b64"):
            for form, alphabet in (("Std", base64.b64encode), ("URL", base64.urlsafe_b64encode)):
                self.known[f"{name}.{form}Encoding.EncodeToString"] = encoded(alphabet, True)
                self.known[f"{name}.Raw{form}Encoding.EncodeToString"] = encoded(alphabet, False)

    def add(self, source, prefix=""):
        """One file of the package, or of another whose names have a prefix."""
        functions, package = Reader(source).file()
        self.functions.update({prefix + name: value for name, value in functions.items()})
        for declaration in package:
            if declaration[0] == "set":
                for target, value in zip(declaration[2], declaration[3]):
                    self.pending[prefix + target[1]] = value
        return list(functions)

    def with_entropy(self, pattern, least):
        for _ in range(10):
            value = matching(pattern, self.rand)
            if value and shannon(value) >= least:
                return value
        raise Unknown(f"no value of entropy {least} for {pattern}")

    def plausible(self, pattern):
        stopwords = self.name("DefaultStopWords", {})
        for _ in range(100_000):
            value = matching(pattern, self.rand)
            if re.search("[1-9]", value) and not any(word in value.lower() for word in stopwords):
                return value
        raise Unknown(f"no plausible value for {pattern}")

    def call(self, name, *arguments):
        parameters, body = self.functions[name]
        if isinstance(body, Exception):
            raise Unknown(f"{name}: {body}")
        # What a file of another package says without a prefix is of that package.
        if parameters and parameters[-1].startswith("..."):
            last = len(parameters) - 1
            arguments = [*arguments[:last], list(arguments[last:])]
        names = dict(zip([parameter.lstrip(".") for parameter in parameters], arguments))
        names["."] = name.rpartition(".")[0]
        try:
            self.block(body, names)
        except Return as given:
            return given.args[0] if given.args else None
        return None

    def block(self, body, names):
        for statement in body:
            self.statement(statement, names)

    def statement(self, node, names):
        what = node[0]
        if what == "set":
            self.set(node, names)
        elif what == "empty":
            for _, name in node[1]:
                names[name] = Builder() if node[2] == "strings.Builder" else "" if node[2] == "string" else []
        elif what == "all":
            self.block(node[1], names)
        elif what == "do":
            self.value(node[1], names)
        elif what == "return":
            raise Return(*[self.value(each, names) for each in node[1]])
        elif what == "if":
            if node[1]:
                self.statement(node[1], names)
            self.block(node[3] if self.value(node[2], names) else node[4], names)
        elif what == "each":
            self.each(node, names)
        else:
            raise Unknown(what)

    def set(self, node, names):
        _, sign, targets, values = node
        if len(targets) != len(values):
            raise Unknown("several values of one call")
        for target, value in zip(targets, values):
            value = self.value(value, names)
            if target[0] == "name":
                names[target[1]] = names[target[1]] + value if sign == "+=" else value
            elif target[0] == "member":
                self.value(target[1], names)[target[2]] = value
            else:
                raise Unknown(f"a value for {target[0]}")

    def each(self, node, names):
        over = self.value(node[2], names)
        pairs = over.items() if isinstance(over, dict) else enumerate(range(over) if isinstance(over, int) else over)
        for key, value in list(pairs):
            for target, part in zip(node[1], (key, value)):
                names[target[1]] = part
            self.block(node[3], names)

    def name(self, name, names):
        if name in names:
            return names[name]
        if name in ("true", "false", "nil"):
            return name == "true" if name != "nil" else None
        if names.get("."):
            name = f"{names['.']}.{name}"
        if name not in self.package:
            if name in self.pending:
                self.package[name] = self.value(self.pending[name], {".": names.get(".", "")})
            elif name in self.functions:
                self.package[name] = lambda *arguments: self.call(name, *arguments)
            else:
                raise Unknown(name)
        return self.package[name]

    def value(self, node, names):
        what = node[0]
        if what == "value":
            return node[1]
        if what == "name":
            return self.known[node[1]] if node[1] in self.known and node[1] not in names else self.name(node[1], names)
        if what == "member":
            return self.member(node, names)
        if what == "made":
            return self.made(node, names)
        if what == "call":
            return self.result(node, names)
        if what == "binary":
            return self.binary(node, names)
        if what == "unary":
            value = self.value(node[2], names)
            return not value if node[1] == "!" else -value if node[1] == "-" else value
        if what == "index":
            return self.value(node[1], names)[self.value(node[2], names)]
        if what == "slice":
            low, high = (None if part is None else self.value(part, names) for part in node[2:])
            return self.value(node[1], names)[low:high]
        if what == "type":
            return lambda value=None, *_: value
        raise Unknown(what)

    def member(self, node, names):
        path = dotted(node)
        if path in self.known:
            return self.known[path]
        if path in self.functions or path in self.pending:
            return self.name(path, {})
        holder = self.value(node[1], names)
        if isinstance(holder, Builder):
            return holder.member(node[2])
        if isinstance(holder, dict):
            return holder.get(node[2], 0)  # a field that is not set
        raise Unknown(path)

    def made(self, node, names):
        keyed = {}
        listed = []
        for key, value in node[2]:
            try:
                value = self.value(value, names)
            except Unknown as unknown:
                if key is None or key[0] != "name":
                    self.judged.missed(str(unknown))
                    continue
                value = None  # a field of a rule that says nothing about its snippets
            if key is None:
                listed.append(value)
            else:
                keyed[key[1] if key[0] == "name" and key[1] not in names else self.value(key, names)] = value
        return keyed if keyed else listed

    def result(self, node, names):
        arguments = [self.value(each, names) for each in node[2]]
        if node[3]:
            arguments[-1:] = list(arguments[-1] or [])
        return self.value(node[1], names)(*arguments)

    def binary(self, node, names):
        _, sign, left, right = node
        left, right = self.value(left, names), self.value(right, names)
        operations = {
            "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
            "/": lambda: left // right, "%": lambda: left % right,
            "==": lambda: left == right, "!=": lambda: left != right, "<": lambda: left < right,
            ">": lambda: left > right, "<=": lambda: left <= right, ">=": lambda: left >= right,
            "&&": lambda: left and right, "||": lambda: left or right,
        }
        if sign not in operations:
            raise Unknown(sign)
        return operations[sign]()


def dotted(node):
    if node[0] == "name":
        return node[1]
    return f"{dotted(node[1])}.{node[2]}" if node[0] == "member" else ""
