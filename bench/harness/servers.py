"""Starts and stops the servers under load: pingd and its peers on Node. Each in a process of its own."""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
READY_WITHIN = 30  # seconds
STOP_WITHIN = 15


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


@dataclass
class Server:
    """A running server. `population` names who may connect; `ready_ms` is what its start took."""

    process: subprocess.Popen
    port: int
    population: Path
    log: Path
    ready_ms: float = field(default=0.0)

    @property
    def output(self):
        return self.process.stdout

    def wait_ready(self, began):
        while not is_ready(self.port):
            if self.process.poll() is not None or time.monotonic() - began > READY_WITHIN:
                self.stop()
                raise RuntimeError(f"the server did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.0005)
        self.ready_ms = (time.monotonic() - began) * 1000

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def launch(command, environment, port, population, log, wants_output):
    with open(log, "wb") as errors:
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if wants_output else subprocess.DEVNULL,
            stderr=errors,
        )
    server = Server(process, port, population, log)
    server.wait_ready(began)
    return server


@contextlib.contextmanager
def redis(folder):
    """A Redis of our own, whose append-only file is synced once a second; gives its URL."""
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", "",
               "--appendonly", "yes", "--appendfsync", "everysec"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            yield f"redis://127.0.0.1:{port}"
        finally:
            process.terminate()


@contextlib.contextmanager
def rabbitmq(folder):
    """A RabbitMQ of our own; gives its URL."""
    command = [SCRIPTS / "private_rabbitmq.sh", folder / "rabbitmq"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError("RabbitMQ did not start (its words are above)")
            yield url
        finally:
            process.terminate()


def jobs_in(rabbitmq_url):
    return {"PINGD_JOBS__ENGINE": "rabbitmq", "PINGD_RABBITMQ__URL": rabbitmq_url}


def codes_in(redis_url):
    return {"PINGD_CODES__ENGINE": "redis", "PINGD_REDIS__URL": redis_url}


def start_pingd(binary, data, folder, wants_output=False, settings=None):
    """pingd with its defaults but for the limits per address and per user, which a load from one machine meets."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PINGD_SERVER__LISTEN": f"127.0.0.1:{port}",
        "PINGD_DATA__DIR": str(data),
        "PINGD_LIMITS__PER_IP": "0",
        "PINGD_LIMITS__PER_USER": "0",
        **(settings or {}),
    }
    return launch([binary, "serve"], environment, port, data / "population.txt", folder / "server.log", wants_output)


def start_peer(script, folder, users, chats, wants_output=False, flags=()):
    port = free_port()
    population = folder / "population.txt"
    command = ["node", script, f"--port={port}", f"--population={population}", f"--users={users}", f"--chats={chats}",
               *flags]
    environment = {**os.environ, "NODE_ENV": "production"}
    return launch(command, environment, port, population, folder / "server.log", wants_output)


def copy_data(seed, folder):
    """A data folder of the run's own, as the seed has it."""
    target = folder / "data"
    shutil.copytree(seed, target)
    return target
