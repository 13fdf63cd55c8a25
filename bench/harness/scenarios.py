"""What is measured: each scenario puts the same load on several servers."""
from dataclasses import dataclass
from typing import Callable

from . import load, servers

LOAD_COLUMNS = "per_second p50_ms p99_ms cpu_us rss_mb"


@dataclass
class Contender:
    """One server in a scenario: `run(folder)` starts it in an empty folder, measures, stops it; gives the figures."""

    name: str
    run: Callable


@dataclass
class Scenario:
    name: str
    title: str
    operation: str
    columns: list
    contenders: list


@dataclass
class Scale:
    """How large and how long everything is."""

    seconds: float = 5
    warm_up: float = 1
    fanout_connections: int = 1000
    senders: int = 64
    idle_connections: int = 5000
    idle_seconds: float = 10
    idle_first: int = 100
    messages: int = 1_000_000
    chats: int = 1000
    guesses: int = 10_000


@dataclass
class Bench:
    """Where everything is."""

    pingd: str
    bench_load: str
    peers: object  # folder of the Node servers; None leaves them out
    seeds: object
    scale: Scale
    with_redis: bool = False  # logins also with their codes in a Redis of our own

    def load(self, server, name, **options):
        options = {"seconds": self.scale.seconds, "warm_up": self.scale.warm_up, **options}
        return load.run_load(self.bench_load, server, name, **options)

    def pingd_contender(self, name, seed, *measure, wants_output=False, copies=True, on_redis=False):
        def run(folder):
            if on_redis:
                with servers.redis(folder) as url:
                    return run_with(servers.codes_in(url), folder)
            return run_with({}, folder)

        def run_with(settings, folder):
            data = folder / "data" if seed is None else self.seeds.get(**seed)
            if seed is not None and copies:
                data = servers.copy_data(data, folder)
            server = servers.start_pingd(self.pingd, data, folder, wants_output, settings)
            return measured(server, *measure)

        return Contender(name, run)

    def peer_contenders(self, *rows, users=2, chats=1, wants_output=False):
        """rows: (name, script, measure)"""
        if self.peers is None:
            return []

        def contender(name, script, measure):
            def run(folder):
                server = servers.start_peer(self.peers / script, folder, users, chats, wants_output)
                return measured(server, measure)

            return Contender(name, run)

        return [contender(*row) for row in rows]


def measured(server, measure):
    try:
        return measure(server)
    finally:
        server.stop()


def socket_rows(measure):
    """The two socket peers; both deliver to whoever joined a chat."""
    return [
        ("Socket.IO", "socketio_server.mjs", lambda server: measure(server, dialect="socketio", joins=True)),
        ("ws", "ws_server.mjs", lambda server: measure(server, joins=True)),
    ]


def fanout(bench):
    def measure(server, **dialect):
        return bench.load(server, "fanout", connections=bench.scale.fanout_connections, in_flight=16, **dialect)

    title = f"fan-out: one chat, {bench.scale.fanout_connections} connections, 16 messages in flight, 300 bytes"
    def over_socketio(server):
        return measure(server, dialect="socketio")

    seed = {"users": 2, "chats": 1}
    return Scenario("fanout", title, "delivery", LOAD_COLUMNS.split(), [
        bench.pingd_contender("pingd, durable", seed, measure),
        bench.pingd_contender("pingd, durable, Socket.IO", seed, over_socketio),
        *bench.peer_contenders(*socket_rows(measure)),
    ])


