"""Reads the part of Go in which gitleaks and betterleaks write their rules: tokens, expressions, statements."""

import ast
import re

TOKEN = re.compile(r"""
    (?P<gap>[ \t\r]+|//[^\n]*)
  | (?P<block>/\*.*?\*/)
  | (?P<line>\n)
  | (?P<raw>`[^`]*`)
  | (?P<text>"(?:[^"\\\n]|\\.)*")
  | (?P<rune>'(?:[^'\\]|\\[^']+|\\')')
  | (?P<number>0x[0-9a-fA-F]+|\d+\.\d*|\.\d+|\d+)
  | (?P<name>[^\W\d]\w*)
  | (?P<sign>\.\.\.|:=|\+=|-=|==|!=|<=|>=|&&|\|\||<<|>>|\+\+|--|[-+*/%&|^<>=!()\[\]{},;.:])
""", re.X | re.S)
ENDS = re.compile(r"[\w)\]}]$|[\"'`]$")
BINARY = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-", "|", "^"], ["*", "/", "%", "<<", ">>", "&"]]


def tokens(source):
    """Tokens as (kind, text), with the semicolons that Go adds at the ends of lines."""
    out, place = [], 0
    while place < len(source):
        found = TOKEN.match(source, place)
        if not found:
            raise SyntaxError(f"no token at {source[place:place + 20]!r}")
        place = found.end()
        if found.lastgroup == "line":
            last = out[-1] if out else ("sign", ";")
            if last[0] != "sign" or last[1] in (")", "]", "}", "++", "--"):
                out.append(("sign", ";"))
        elif found.lastgroup not in ("gap", "block"):
            out.append((found.lastgroup, found[0]))
    return out + [("sign", ";"), ("end", "")]


