#!/usr/bin/env bash
# Ping with everything it can work with, on this machine alone: RabbitMQ, Redis and pingd, each on a free port of
# loopback, with what they keep in a folder that goes away with them. Ctrl-C ends all of them.
#   scripts/stack.sh [options of `pingd serve`]      --listen 127.0.0.1:8080 chooses the port
# Installs and builds what is missing first. The mails go to the dev mailbox, unless PINGD_MAIL__SMTP_URL says otherwise.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/lib/common.sh"
source "$here/lib/node.sh"
source "$here/lib/services.sh"
source "$here/lib/web.sh"

"$root/scripts/bootstrap.sh" build web servers
build_web >&2 || die "the web client could not be built (its words are above)."
build release pingd >&2 || die "the build failed (its words are above)."

# Each job in a process group of its own: Ctrl-C reaches this script alone, which ends pingd first. It may say goodbye to
# the others.
set -m
pingd=""
stop() {
    trap '' INT TERM
    [[ -z $pingd ]] || { kill "$pingd" 2>/dev/null && wait "$pingd"; } || true
    stop_services
}
trap stop EXIT
trap 'exit 0' INT TERM HUP
start_redis
start_rabbitmq
service_folder pingd
say "RabbitMQ $PINGD_TEST_RABBITMQ_URL   Redis $PINGD_TEST_REDIS_URL"
export PINGD_JOBS__ENGINE=rabbitmq PINGD_RABBITMQ__URL=$PINGD_TEST_RABBITMQ_URL
export PINGD_CODES__ENGINE=redis PINGD_REDIS__URL=$PINGD_TEST_REDIS_URL
export PINGD_DATA__DIR=${PINGD_DATA__DIR:-$services_folder/pingd}
export PINGD_SERVER__LISTEN=${PINGD_SERVER__LISTEN:-127.0.0.1:$(free_port)}
"$root/build/release/src/pingd" serve "$@" &
pingd=$!
wait "$pingd"
