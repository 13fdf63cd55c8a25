#!/usr/bin/env bash
# Builds Ping and starts it in the foreground, on http://localhost:8080, with its data in ./pingd-data.
#   scripts/run.sh [options of `pingd serve`]
# Installs what the build needs first (asks sudo where it is not root). A second run only starts the server.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

"$root/scripts/bootstrap.sh" build
# The build talks to standard error: what the server prints stays alone on standard output.
build release pingd >&2 || die "the build failed (its words are above)."
exec "$root/build/release/src/pingd" serve "$@"
