#!/usr/bin/env python3
"""Checks the SQL of src/ (TRUST.md T47): every text handed to SQLite is a literal, and every statement of the
stores is answered by an index.

    scripts/check_sql.py               checks every file of src/ and include/ping/
    scripts/check_sql.py --self-test   checks that the checker finds what it must find
"""
import re
import sqlite3

from lib.source_check import main

# Functions that take SQL, with the place of that argument.
TAKES_SQL = {"prepare": 0, "run_script": 1, "sqlite3_exec": 1, "sqlite3_prepare": 1, "sqlite3_prepare_v2": 1,
             "sqlite3_prepare_v3": 1}
FORBIDDEN = re.compile(r"\bsqlite3_v?(mprintf|snprintf)\b")
CALL = re.compile(r"\b(" + "|".join(TAKES_SQL) + r")\s*\(")
# The two places that hand on what their callers were checked for, and the names they do it by.
HANDS_ON = {"src/sqlite/statement.cpp": {"sql.data()"}, "src/sqlite/open.cpp": {"script.data()", "migration.sql"}}
DECLARATION = re.compile(r"(const )?(std::string_view|char\*) \w+")
LITERAL = re.compile(r'R"(\w*)\((.*?)\)\1"|"((?:[^"\\]|\\.)*)"', re.S)
STORES = re.compile(r"src/(storage|ephemeral|jobs)/sqlite/")
# Their buffers have a prepare() too; check_layers.py keeps SQLite out of them.
WITHOUT_SQL = re.compile(r"(src|include/ping)/(http|realtime)/")


def without_comments(text):
    """Blanks comments, keeps literals and line numbers."""
    token = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'|//[^\n]*|/\*.*?\*/', re.S)
    blank = lambda found: re.sub(r"[^\n]", " ", found[0]) if found[0].startswith("/") else found[0]
    return token.sub(blank, text)


def without_literals(text):
    """Blanks what stands in literals: the word prepare in one is no call."""
    return LITERAL.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def arguments(text, start):
    """The arguments of the call whose bracket opens just before `start`."""
    found, begin, depth, at = [], start, 0, start
    while at < len(text):
        literal = LITERAL.match(text, at)
        if literal:
            at = literal.end()
            continue
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}" and depth > 0:
            depth -= 1
        elif text[at] == ")" or (text[at] == "," and depth == 0):
            found.append(text[begin:at].strip())
            begin = at + 1
            if text[at] == ")":
                return found
        at += 1
    return found


def literal_text(argument):
    """The SQL when the argument is nothing but literals, else None."""
    if not argument or LITERAL.sub("", argument).strip():
        return None
    parts = [raw if raw else plain.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
             for _, raw, plain in LITERAL.findall(argument)]
    return "".join(parts)


def check_text(path, text):
    """Complaints about a file, and the statements in it as (line, sql)."""
    complaints, statements = [], []
    text = without_comments(text)
    line_of = lambda at: text.count("\n", 0, at) + 1
    code = without_literals(text)
    for found in FORBIDDEN.finditer(code):
        complaints.append(f"{path}:{line_of(found.start())}: {found[0]} builds SQL from values: bind them")
    for found in CALL.finditer(code):
        given = arguments(text, found.end())
        place = TAKES_SQL[found[1]]
        argument = given[place] if place < len(given) else ""
        sql = literal_text(argument)
        if sql is not None:
            statements.append((line_of(found.start()), sql))
        elif not DECLARATION.fullmatch(argument) and argument not in HANDS_ON.get(path, ()):
            complaints.append(f"{path}:{line_of(found.start())}: the SQL of {found[1]}() is not a literal: {argument}")
    return complaints, statements


def check_plan(schema, sql):
    """What the plan reads from end to end, or None."""
    parameters = [None] * re.sub(r"'[^']*'", "", sql).count("?")
    try:
        rows = schema.execute("EXPLAIN QUERY PLAN " + sql, parameters).fetchall()
    except sqlite3.Error as error:
        return f"does not fit the schema: {error}"
    # Such a DELETE has no plan at all.
    if re.match(r"(DELETE|UPDATE)\b(?!.*\bWHERE\b)", sql, re.S):
        return "changes every row"
    for row in rows:
        if re.match(r"SCAN (?!CONSTANT ROW|\()", row[3]):
            return f"reads a whole table or index: {row[3]}"
    return None


def load_schema(root):
    schema = sqlite3.connect(":memory:")
    for script in sorted((root / "src/storage/sqlite/sql").glob("*.sql")):
        schema.executescript(script.read_text(encoding="utf-8"))
    return schema


def check_tree(root):
    complaints, count = [], 0
    schema = load_schema(root)
    for folder in ("src", "include/ping"):
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            path = file.relative_to(root).as_posix()
            if WITHOUT_SQL.match(path):
                continue
            found, statements = check_text(path, file.read_text(encoding="utf-8"))
            complaints += found
            for line, sql in statements if STORES.match(path) else ():
                count += 1
                problem = check_plan(schema, sql)
                if problem:
                    complaints.append(f"{path}:{line}: {problem}\n    {sql}")
    return complaints, count


BAD = ['c.prepare("SELECT " + name);', "c.prepare(sql);", 'c.prepare(fmt::format("SELECT {}", x)).run();',
       'c.prepare(std::string("SELECT 1"));', 'run_script(c, "PRAGMA x = " + y);', "c.prepare(a ? \"x\" : \"y\");",
       "sqlite3_exec(db, text.c_str(), 0, 0, 0);", 'sqlite3_prepare_v2(db, build(), -1, &s, 0);',
       'auto* p = sqlite3_mprintf("%q", x);', 'c.prepare( /* "ok" */ text );', "c.prepare();"]
GOOD = ['c.prepare("SELECT 1");', 'c.prepare("SELECT \\"a\\""\n    " FROM b");', 'c.prepare(R"(SELECT (1))").run();',
        "Statement prepare(std::string_view sql);", "// c.prepare(sql)", 'run_script(*c, "PRAGMA a;" "PRAGMA b");',
        "void run_script(Connection& c, std::string_view script);", 'log("prepare(" + x);']


def self_test():
    wrong = [f"not found: {text}" for text in BAD if not check_text("src/a.cpp", text)[0]]
    wrong += [f"wrongly found: {text}" for text in GOOD if check_text("src/a.cpp", text)[0]]
    schema = sqlite3.connect(":memory:")
    schema.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE INDEX t_a ON t (a)")
    for sql in ("SELECT b FROM t", "SELECT b FROM t WHERE b = ?", "DELETE FROM t", "SELECT a FROM t ORDER BY a",
                "SELECT nothing FROM t", "SELECT x.b FROM t x JOIN t y ON x.b = y.b WHERE y.a = ?"):
        wrong += [] if check_plan(schema, sql) else [f"plan passes: {sql}"]
    for sql in ("SELECT b FROM t WHERE a = ?", "INSERT INTO t (a) VALUES (?)", "UPDATE t SET b = '?' WHERE id = ?",
                "SELECT count(*) FROM (SELECT 1 FROM t WHERE a = ? LIMIT 5)", "SELECT 1"):
        problem = check_plan(schema, sql)
        wrong += [f"plan fails: {sql}: {problem}"] if problem else []
    return wrong, len(BAD) + len(GOOD)


if __name__ == "__main__":
    main("check_sql", __doc__, check_tree, self_test)
