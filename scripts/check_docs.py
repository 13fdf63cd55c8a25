#!/usr/bin/env python3
"""Checks that README.md and docs/*.md speak of what is there: every file or folder named in backticks or linked to
exists, and every function that is named with its file occurs in it.

    scripts/check_docs.py               checks README.md and docs/*.md
    scripts/check_docs.py --self-test   checks that the checker finds what it must find

In backticks:
    `src/http/router.cpp`, `tests/e2e/`     a path from the top of the tree
    `routes.cpp`, `http/router.hpp`         the end of some path of the tree
    `src/http/router.cpp: Router::match`    each part of the name occurs in that file; more names after commas
    `Router::match`                         occurs in a file named before in the same paragraph, item or row, else
                                            anywhere in the code
Not looked at: code blocks, paths that start with / or ~, what a build makes (build/), names with < or $ in them.
"""
import fnmatch
import posixpath
import re

from lib.source_check import main

# Trees that are not ours or not kept.
SKIPPED = {".git", "build", "node_modules", "pingd-data"}
ENDINGS = "cpp|hpp|py|sh|md|toml|txt|cmake|json|sql|service|mjs|html|subject|clang-tidy|clang-format"
FILE = re.compile(rf"[\w.*/-]*[\w*-]\.({ENDINGS})|(README|Dockerfile|CMakeLists\.txt)")
NAME = re.compile(r"~?\w+(::~?\w+)*")
NAMED = re.compile(r"(?P<path>\S+): (?P<names>.+)")
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
CODE = (".cpp", ".hpp")
FOREIGN = {"std", "asio", "boost", "experimental"}
COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.S)


class Tree:
    """The files of the repository: path -> text, read when asked for."""

    def __init__(self, files, read):
        self.files, self.read, self.texts = set(files), read, {}
        self.folders = {"/".join(path.split("/")[:depth]) for path in files for depth in range(1, path.count("/") + 1)}
        self.tops = {path.split("/")[0] for path in self.folders}

    def text(self, path):
        if path not in self.texts:
            text = self.read(path)
            # A name that is left in comments only is gone.
            self.texts[path] = COMMENT.sub(lambda found: found[1] or "", text) if path.endswith(CODE) else text
        return self.texts[path]

    def has(self, path):
        path = path.rstrip("/")
        if "*" in path:
            return any(fnmatch.fnmatch(file, path) for file in self.files)
        return path in self.files or path in self.folders

    def has_ending(self, path):
        return self.has(path) or any(fnmatch.fnmatch(file, "*/" + path) for file in self.files)

    def code(self):
        return [path for path in self.files if path.endswith(CODE)]

    def names(self, path, name):
        return all(re.search(rf"(?<!\w){re.escape(part)}(?!\w)", self.text(path)) for part in name.split("::"))


def blocks_of(text):
    """(line, text) of the paragraphs, items and table rows; fenced and indented code is left out."""
    blocks, begin, lines, is_fenced, was_blank, in_item = [], 0, [], False, True, False

    def end():
        if lines:
            blocks.append((begin, "\n".join(lines)))
            lines.clear()

    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            end()
            is_fenced = not is_fenced
            continue
        if is_fenced:
            continue
        is_item = re.match(r"\s*([-*]|\d+\.) ", line) is not None
        if not line.strip():
            end()
            was_blank = True
            continue
        if line.startswith("    ") and was_blank and not in_item:
            continue
        in_item = is_item or (in_item and line.startswith(" "))
        was_blank = False
        if is_item or line.startswith(("|", "#")):
            end()
        if not lines:
            begin = number
        lines.append(line)
    end()
    return blocks


def is_path(token, tree):
    if token.startswith(("/", "~", "./", "build/")) or re.search(r"[<$\s]", token):
        return False
    if FILE.fullmatch(token):
        return True
    return "/" in token and token.split("/")[0] in tree.tops and re.fullmatch(r"[\w.*/-]+", token) is not None


def path_complaint(token, tree):
    is_whole = "/" in token and token.split("/")[0] in tree.tops
    found = tree.has(token) if is_whole else tree.has_ending(token)
    return None if found else f"`{token}` is not in the tree"


def named_complaints(path, names, tree):
    if not tree.has(path) or path.rstrip("/") in tree.folders:
        return [f"`{path}` is not a file of the tree"]
    return [f"`{name}` does not occur in {path}" for name in names if not tree.names(path, name)]


