#!/usr/bin/env python3
"""Checks who includes whom: the layers of docs/contributing.md, as one table.

    scripts/check_layers.py               checks every file of src/ and include/ping/
    scripts/check_layers.py --self-test   checks that the checker finds what it must find
"""
import posixpath
import re

from lib.source_check import main

# Layer, its files (first match wins; paths without src/ and include/ping/), the layers it may include.
# Every layer may include itself. A file that no row names is an error: a new folder needs a row.
PORTS = "storage ephemeral jobs bus mail sms blobs"
LAYERS = [
    ("main", r"main\.cpp", "app"),
    ("app", r"app/", "*"),
    ("core", r"core/", ""),
    ("domain", r"domain/", "core"),
    ("crypto", r"crypto/", "core"),
    ("runtime", r"runtime/", "core"),
    ("sqlite", r"sqlite/", "core runtime"),
    ("redis", r"redis/", "core crypto runtime"),
    ("http", r"http/", "core runtime"),
    ("handshake", r"(?!)", ""),  # the part of http that realtime sees, polling needs routes: see PUBLIC_PARTS
    ("realtime", r"realtime/", "core crypto runtime handshake"),
    ("storage adapter", r"storage/\w+/", f"core domain runtime crypto sqlite {PORTS}"),
    ("ephemeral adapter", r"ephemeral/\w+/", f"core domain runtime crypto sqlite redis {PORTS}"),
    ("jobs adapter", r"jobs/\w+/", f"core domain runtime crypto sqlite {PORTS}"),
    ("bus adapter", r"bus/\w+/", f"core domain runtime crypto sqlite {PORTS}"),
    ("storage", r"storage/", "core domain runtime"),
    ("ephemeral", r"ephemeral/", "core domain runtime"),
    ("jobs", r"jobs/", "core domain runtime"),
    ("bus", r"bus/", "core domain runtime"),
    ("mail", r"mail/(mailer|otp_mail_job|otp_sender|templates)\.hpp", "core crypto domain runtime jobs"),
    ("mail adapter", r"mail/", f"core domain runtime crypto sqlite {PORTS}"),
    ("sms", r"sms/sms_sender\.hpp", "core domain runtime"),
    ("sms adapter", r"sms/", f"core domain runtime crypto {PORTS}"),
    ("blobs", r"blobs/blob_store\.hpp", "core domain runtime"),
    ("blobs adapter", r"blobs/", f"core domain runtime crypto {PORTS}"),
    ("images", r"images/", "core domain runtime"),
    ("module", r"(auth|users|chats|media|shop)/", f"core domain crypto runtime http realtime images {PORTS}"),
]

# Headers that count as another layer for those that may not see the whole folder.
PUBLIC_PARTS = {f"http/{name}.hpp": "handshake" for name in ("upgrade", "request", "response", "router")}

# Inside a module: routes -> controller -> service -> ports. The file's stem and the layers it must not include.
ROLES = [
    (r"(\w+_)?service", "http realtime", "a service knows no HTTP and no socket"),
    (r"(\w+_)?controller", PORTS, "a controller goes through its service"),
    (r"(\w+_)?routes", PORTS, "routes name controllers only"),
]
# What a module may include of another module: what it does, its data, and how these look as JSON.
MODULE_DOOR = r"(\w+_)?(service|types|codec)\.hpp"

# Headers of a library, and the only files that may include them.
LIBRARIES = [
    ("boost/beast", r"src/(http|realtime)/|src/runtime/boost_beast\.cpp"),
    ("sqlite3.h", r"(src|include/ping)/sqlite/"),
    ("curl/", r"src/(mail|sms|blobs|shop)/"),
    ("hiredis/", r"src/redis/"),
    ("amqp", r"src/jobs/rabbitmq/"),
    ("jpeglib.h", r"src/images/"),
    ("png.h", r"src/images/"),
    ("gif_lib.h", r"src/images/"),
    ("webp/", r"src/images/"),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def inner(path):
    """A repository path without its root: src/core/id.cpp and include/ping/core/id.hpp are both core/..."""
    return re.sub(r"^(src|include/ping)/", "", path)


def layer_of(path):
    for name, pattern, allowed in LAYERS:
        if re.match(pattern, path):
            return name, allowed.split()
    return None, []


def target_of(path, included, files):
    """The inner path of a quoted include: ours by `ping/`, beside the file, or from src/."""
    if included.startswith("ping/"):
        return included.removeprefix("ping/")
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), included))
    return inner(beside if beside in files or "/" not in included else included)


