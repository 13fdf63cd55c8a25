#!/usr/bin/env bash
# Measures pingd beside its peers and prints a table of each scenario: bench/README.md says what and how.
#   scripts/bench.sh [--quick] [scenario...]      scenarios: fanout sends idle start page login stack timing; default: all
#   scripts/bench.sh --help                       all options
# Installs and builds what is missing first. All figures of the run are in build/release/bench/last.json.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$root/scripts/lib/node.sh"

"$root/scripts/bootstrap.sh" build test
build release pingd bench_load bench_seed >&2 || die "the build failed (its words are above)."
install_node_packages bench/peers >&2
exec "$root/bench/run.py" "$@"