class Reader:
    """A recursive descent over the tokens; every node is a tuple whose first part names it."""

    def __init__(self, source):
        self.tokens, self.at = tokens(source), 0

    def peek(self, ahead=0):
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)][1]

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, sign):
        if self.tokens[self.at][0] != "text" and self.peek() == sign:
            self.at += 1
            return True
        return False

    def want(self, sign):
        if not self.take(sign):
            raise SyntaxError(f"{sign} wanted, {self.peek()!r} found")

    def skip_braces(self, opening="{", closing="}"):
        depth = 0
        while True:
            sort, text = self.next()
            if sort == "end":
                raise SyntaxError("the file ends in a block")
            depth += (sort == "sign") * ((text == opening) - (text == closing))
            if depth == 0:
                return

    # Types are only skipped: values know what they are.
    def type(self):
        if self.take("["):
            while not self.take("]"):
                self.next()
            return self.type()
        if self.take("*") or self.take("..."):
            return self.type()
        if self.peek() == "map":
            self.next()
            self.want("[")
            self.type()
            self.want("]")
            return self.type()
        if self.peek() in ("struct", "interface"):
            self.next()
            self.skip_braces()
            return "struct"
        if self.peek() == "func":
            self.next()
            self.skip_braces("(", ")")
            return "func"
        name = self.next()[1]
        while self.take("."):
            name += "." + self.next()[1]
        return name

    def expression(self, level=0, bare=True):
        if level == len(BINARY):
            return self.unary(bare)
        left = self.expression(level + 1, bare)
        while self.tokens[self.at][0] == "sign" and self.peek() in BINARY[level]:
            sign = self.next()[1]
            left = ("binary", sign, left, self.expression(level + 1, bare))
        return left

    def unary(self, bare):
        if self.tokens[self.at][0] == "sign" and self.peek() in ("!", "-", "&", "*", "+"):
            return ("unary", self.next()[1], self.unary(bare))
        return self.primary(bare)

    def primary(self, bare):
        node = self.operand()
        while True:
            if self.take("."):
                if self.take("("):
                    self.type()
                    self.want(")")
                else:
                    node = ("member", node, self.next()[1])
            elif self.take("("):
                node = self.call(node)
            elif self.take("["):
                node = self.index(node)
            elif bare and self.peek() == "{" and self.tokens[self.at][0] == "sign" and node[0] in ("name", "member", "type"):
                node = ("made", node, self.elements())
            else:
                return node

    def operand(self):
        sort, text = self.next()
        if sort == "raw":
            return ("value", text[1:-1].replace("\r", ""))
        if sort in ("text", "rune"):
            return ("value", ast.literal_eval(text))
        if sort == "number":
            return ("value", float(text) if "." in text else int(text, 0))
        if sort == "name" and text == "func":
            self.skip_braces("(", ")")
            while self.peek() != "{":
                self.next()
            self.skip_braces()
            return ("value", None)
        if text in ("[", "map", "struct"):
            self.at -= 1
            return ("type", self.type())
        if sort == "name":
            return ("name", text)
        if text == "(":
            node = self.expression()
            self.want(")")
            return node
        raise SyntaxError(f"no value begins with {text!r}")

    def call(self, function):
        arguments, spread = [], False
        while not self.take(")"):
            arguments.append(self.expression())
            spread |= self.take("...")
            self.take(",")
            self.take(";")
        return ("call", function, arguments, spread)

    def index(self, node):
        low = None if self.peek() == ":" else self.expression()
        if self.take("]"):
            return ("index", node, low)
        self.want(":")
        high = None if self.peek() == "]" else self.expression()
        self.want("]")
        return ("slice", node, low, high)

    def elements(self):
        self.want("{")
        out = []
        while not self.take("}"):
            key, value = None, self.element()
            if self.take(":"):
                key, value = value, self.element()
            out.append((key, value))
            self.take(",")
            self.take(";")
        return out

    def element(self):
        if self.peek() == "{" and self.tokens[self.at][0] == "sign":
            return ("made", None, self.elements())
        return self.expression()

    def block(self):
        self.want("{")
        out = []
        while not self.take("}"):
            if not self.take(";"):
                out.append(self.statement())
        return out

    def statement(self):
        word = self.peek() if self.tokens[self.at][0] == "name" else ""
        if word in ("var", "const"):
            return ("all", self.declarations())
        if word == "return":
            self.next()
            values = [] if self.peek() in (";", "}") else self.list()
            return ("return", values)
        if word == "for":
            return self.loop()
        if word == "if":
            return self.condition()
        if word in ("continue", "break"):
            return (self.next()[1],)
        return self.simple()

    def simple(self, bare=True):
        left = self.list(bare)
        for sign in (":=", "=", "+="):
            if self.take(sign):
                if self.peek() == "range":
                    self.next()
                    return ("range", left, self.expression(0, bare))
                return ("set", sign, left, self.list(bare))
        if self.take("++"):
            return ("set", "+=", left, [("value", 1)])
        return ("do", left[0])

    def list(self, bare=True):
        out = [self.expression(0, bare)]
        while self.take(","):
            out.append(self.expression(0, bare))
        return out

    def loop(self):
        self.next()
        if self.peek() == "{":
            return ("forever", self.block())
        if self.peek() == "range":
            self.next()
            return ("each", [], self.expression(0, False), self.block())
        head = self.simple(False)
        if head[0] != "range":
            raise SyntaxError("a loop with a counter")
        return ("each", head[1], head[2], self.block())

    def condition(self):
        self.next()
        before = self.simple(False)
        test = before[1] if before[0] == "do" else None
        if self.take(";"):
            test = self.expression(0, False)
        then, other = self.block(), []
        if self.take("else"):
            other = [self.condition()] if self.peek() == "if" else self.block()
        return ("if", before if before[0] != "do" else None, test, then, other)

    def declarations(self):
        self.next()
        out = []
        if self.take("("):
            while not self.take(")"):
                if not self.take(";"):
                    out.append(self.declaration())
        else:
            out.append(self.declaration())
        return out

    def declaration(self):
        names = [("name", self.next()[1])]
        while self.take(","):
            names.append(("name", self.next()[1]))
        sort = None if self.peek() in ("=", ";") else self.type()
        if self.take("="):
            return ("set", ":=", names, self.list())
        return ("empty", names, sort)

    def file(self):
        """The functions by name, as (parameters, body), and the declarations of the package."""
        functions, package = {}, []
        while self.tokens[self.at][0] != "end":
            if self.peek() == "func" and self.peek(1) != "(":
                self.next()
                name = self.next()[1]
                if self.peek() == "[":
                    self.skip_braces("[", "]")
                parameters = self.parameters()
                while self.peek() != "{":
                    self.next()
                start = self.at
                try:
                    functions[name] = (parameters, self.block())
                except (SyntaxError, IndexError) as error:
                    functions[name] = (parameters, error)
                    self.at = start
                    self.skip_braces()
            elif self.peek() == "func":
                while self.peek() != "{":
                    self.next()
                self.skip_braces()
            elif self.peek() in ("var", "const"):
                package += self.declarations()
            elif self.peek() == "type":
                while self.peek() not in ("{", ";"):
                    self.next()
                if self.peek() == "{":
                    self.skip_braces()
            elif self.peek() == "import" and self.peek(1) == "(":
                self.next()
                self.skip_braces("(", ")")
            else:
                self.next()
        return functions, package

    def parameters(self):
        self.want("(")
        names = []
        while not self.take(")"):
            names.append(self.next()[1])
            if self.peek() == "...":
                names[-1] = "..." + names[-1]
            depth = 0
            while depth or self.peek() not in (",", ")"):
                depth += (self.peek() in "([{") - (self.peek() in ")]}")
                self.next()
            self.take(",")
        return names