def module_complaint(source, target, target_layer):
    source_module, target_module = source.split("/")[0], target.split("/")[0]
    if target_layer == "module" and source_module != target_module:
        if not re.fullmatch(MODULE_DOOR, posixpath.basename(target)):
            return f"module {source_module} may include only {target_module}'s service, types and codec headers"
    stem = posixpath.splitext(posixpath.basename(source))[0]
    for pattern, forbidden, why in ROLES:
        if re.fullmatch(pattern, stem) and target_layer in forbidden.split():
            return why
    return None


def include_complaint(path, target):
    source = inner(path)
    layer, allowed = layer_of(source)
    if layer is None:
        return "its folder has no row in the table of scripts/check_layers.py"
    target_layer, _ = layer_of(target)
    if target_layer is None:
        return "the included folder has no row in the table of scripts/check_layers.py"
    if layer == "module":
        complaint = module_complaint(source, target, target_layer)
        if complaint:
            return complaint
    seen_as = {target_layer, PUBLIC_PARTS.get(target)}
    if target_layer == layer or "*" in allowed or seen_as & set(allowed):
        return None
    return f"layer {layer} may not include layer {target_layer}"


def library_complaint(path, header):
    for prefix, owners in LIBRARIES:
        if header.startswith(prefix) and not re.match(owners, path):
            return f"only {owners} may include it"
    return None


def check(files):
    """`files`: repository path -> text. Returns the complaints, one line each."""
    complaints = []
    for path, text in sorted(files.items()):
        for match in INCLUDE.finditer(text):
            ours, theirs = match.groups()
            if ours:
                complaint = include_complaint(path, target_of(path, ours, files))
            else:
                complaint = library_complaint(path, theirs)
            if complaint:
                line = text.count("\n", 0, match.start()) + 1
                complaints.append(f"{path}:{line}: includes {ours or theirs}: {complaint}")
    return complaints


