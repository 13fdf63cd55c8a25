#!/usr/bin/env bash
# Tries Ping on a machine that has nothing but git: a minimal Debian 12 made by debootstrap, in a folder.
#   sudo scripts/fresh_machine_test.sh [--part bootstrap|run|test|all] [--base DIR] [--keep]
# Clones the last commit into it, runs scripts/run.sh until /readyz answers, then scripts/test.sh, then both again:
# the second time nothing may be installed or built. Needs root, debootstrap, curl and a network; about 15 minutes.
#   --part   how far to go (default all); bootstrap only installs the packages, twice
#   --base   a minimal Debian made before by debootstrap --variant=minbase --include=git: is copied, not changed
#   --keep   leaves the machine where it is
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

part=all base="" keep=""
while (($#)); do
    case $1 in
        --part) part=${2:?} && shift ;;
        --base) base=${2:?} && shift ;;
        --keep) keep=1 ;;
        *) die "fresh_machine_test.sh knows --part, --base and --keep, not '$1'" ;;
    esac
    shift
done
[[ $part =~ ^(bootstrap|run|test|all)$ ]] || die "--part is bootstrap, run, test or all, not '$part'"

# A namespace of its own: whatever is mounted or started in it is gone when the script ends.
if [[ -z ${PING_FRESH_INSIDE:-} ]]; then
    ((EUID == 0)) || die "this script needs root: it mounts and changes root directories."
    command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
    export PING_FRESH_INSIDE=1
    exec unshare --mount --pid --mount-proc --fork --kill-child "${BASH_SOURCE[0]}" --part "$part" ${base:+--base "$base"} \
        ${keep:+--keep}
fi

work=$(mktemp -d /tmp/ping-fresh.XXXXXX)
machine=$work/machine
port=$((20000 + RANDOM % 20000))
trap '[[ -n $keep ]] && say "kept: $work" || { umount -R "$machine" 2>/dev/null; rm -rf "$work"; }' EXIT

make_machine() {
    if [[ -n $base ]]; then
        cp -a "$base" "$machine"
    else
        debootstrap --variant=minbase --include=git bookworm "$machine" >"$work/debootstrap.log" ||
            die "debootstrap failed: see $work/debootstrap.log"
    fi
    # The way to the packages is this machine's: its apt sources (Debian's only), its proxy, its extra roots.
    cp /etc/apt/sources.list.d/debian.sources "$machine/etc/apt/sources.list.d/" 2>/dev/null &&
        rm -f "$machine/etc/apt/sources.list" || cp /etc/apt/sources.list "$machine/etc/apt/"
    apt-config dump | grep -iE '^Acquire::(https?::|Check-)' >"$machine/etc/apt/apt.conf.d/99host" || true
    cp /etc/resolv.conf /etc/hosts "$machine/etc/"
    mkdir -p "$machine/usr/local/share/ca-certificates"
    cp /usr/local/share/ca-certificates/*.crt "$machine/usr/local/share/ca-certificates/" 2>/dev/null || true
    # pivot_root wants a mount.
    mount --bind "$machine" "$machine"
    mount -t proc proc "$machine/proc"
    git -C "$root" bundle create -q "$machine/srv/ping.bundle" HEAD
    inside 'git clone -q /srv/ping.bundle /srv/ping'
}

# inside COMMAND: a shell in the machine, with an environment of its own and nobody at the keyboard.
inside() {
    (become "$1")
}

# become COMMAND: turns this process into that shell, so that its id stays known. The machine's folder becomes the root of
# a mount namespace, not just of a process (chroot): tests enter such namespaces, and would come out on the host.
become() {
    exec unshare --mount bash -c 'cd "$0" && pivot_root . mnt && umount -l mnt && exec chroot . /usr/bin/env -i \
        HOME=/srv PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true PINGD_SERVER__LISTEN="127.0.0.1:$1" \
        NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt bash -c "$2"' "$machine" "$port" "$1" </dev/null
}

# step NAME COMMAND...: runs it with its words in a log, says how long it took, ends the script when it fails.
step() {
    local name=$1 log=$work/${1// /-}.log begin=$SECONDS
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        keep=1
        die "$name failed after $((SECONDS - begin)) s; its log is $log"
    fi
    say "$(printf '%-28s %5d s' "$name" $((SECONDS - begin)))"
}

run_until_ready() {
    become 'cd /srv && exec ping/scripts/run.sh' &
    local server=$! deadline=$((SECONDS + 1800))
    until curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$port/readyz" 2>/dev/null; do
        kill -0 $server 2>/dev/null || die "scripts/run.sh ended before the server was ready"
        ((SECONDS < deadline)) || die "the server was not ready within 30 minutes"
        sleep 0.2
    done
    kill -TERM $server # run.sh has become the server
    wait $server
}

# What is installed, and every file that a build makes, with its time.
state() {
    inside 'dpkg-query -W; stat -c "%n %Y %s" /var/log/dpkg.log
        cd /srv/ping; find . \( -name "*.o" -o -name "*.a" -o -name .package-lock.json -o -path "./build/*" -perm -u+x \) \
            -type f -printf "%p %T@\n" | sort'
}

# again NAME COMMAND...: a second run, after which nothing may have been installed or built.
again() {
    state >"$work/before"
    step "$@"
    state >"$work/after"
    diff "$work/before" "$work/after" >&2 || die "$1 installed or built something"
}

step "make the machine" make_machine
if [[ $part == bootstrap ]]; then
    step "bootstrap" inside '/srv/ping/scripts/bootstrap.sh build web test browser'
    again "bootstrap again" inside '/srv/ping/scripts/bootstrap.sh build web test browser'
fi
if [[ $part == run || $part == all ]]; then
    step "run.sh" run_until_ready
    again "run.sh again" run_until_ready
fi
if [[ $part == test || $part == all ]]; then
    step "test.sh" inside '/srv/ping/scripts/test.sh'
    again "test.sh again" inside '/srv/ping/scripts/test.sh'
fi
say "fresh machine: all is well"
