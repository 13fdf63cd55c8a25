# Private servers for the tests: sourced by test.sh and stack.sh. Each listens on free ports of loopback alone and keeps its files in one
# folder, which goes away with them. A function per server starts it and exports where it is; `stop_services` ends all.
# shellcheck shell=bash

services_folder=""
services_pids=()

# service_folder NAME: a folder for its files.
service_folder() {
    [[ -n $services_folder ]] || services_folder=$(mktemp -d "${TMPDIR:-/tmp}/ping-services-XXXXXX")
    mkdir -p "$services_folder/$1"
}

# free_ports COUNT: so many, a line each.
free_ports() {
    python3 -c 'import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(one.getsockname()[1] for one in sockets), sep="\n")' "$1"
}

# service_ready NAME PID COMMAND...: waits until the command succeeds, for 30 s at most.
service_ready() {
    local name=$1 pid=$2 tries
    services_pids+=("$pid")
    shift 2
    for ((tries = 0; tries < 300; tries++)); do
        "$@" >/dev/null 2>&1 && return
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$services_folder/$name/log" >&2
    die "$name did not start (its words are above)."
}

# make_certificate FOLDER: key.pem, and ca.pem for the name localhost, which is its own root.
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout "$1/key.pem" -out "$1/ca.pem" 2>"$1/log"
}

# Redis, plain and with TLS. Tests run side by side, each in a database of its own.
start_redis() {
    local folder port tls_port
    service_folder redis
    folder=$services_folder/redis
    { read -r port && read -r tls_port; } < <(free_ports 2)
    make_certificate "$folder"
    redis-server --bind 127.0.0.1 --port "$port" --tls-port "$tls_port" --databases 1000 --save '' --appendonly no \
        --dir "$folder" --tls-cert-file "$folder/ca.pem" --tls-key-file "$folder/key.pem" \
        --tls-ca-cert-file "$folder/ca.pem" --tls-auth-clients no >>"$folder/log" 2>&1 </dev/null &
    service_ready redis $! redis-cli -p "$port" ping
    export PINGD_TEST_REDIS_URL=redis://127.0.0.1:$port
    export PINGD_TEST_REDISS_URL=rediss://localhost:$tls_port PINGD_TEST_REDIS_CA=$folder/ca.pem
}

# RabbitMQ, plain and with TLS. Tests run side by side, each with queues of its own.
start_rabbitmq() {
    local folder
    service_folder rabbitmq
    folder=$services_folder/rabbitmq
    make_certificate "$folder"
    "$root/scripts/private_rabbitmq.sh" "$folder" >"$folder/urls" 2>"$folder/log" </dev/null &
    service_ready rabbitmq $! grep -q amqps "$folder/urls"
    { read -r PINGD_TEST_RABBITMQ_URL && read -r PINGD_TEST_RABBITMQS_URL; } <"$folder/urls"
    export PINGD_TEST_RABBITMQ_URL PINGD_TEST_RABBITMQS_URL PINGD_TEST_RABBITMQ_CA=$folder/ca.pem
}

stop_services() {
    local pid
    for pid in "${services_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    services_pids=()
    [[ -z $services_folder ]] || rm -rf "$services_folder"
    services_folder=""
}
