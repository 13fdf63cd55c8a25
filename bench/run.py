#!/usr/bin/env python3
"""Measures pingd and its peers; prints a table for each scenario. scripts/bench.sh builds everything and calls this.

The runs of a scenario take turns between the servers, so that what else the machine does meets all of them.
"""
import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

from harness import scenarios, seeds, table  # noqa: E402  (after the line above)

HERE = Path(__file__).resolve().parent
BUSY = 0.5  # load average before the first run above which figures are not to be trusted


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"scenarios: {', '.join(scenarios.SCENARIOS)} (default: all)")
    parser.add_argument("--build", type=Path, default=HERE.parent / "build/release", help="the build to measure")
    parser.add_argument("--quick", action="store_true", help="one run of each instead of five")
    parser.add_argument("--runs", type=int, help="how many runs of each")
    parser.add_argument("--seconds", type=float, default=5, help="measured time of a run")
    parser.add_argument("--no-peers", action="store_true", help="pingd alone")
    parser.add_argument("--redis", action="store_true", help="login and timing also with the codes in a private Redis")
    parser.add_argument("--smoke", action="store_true", help="everything tiny: shows that it works, measures nothing")
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in scenarios.SCENARIOS:
            parser.error(f"there is no scenario {name}: choose from {', '.join(scenarios.SCENARIOS)}")
    return arguments


def make_scale(arguments):
    if arguments.smoke:
        return scenarios.Scale(seconds=0.2, warm_up=0.05, fanout_connections=20, senders=4, idle_connections=20,
                               idle_seconds=0.1, idle_first=10, messages=200, chats=4, guesses=5)
    return scenarios.Scale(seconds=arguments.seconds)


def describe_machine():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    load = os.getloadavg()[0]
    text = f"{os.cpu_count()} x {model}, Linux {platform.release()}, load average before: {load:.2f}"
    return text + (" (the machine is busy: times are not to be trusted)" if load > BUSY else "")


def run_scenario(scenario, runs):
    results = {contender.name: [] for contender in scenario.contenders}
    for number in range(runs):
        for contender in scenario.contenders:
            print(f"{scenario.name}: {contender.name}, run {number + 1} of {runs}", file=sys.stderr)
            with tempfile.TemporaryDirectory(prefix="ping-bench-") as folder:
                results[contender.name].append(contender.run(Path(folder)))
    return results


def main():
    arguments = parse_arguments()
    work = arguments.build / "bench"
    bench = scenarios.Bench(
        pingd=arguments.build / "src/pingd",
        bench_load=work / "load/bench_load",
        peers=None if arguments.no_peers or arguments.smoke else HERE / "peers",
        seeds=seeds.Seeds(work / "seed/bench_seed", work / "seeds"),
        scale=make_scale(arguments),
        with_redis=arguments.redis,
    )
    runs = arguments.runs or (1 if arguments.quick or arguments.smoke else 5)
    machine = describe_machine()
    print(machine, flush=True)
    everything = {"machine": machine, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    for name in arguments.names or scenarios.SCENARIOS:
        scenario = scenarios.SCENARIOS[name](bench)
        everything[name] = run_scenario(scenario, runs)
        print(f"\n{table.markdown(scenario, everything[name])}", flush=True)
    (work / "last.json").write_text(json.dumps(everything, indent=1) + "\n")


if __name__ == "__main__":
    main()