def span_complaints(token, tree, before):
    """`before`: the code files named so far in the block; grows."""
    named = NAMED.fullmatch(token)
    if named and is_path(named["path"], tree):
        names = named["names"].split(", ")
        if all(NAME.fullmatch(name) for name in names):
            before += [named["path"]] if tree.has(named["path"]) else []
            return named_complaints(named["path"], names, tree)
    if is_path(token, tree):
        complaint = path_complaint(token, tree)
        if not complaint and token in tree.files and token.endswith(CODE):
            before.append(token)
        return [complaint] if complaint else []
    name = token.removesuffix("()")
    if "::" in name and NAME.fullmatch(name) and name.split("::")[0] not in FOREIGN:
        where = before or tree.code()
        if not any(tree.names(path, name) for path in where):
            return [f"`{name}` does not occur in {', '.join(sorted(set(before))) or 'the code'}"]
    return []


def check_page(page, text, tree):
    complaints = []
    for line, block in blocks_of(text):
        before = []
        for span in SPAN.finditer(block):
            at = line + block.count("\n", 0, span.start())
            complaints += [f"{page}:{at}: {what}" for what in span_complaints(span[1], tree, before)]
        for link in LINK.finditer(block):
            if "://" in link[1]:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link[1]))
            if not tree.has(target):
                complaints.append(f"{page}:{line}: the link to {link[1]} leads nowhere")
    return complaints


def check_tree(root):
    def walk(folder):
        for path in sorted(folder.iterdir()):
            if path.name in SKIPPED:
                continue
            if path.is_dir():
                yield from walk(path)
            elif path.is_file():
                yield path.relative_to(root).as_posix()

    tree = Tree(list(walk(root)), lambda path: (root / path).read_text(encoding="utf-8"))
    pages = [path for path in sorted(tree.files) if path == "README.md" or re.fullmatch(r"docs/[^/]+\.md", path)]
    complaints = []
    for page in pages:
        complaints += check_page(page, (root / page).read_text(encoding="utf-8"), tree)
    return complaints, len(pages)


SAMPLE = {
    "README.md": "", "docs/a.md": "", "config/pingd.toml": "", "src/http/CMakeLists.txt": "",
    "src/http/router.cpp": "Match Router::match(int a) { return find(a); }\n// gone_since\n",
    "src/http/session.cpp": 'void Session::run() { log("a // b"); answer(); }',
    "include/ping/http/router.hpp": "class Router { void add(); Match match(int); };",
}
BAD = ["`src/http/routes.cpp`", "`routes.cpp`", "`src/ftp/`", "`include/ping/http/*.cpp`", "`docs/none.md`",
       "`src/http/router.cpp: Router::find_all`", "`src/http/router.cpp: gone_since`", "`src/http/none.cpp: match`",
       "`src/http/router.cpp: match, nothing`", "`Router::nothing`", "`Router::mat`", "[a](none.md)",
       "`src/http/session.cpp` has `Router::match`", "- item\n  `none.cpp`", "| row | `none.cpp` |", "`src/http/: run`",
       "- item\n\n    `none.cpp` in an item", "```\ncode\n```\n`none.cpp`"]
GOOD = ["`src/http/router.cpp`", "`router.cpp`", "`http/router.hpp`", "`src/http/`", "`src/http`", "`src/*/router.cpp`",
        "`src/http/router.cpp: Router::match`", "`src/http/router.cpp: match, find`", "`Router::add`", "`Router::add()`",
        "`src/http/session.cpp: answer`", "`src/http/router.cpp` and `src/http/session.cpp`: `Router::match`",
        "`build/dev/none.cpp`", "`/etc/pingd/none.toml`", "`std::nothing`", "`limits.request`", "`key: value`",
        "```\n`none.cpp`\n```", "    `none.cpp` in code", "[a](a.md)", "[a](../README.md#b)", "[a](https://a.b/c.md)",
        "`src/<engine>/none.cpp`", "a `.cpp`", "`POST /api/v1/none.json`", "`a -> b`"]


def self_test():
    tree = Tree(SAMPLE, SAMPLE.get)
    wrong = [f"not found: {text!r}" for text in BAD if len(check_page("docs/a.md", text, tree)) != 1]
    for text in GOOD:
        wrong += [f"wrongly found: {text!r}: {what}" for what in check_page("docs/a.md", text, tree)]
    return wrong, len(BAD) + len(GOOD)


if __name__ == "__main__":
    main("check_docs", __doc__, check_tree, self_test)
