#!/usr/bin/env python3
"""Finds the coroutine expressions that g++ 12 miscompiles, and the parts of Asio 1.26 that are broken.

    scripts/check_coroutines.py [FILE...]   checks these files, or all of src/, include/, tests/ and bench/
    scripts/check_coroutines.py --self-test checks that the checker finds what it must find

The rule (docs/contributing.md): in a statement with `co_await`, pass only names, plain calls and scalars. So within
one full expression with a co_await there may be no braced temporary or list, no lambda that captures by value, no ?:,
and no macro around it. This is stricter than the compiler needs: some of it would be harmless.
"""
import re
import sys
from pathlib import Path

BRACES = "braces in a statement with co_await: name the value first"
LAMBDA = "a lambda that captures by value in a statement with co_await: name the lambda first"
CONDITIONAL = "?: in a statement with co_await: write if and else"
MACRO = "co_await inside a macro, which may evaluate it twice: name the value first"

BANNED = [
    (r"\basio::detached\b|\basio/detached\.hpp", "asio::detached drops exceptions: use TaskGroup::spawn"),
    (r"\bawaitable_operators\b", "awaitable operators use freed memory on cancel (Asio 1.26)"),
    (r"\bparallel_group\b", "parallel_group uses freed memory on cancel (Asio 1.26)"),
    (r"\bexperimental(::|/)(basic_|concurrent_)?channel\b", "channel is broken after a cancel (Asio 1.26): use AsyncEvent"),
]

TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\.)*)
      | (?P<text>(?:u8|[uUL])?R"(?P<mark>[^()\s]*)\(.*?\)(?P=mark)"|(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"
                |(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
      | (?P<word>[A-Za-z_]\w*) | (?P<number>\d(?:[\w.]|'\w)*) | (?P<sign>::|->|\[\[|.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)

CLOSER = {"(": ")", "[": "]", "{": "}"}
TYPE_HEADS = {"struct", "class", "enum", "union", "namespace"}
BLOCK_HEADS = {"else", "do", "try", "const", "noexcept", "override", "final", "mutable", "requires"}
CONDITIONS = {"if", "for", "while", "switch", "catch"}


class Node:
    """A token, or a group: `(`, `[`, `block` (statements), `init` (a braced value) or `lambda`.

    A lambda's children are its block's; `captures` holds the tokens between its brackets.
    """

    def __init__(self, kind, line, children=None, captures=None):
        self.kind, self.line, self.children, self.captures = kind, line, children, captures

    def is_word(self):
        return self.children is None and re.match(r"\w", self.kind) is not None


def tokens_of(text):
    line, tokens = 1, []
    for match in TOKEN.finditer(text):
        if match.lastgroup != "skip" and not match["skip"]:
            tokens.append(("TEXT" if match["text"] else match[0], line))
        line += match[0].count("\n")
    return tokens


class Parser:
    """Turns tokens into a tree of groups. Never fails: what does not match is left as it is."""

    def __init__(self, text):
        self.tokens, self.at = tokens_of(text), 0

    def group(self, outer, closer):
        nodes, introducer = [], None
        while self.at < len(self.tokens):
            kind, line = self.tokens[self.at]
            self.at += 1
            if kind == closer:
                break
            if kind == "[[":  # an attribute
                self.group("[", "]")
                self.at += 1
            elif kind == "[":
                is_lambda = introduces_lambda(nodes)
                nodes.append(Node("[", line, self.group("[", "]")))
                introducer = len(nodes) - 1 if is_lambda else introducer
            elif kind == "(":
                nodes.append(Node("(", line, self.group("(", ")")))
            elif kind == "{" and introducer is not None:
                captures = nodes[introducer].children
                nodes[introducer:] = [Node("lambda", line, self.group("block", "}"), captures)]
                introducer = None
            elif kind == "{":
                shape = "block" if opens_block(nodes, outer) else "init"
                nodes.append(Node(shape, line, self.group(shape, "}")))
            else:
                nodes.append(Node(kind, line))
                introducer = None if kind == ";" else introducer
        return nodes


def introduces_lambda(before):
    """Whether a `[` after these nodes begins a lambda: not a subscript, not a structured binding."""
    if not before:
        return True
    last = before[-1]
    if last.kind in ("&", "&&") and len(before) > 1:
        last = next((node for node in reversed(before) if node.kind != "&"), last)
        return last.kind != "auto"
    if last.is_word():
        return last.kind in ("return", "co_return", "co_await", "co_yield")
    return last.kind not in ("(", "[", "init", "lambda", "TEXT")


def opens_block(before, outer):
    """Whether a `{` after these nodes begins statements or a type's body, rather than a value."""
    if outer in ("(", "[", "init"):
        return False
    if not before or before[-1].kind in (";", "block", "(", ":"):
        return True
    last = before[-1]
    if last.kind in BLOCK_HEADS:
        return True
    head = []  # the statement so far, backwards
    for node in reversed(before):
        if node.kind in (";", "block"):
            break
        head.append(node.kind)
    if last.kind == "init":  # `Foo() : a_{1} {`: the last initialiser, then the body
        return ":" in head
    if not (last.is_word() or last.kind in (">", "TEXT", "&", "*")):
        return False
    return bool(TYPE_HEADS & set(head)) or "extern" in head or is_return_type(head)


def is_return_type(head):
    """`head`, backwards from a brace: a type, then `->`, as in `auto f() -> Task<int> {`."""
    for kind in head:
        if kind == "->":
            return True
        if not re.fullmatch(r"\w+|::|[<>,&*]", kind) or kind in ("return", "co_return", "co_await"):
            return False
    return False


def statements(nodes):
    """Splits the nodes of a block into full expressions, headers of if and for being expressions of their own."""
    current = []
    for node in nodes:
        is_header = node.kind == "(" and current and current[-1].kind in CONDITIONS | {"constexpr"}
        if is_header:
            yield from statements(node.children)
            current = []
        elif node.kind in (";", "block"):
            yield current
            current = []
        else:
            current.append(node)
    yield current


def walk(nodes):
    """Every node of a full expression; what is inside a lambda belongs to the lambda's own statements."""
    for node in nodes:
        yield node
        if node.children and node.kind not in ("lambda", "block"):
            yield from walk(node.children)


def captures_by_value(captures):
    item = []
    for node in captures + [Node(",", 0)]:
        if node.kind != ",":
            item.append(node.kind)
            continue
        if item and item[0] != "&" and item != ["this"]:
            return True
        item = []
    return False


def awaits_in_macro(nodes):
    for before, node in zip(nodes, nodes[1:]):
        is_call = node.kind == "(" and before.is_word()
        if is_call and re.fullmatch(r"[A-Z][A-Z0-9_]{2,}", before.kind):
            if any(inner.kind == "co_await" for inner in walk(node.children)):
                return True
    return any(awaits_in_macro(node.children) for node in nodes if node.kind in ("(", "[", "init"))


def expression_complaints(expression):
    nodes = list(walk(expression))
    awaits = [node for node in nodes if node.kind == "co_await"]
    if not awaits:
        return
    found = set()
    for node in nodes:
        if node.kind == "init":
            found.add(BRACES)
        elif node.kind == "?":
            found.add(CONDITIONAL)
        elif node.kind == "lambda" and captures_by_value(node.captures):
            found.add(LAMBDA)
    if awaits_in_macro(expression):
        found.add(MACRO)
    for complaint in sorted(found):
        yield awaits[0].line, complaint


def tree_complaints(nodes):
    for expression in statements(nodes):
        yield from expression_complaints(expression)
    for node in nodes:
        if node.children:
            yield from tree_complaints(node.children)


def check(text):
    """The complaints about one file: (line, text), in order."""
    complaints = set(tree_complaints(Parser(text).group("block", None)))
    without_comments = re.sub(r"//[^\n]*", "", text)
    for pattern, complaint in BANNED:
        for match in re.finditer(pattern, without_comments):
            complaints.add((without_comments.count("\n", 0, match.start()) + 1, complaint))
    return sorted(complaints)


# The complaint (None: good) and a function body.
SELF_TEST = [
    # Shape 1: an aggregate temporary.
    (BRACES, "co_await send(Job{.to = a, .attempt = 3});"),
    (BRACES, "const auto [error, n] = co_await write(socket, Frame{1, text}, use_task);"),
    (BRACES, "if (co_await send(Job{a})) { stop(); }"),
    (BRACES, "co_return co_await send(Job{});"),
    (BRACES, "const Job job{co_await next()};"),
    (None, "Job job{.to = a, .attempt = 3}; co_await send(std::move(job));"),
    (None, "co_await send(std::string(text), x + \"{y}\");"),
    (None, "if (!result) { co_return Error(code, \"x\"); } co_await send(job);"),
    (None, "const auto reply = co_await send(job); co_return Reply{reply.id};"),
    # Shape 2: a lambda that captures by value.
    (LAMBDA, "co_await run([job] { job.work(); });"),
    (LAMBDA, "co_await run([this, text = std::move(text)]() mutable { use(text); });"),
    (LAMBDA, "co_await [=]() -> Task<> { co_return; }();"),
    (LAMBDA, "auto value = co_await pool.run([=](int x) -> std::vector<int> { return f(x); });"),
    (None, "auto work = [job] { job.work(); }; co_await run(work);"),
    (None, "co_await run([&] { f(); }); co_await run([this, &x] { g(x); }); co_await run([] {});"),
    (None, "const auto& [error, n] = co_await f(); values[n] = co_await g(values[0]);"),
    # Shape 3: a conditional.
    (CONDITIONAL, "auto text = is_new ? co_await make() : std::string();"),
    (CONDITIONAL, "co_await send(is_new ? a : b);"),
    (None, "const auto& target = is_new ? a : b; co_await send(target);"),
    # Shape 4: braces that make a list.
    (BRACES, "co_await send({{\"type\", \"x\"}});"),
    (BRACES, "co_await send({a, b, c});"),
    (BRACES, "for (auto& row : co_await rows({1, 2})) { use(row); }"),
    (None, "const std::vector<int> ids{1, 2}; for (auto& row : co_await rows(ids)) { use(row); }"),
    # A macro around it.
    (MACRO, "REQUIRE(co_await store.get(id));"),
    (None, "const auto user = co_await store.get(id); REQUIRE(user);"),
    # Where a statement ends.
    (BRACES, "auto body = [&]() -> Task<> { co_await send({1}); };"),
    (BRACES, "group.spawn(\"x\", [this]() -> Task<> { co_await send(Job{1}); });"),
    (None, "group.spawn(\"x\", [this, id]() -> Task<> { co_await send(id); });"),
    (None, "switch (kind) { case Kind::a: { co_await f(); break; } default: co_await g(); }"),
    (None, "while (!done) { const auto n = co_await read(buffer); sum += n > 0 ? 1 : 0; }"),
    (None, "/* co_await f({1}); */ f({1}); // co_await g({1});"),
    (None, "f(R\"(co_await g({1});)\"); [[maybe_unused]] const int big = 1'000; co_await h();"),
]


def self_test():
    failures = 0
    for expected, body in SELF_TEST:
        text = "struct S final : Base<int> {\n    S() : a_{1} {}\n    Task<> run(int n) {\n" + body + "\n    }\n};\n"
        found = {complaint for _, complaint in check(text)}
        if found != ({expected} if expected else set()):
            failures += 1
            print(f"self-test: expected {expected}, found {sorted(found)} in: {body}")
    for banned in ("asio::detached", "asio::experimental::channel<int>", "using namespace awaitable_operators"):
        failures += 0 if check(f"void f() {{ {banned}; }}") else 1
    print(f"check_coroutines self-test: {len(SELF_TEST) + 3 - failures} passed, {failures} failed")
    return 1 if failures else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = Path(__file__).resolve().parent.parent
    paths = [Path(name) for name in sys.argv[1:]]
    paths = paths or sorted(path for top in ("src", "include", "tests", "bench") for path in (root / top).rglob("*.[ch]pp"))
    count = 0
    for path in paths:
        for line, complaint in check(path.read_text(encoding="utf-8")):
            count += 1
            print(f"{path}:{line}: {complaint}")
    print(f"check_coroutines: {len(paths)} files, {count} complaints")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