def sends(bench):
    senders = bench.scale.senders
    seed = {"users": senders, "chats": senders // 2}

    def by_socket(server, **dialect):
        return bench.load(server, "socket-sends", connections=senders, **dialect)

    def by_rest(server):
        return bench.load(server, "rest-sends", connections=senders)

    rows = [(f"{name}, socket", script, measure) for name, script, measure in socket_rows(by_socket)]
    rows.append(("Express, REST", "express_server.mjs", by_rest))
    return Scenario("sends", f"sends: {senders} senders, each waits for its acknowledgement, 300 bytes", "message",
                    LOAD_COLUMNS.split(), [
        bench.pingd_contender("pingd, durable, socket", seed, by_socket),
        bench.pingd_contender("pingd, durable, REST", seed, by_rest),
        *bench.peer_contenders(*rows, users=senders, chats=senders // 2),
    ])


def idle(bench):
    count = bench.scale.idle_connections

    def measure(server, **dialect):
        return bench.load(server, "idle", connections=count, idle_first=bench.scale.idle_first,
                          seconds=bench.scale.idle_seconds, warm_up=2 * bench.scale.warm_up, **dialect)

    rows = [("Socket.IO", "socketio_server.mjs", lambda server: measure(server, dialect="socketio")),
            ("ws", "ws_server.mjs", measure)]
    return Scenario("idle", f"idle: {count} users, each with one connection that does nothing", "connection",
                    "rss_kb_each pss_kb_each cpu_us_each_second rss_mb".split(), [
        bench.pingd_contender("pingd", {"users": count}, measure),
        *bench.peer_contenders(*rows, users=count),
    ])


def million(bench):
    return {"users": bench.scale.chats + 1, "chats": bench.scale.chats, "star": True,
            "messages": bench.scale.messages, "longest": bench.scale.messages // 10}


def start(bench):
    rows = [("Socket.IO", "socketio_server.mjs", load.measure_start), ("ws", "ws_server.mjs", load.measure_start),
            ("Express", "express_server.mjs", load.measure_start)]
    return Scenario("start", "start: from the command to the first answer of /readyz", "start",
                    ["ready_ms", "rss_mb"], [
        bench.pingd_contender("pingd, new data folder", None, load.measure_start),
        bench.pingd_contender(f"pingd, {bench.scale.messages} messages", million(bench), load.measure_start,
                              copies=False),
        *bench.peer_contenders(*rows),
    ])


def page(bench):
    def measure(name):
        return lambda server: bench.load(server, name, connections=4, page=50)

    return Scenario("page", f"pages of 50 with {bench.scale.messages} messages in {bench.scale.chats} chats, 4 readers",
                    "page", LOAD_COLUMNS.split(), [
        bench.pingd_contender("pingd, history", million(bench), measure("history"), copies=False),
        bench.pingd_contender("pingd, chat list", million(bench), measure("chats"), copies=False),
    ])


def login(bench):
    def measure(server):
        return bench.load(server, "logins", connections=64)

    return Scenario("login", "logins: 64 at a time, each asks for a code, reads it, verifies it", "login",
                    LOAD_COLUMNS.split(), [
        bench.pingd_contender("pingd, durable", None, measure, wants_output=True),
        *([bench.pingd_contender("pingd, codes in Redis", None, measure, wants_output=True, on_redis=True)]
          if bench.with_redis else []),
        *bench.peer_contenders(("Express", "express_server.mjs", measure), wants_output=True),
    ])


def stack(bench):
    """The login with the servers of the family: codes in Redis, mails through RabbitMQ."""

    def contender(name, start):
        def run(folder):
            with servers.redis(folder) as redis, servers.rabbitmq(folder) as rabbitmq:
                server = start(folder, redis, rabbitmq)
                return measured(server, lambda server: bench.load(server, "logins", connections=64))

        return Contender(name, run)

    def pingd(folder, redis, rabbitmq):
        settings = {**servers.codes_in(redis), **servers.jobs_in(rabbitmq)}
        return servers.start_pingd(bench.pingd, folder / "data", folder, True, settings)

    def express(style):
        def start(folder, redis, rabbitmq):
            flags = [f"--style={style}", f"--redis={redis}", f"--rabbitmq={rabbitmq}"]
            return servers.start_peer(bench.peers / "stack_server.mjs", folder, 2, 1, True, flags)

        return start

    contenders = [contender("pingd", pingd)]
    if bench.peers is not None:
        contenders += [contender("Express, as the family writes it", express("family")),
                       contender("Express, tuned", express("tuned"))]
    return Scenario("stack", "logins through Redis and RabbitMQ: 64 at a time, as in login", "login",
                    LOAD_COLUMNS.split(), contenders)


def timing(bench):
    def run(folder, settings=None, **seed):
        data = folder / "data"
        bench.seeds.make(data, codes=bench.scale.guesses, **seed)
        server = servers.start_pingd(bench.pingd, data, folder, settings=settings)
        return measured(server, lambda server: bench.load(server, "timing", guesses=data / "guesses.txt"))

    def run_on_redis(folder):
        with servers.redis(folder) as url:
            return run(folder, servers.codes_in(url), redis=url)

    title = f"wrong guesses at codes, {bench.scale.guesses} of each kind in a random order: does the time tell the kind"
    return Scenario("timing", title, "guess", "auc wrong_us expired_us absent_us used_us locked_us".split(),
                    [Contender("pingd", run),
                     *([Contender("pingd, codes in Redis", run_on_redis)] if bench.with_redis else [])])


SCENARIOS = {make.__name__: make for make in (fanout, sends, idle, start, page, login, stack, timing)}
