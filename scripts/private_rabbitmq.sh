#!/usr/bin/env bash
# A RabbitMQ of our own, in the foreground: on loopback and free ports, with everything it keeps in DIR.
#   scripts/private_rabbitmq.sh DIR           prints its URL once it is up; SIGTERM, or the end of who started it, ends it.
#                                             With DIR/key.pem and DIR/ca.pem it speaks TLS too: a second URL, amqps://
#   scripts/private_rabbitmq.sh DIR ctl ...   rabbitmqctl for it
# Started again on DIR it has its port and its messages again. It shares nothing with a broker of the system.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/lib/common.sh"

tools=/usr/lib/rabbitmq/bin # not those in sbin: they change to the user `rabbitmq`, and to its files
[[ -x $tools/rabbitmq-server ]] || die "there is no rabbitmq-server here: scripts/bootstrap.sh servers installs it"
[[ -n ${1:-} ]] || die "private_rabbitmq.sh needs a folder"
mkdir -p "$1"/{mnesia,logs,home}
folder=$(cd "$1" && pwd)
shift

if [[ ! -f $folder/ports ]]; then
    printf '%s %s %s %s\n' "$(free_port)" "$(free_port)" "$(free_port)" "$(free_port)" >"$folder/ports"
    echo '[].' >"$folder/plugins"
fi
read -r port tls_port distribution_port epmd_port <"$folder/ports"
cat >"$folder/rabbitmq.conf" <<-END
	listeners.tcp.1 = 127.0.0.1:$port
	log.console = true
	vm_memory_high_watermark.absolute = 512MB
	disk_free_limit.absolute = 50MB
END
if [[ -f $folder/key.pem ]]; then
    cat >>"$folder/rabbitmq.conf" <<-END
	listeners.ssl.1 = 127.0.0.1:$tls_port
	ssl_options.cacertfile = $folder/ca.pem
	ssl_options.certfile = $folder/ca.pem
	ssl_options.keyfile = $folder/key.pem
	END
fi
export HOME=$folder/home # holds Erlang's cookie
export RABBITMQ_NODENAME=ping$port@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$port
export RABBITMQ_DIST_PORT=$distribution_port ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$epmd_port
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
export RABBITMQ_MNESIA_BASE=$folder/mnesia RABBITMQ_LOG_BASE=$folder/logs RABBITMQ_PID_FILE=$folder/pid
export RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE=$folder/rabbitmq
export RABBITMQ_ADVANCED_CONFIG_FILE=$folder/advanced RABBITMQ_ENABLED_PLUGINS_FILE=$folder/plugins

if [[ ${1:-} == ctl ]]; then
    exec "$tools/rabbitmqctl" "${@:2}"
fi

# The broker's name service. Our own child: the one that the broker would start outlives it.
epmd -address 127.0.0.1 -port "$epmd_port" >/dev/null 2>&1 &
epmd=$!
"$tools/rabbitmq-server" >"$folder/broker.log" 2>&1 </dev/null &
broker=$!

stop() {
    kill "$broker" 2>/dev/null || true
    wait "$broker" 2>/dev/null || true
    kill "$epmd" 2>/dev/null || true
    wait "$epmd" 2>/dev/null || true
}
trap stop EXIT
trap 'exit 0' TERM INT HUP

pause() {
    sleep "$1" &
    wait $! || true # a trap ends it at once
}

for ((tries = 0; tries < 600; ++tries)); do
    ! grep -q 'Server startup complete' "$folder/broker.log" || break
    kill -0 "$broker" 2>/dev/null || die "RabbitMQ did not start:" "$(tail -n 20 "$folder/broker.log")"
    pause 0.1
done
((tries < 600)) || die "RabbitMQ did not start within a minute:" "$(tail -n 20 "$folder/broker.log")"
printf 'amqp://127.0.0.1:%s\n' "$port"
[[ ! -f $folder/key.pem ]] || printf 'amqps://localhost:%s\n' "$tls_port"
while kill -0 "$broker" 2>/dev/null && kill -0 "$PPID" 2>/dev/null; do
    pause 0.3
done
