"""Runs the load generator against a server."""
import json
import subprocess
import time

# What a load may take besides its measured time: connecting, waiting.
PATIENCE = 240


def run_load(bench_load, server, load, seconds, warm_up, **options):
    """The figures of one run, by name. `options` become flags of bench_load; True is a flag without a value."""
    command = [bench_load, load, f"--port={server.port}", f"--server-process={server.process.pid}",
               f"--population={server.population}", f"--seconds={seconds}", f"--warm-up={warm_up}"]
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        command.append(flag if value is True else f"{flag}={value}")
    done = subprocess.run(command, stdin=server.output or subprocess.DEVNULL, stdout=subprocess.PIPE,
                          timeout=seconds + 2 * warm_up + PATIENCE, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} failed; the server's last words:\n"
                           f"{server.log.read_text(errors='replace')[-1000:]}")
    return json.loads(done.stdout)


def measure_start(server):
    time.sleep(0.1)  # what a server does right after it is ready belongs to its memory
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as lines:
        rss_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return {"ready_ms": server.ready_ms, "rss_mb": rss_kb / 1024}
