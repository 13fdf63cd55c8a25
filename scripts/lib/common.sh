# Shared by the scripts of this folder: sourced, never run. Sets `root` (the repository) and defines helpers.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# What one clone has compiled is not compiled again in another. The rest is what ccache asks for where headers are
# precompiled: it then trusts the compiler with __TIME__ in them.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros

say() {
    printf '%s\n' "$*" >&2
}

# Ends the script: what went wrong, then what to do about it.
die() {
    printf 'ping: %s\n' "$@" >&2
    exit 1
}

# How many compilers fit: one per core, and one per 1.3 GB of memory (a Beast file needs about 1 GB).
# PING_JOBS says it instead.
build_jobs() {
    local cores memory_kb fitting
    if [[ -n ${PING_JOBS:-} ]]; then
        echo "$PING_JOBS"
        return
    fi
    cores=$(nproc 2>/dev/null || echo 1)
    memory_kb=$(awk '$1 == "MemAvailable:" {print $2}' /proc/meminfo 2>/dev/null || true)
    fitting=$((${memory_kb:-1300000} / 1300000))
    ((fitting >= 1)) || fitting=1
    echo $((fitting < cores ? fitting : cores))
}

# configure PRESET: only when there is no build tree yet, or the presets changed. Ninja sees all other changes.
configure() {
    local tree=$root/build/$1
    if [[ -f $tree/build.ninja && ! $root/CMakePresets.json -nt $tree/configured ]]; then
        return
    fi
    (cd "$root" && cmake --preset "$1") && touch "$tree/configured"
}

# build PRESET [TARGET...]
build() {
    local preset=$1
    shift
    configure "$preset" || return
    cmake --build "$root/build/$preset" -j "$(build_jobs)" ${1:+--target "$@"}
}

# free_port: one of loopback that nobody listens on, below those that the system gives to clients.
free_port() {
    local port
    for ((;;)); do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}