# Path, one include line, whether it is allowed.
SELF_TEST = [
    ("src/core/id.cpp", '#include "ping/core/id.hpp"', True),
    ("include/ping/core/id.hpp", '#include "ping/runtime/loop.hpp"', False),
    ("include/ping/domain/user.hpp", '#include "ping/core/id.hpp"', True),
    ("include/ping/domain/user.hpp", '#include "ping/storage/user_store.hpp"', False),
    ("src/crypto/jwt.cpp", '#include "ping/runtime/loop.hpp"', False),
    ("src/sqlite/database.cpp", '#include <sqlite3.h>', True),
    ("src/storage/sqlite/chat_store.cpp", '#include <sqlite3.h>', False),
    ("src/storage/sqlite/chat_store.cpp", '#include "ping/sqlite/database.hpp"', True),
    ("src/storage/sqlite/chat_store.cpp", '#include "rows.hpp"', True),
    ("src/storage/sqlite/chat_store.cpp", '#include "ping/http/request.hpp"', False),
    ("include/ping/storage/chat_store.hpp", '#include "ping/sqlite/database.hpp"', False),
    ("include/ping/storage/chat_store.hpp", '#include "ping/chats/types.hpp"', False),
    ("include/ping/mail/mailer.hpp", '#include "ping/sqlite/database.hpp"', False),
    ("src/mail/mail_worker.cpp", '#include "ping/jobs/job_queue.hpp"', True),
    ("src/mail/smtp_mailer.cpp", '#include <curl/curl.h>', True),
    ("src/core/config.cpp", '#include <curl/curl.h>', False),
    ("src/redis/reply_reader.cpp", '#include <hiredis/read.h>', True),
    ("src/ephemeral/redis/otp_store.cpp", '#include "ping/redis/client.hpp"', True),
    ("src/ephemeral/redis/otp_store.cpp", '#include <hiredis/read.h>', False),
    ("include/ping/ephemeral/otp_store.hpp", '#include "ping/redis/client.hpp"', False),
    ("src/jobs/rabbitmq/connection.cpp", '#include <amqp.h>', True),
    ("include/ping/jobs/rabbitmq/job_queue.hpp", '#include <amqp.h>', False),
    ("src/http/session.cpp", '#include "ping/domain/user.hpp"', False),
    ("src/http/session.cpp", '#include <boost/beast/http/read.hpp>', True),
    ("src/http/session.hpp", '#include <boost/beast/http/read.hpp>', True),
    ("include/ping/http/server.hpp", '#include <boost/beast/http/read.hpp>', False),
    ("src/chats/codec.cpp", '  #  include <boost/beast/core.hpp>', False),
    ("src/runtime/boost_beast.cpp", '#include <boost/beast/src.hpp>', True),
    ("src/realtime/hub.cpp", '#include "ping/http/upgrade.hpp"', True),
    ("src/realtime/socketio/routes.cpp", '#include "ping/http/router.hpp"', True),
    ("src/realtime/hub.cpp", '#include "ping/http/server.hpp"', False),
    ("src/realtime/hub.cpp", '#include "ping/chats/service.hpp"', False),
    ("src/chats/service.cpp", '#include "ping/storage/chat_store.hpp"', True),
    ("src/chats/service.cpp", '#include "ping/storage/sqlite/chat_store.hpp"', False),
    ("src/chats/service.cpp", '#include "storage/sqlite/chat_store.hpp"', False),
    ("src/chats/service.cpp", '#include "../storage/sqlite/chat_store.hpp"', False),
    ("src/chats/service.cpp", '#include "ping/http/response.hpp"', False),
    ("src/auth/service.cpp", '#include "ping/mail/templates.hpp"', True),
    ("src/auth/service.cpp", '#include "ping/mail/smtp_mailer.hpp"', False),
    ("include/ping/chats/service.hpp", '#include "ping/realtime/hub.hpp"', False),
    ("src/chats/controller.cpp", '#include "ping/http/response.hpp"', True),
    ("src/chats/controller.cpp", '#include "ping/storage/chat_store.hpp"', False),
    ("src/chats/controller.cpp", '#include "ping/auth/service.hpp"', True),
    ("src/chats/controller.cpp", '#include "ping/auth/controller.hpp"', False),
    ("src/chats/socket_controller.cpp", '#include "ping/bus/event_bus.hpp"', False),
    ("src/chats/routes.cpp", '#include "ping/http/router.hpp"', True),
    ("src/chats/routes.cpp", '#include "ping/storage/chat_store.hpp"', False),
    ("src/app/application.cpp", '#include "ping/storage/sqlite/chat_store.hpp"', True),
    ("src/main.cpp", '#include "ping/app/cli.hpp"', True),
    ("src/main.cpp", '#include "ping/core/config.hpp"', False),
    ("src/novelty/thing.cpp", '#include "ping/core/id.hpp"', False),
]


def check_tree(root):
    paths = [path for top in ("src", "include/ping") for path in (root / top).rglob("*.[ch]pp")]
    files = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return check(files), len(files)


def self_test():
    wrong = []
    for path, line, allowed in SELF_TEST:
        complaints = check({path: line + "\n"})
        if bool(complaints) == allowed:
            wrong.append(f"{path} with {line}: {complaints or 'no complaint'}")
    return wrong, len(SELF_TEST)


if __name__ == "__main__":
    main("check_layers", __doc__, check_tree, self_test)
