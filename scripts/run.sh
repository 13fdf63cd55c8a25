#!/usr/bin/env bash
# Builds Ping and starts it in the foreground, on http://localhost:8080, with its data in ./pingd-data.
#   scripts/run.sh [options of `pingd serve`]
# Installs what the build needs first (asks sudo where it is not root). A second run only starts the server.
# PING_NO_WEB=1 leaves the web client out, and Node.js with it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

source "$root/scripts/lib/node.sh"
source "$root/scripts/lib/web.sh"

"$root/scripts/bootstrap.sh" build web
# Without the client the server is still a server: / then says how to add it.
if [[ -n ${PING_NO_WEB:-} ]]; then
    :
elif has_node; then
    build_web >&2 || say "ping: the web client could not be built (its words are above); going on without a new one."
else
    say "ping: no Node.js 18.19 or newer here; going on without the web client."
fi
# The build talks to standard error: what the server prints stays alone on standard output.
build release pingd >&2 || die "the build failed (its words are above)."
exec "$root/build/release/src/pingd" serve "$@"
