#!/usr/bin/env bash
# Installs the Debian packages that are missing, and only these.
#   scripts/bootstrap.sh [build] [web] [test] [servers] [browser] [checks]      default: build
# Does nothing, and asks nobody, when all of them are there. PING_NO_INSTALL=1 turns it off.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/lib/common.sh"
source "$here/lib/packages.sh"

# wanted GROUP...: the packages of the groups, one a line.
wanted() {
    local group
    for group in "$@"; do
        case $group in
            build) printf '%s\n' $packages_build ;;
            test) printf '%s\n' $packages_test $packages_servers ;;
            servers) printf '%s\n' $packages_servers ;;
            web) [[ -n ${PING_NO_WEB:-} ]] || command -v npm >/dev/null || printf '%s\n' $packages_node ;;
            browser) command -v chromium >/dev/null || printf '%s\n' $packages_browser ;;
            checks) printf '%s\n' $packages_checks ;;
            *) die "bootstrap.sh knows the groups build, web, test, servers, browser and checks, not '$group'" ;;
        esac
    done
}

# missing_of NAME...: those that are not installed. dpkg-query fails when it does not know one: that one is missing.
missing_of() {
    local installed name
    installed=" $(dpkg-query -W -f='${Package}=${db:Status-Status} ' "$@" 2>/dev/null || true)"
    for name in "$@"; do
        [[ $installed == *" $name=installed "* ]] || printf '%s\n' "$name"
    done
}

as_root() {
    local become=()
    if ((EUID != 0)); then
        become=(sudo)
        [[ -t 0 ]] || become=(sudo -n) # nobody is there to type a password: fail instead of waiting
    fi
    "${become[@]}" "$@"
}

# apt_get ARGUMENTS...: as root, without questions, waiting for another apt to finish.
apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# install NAME...: Debian starts a server when its package is installed, and with the system. Nobody asked for that here:
# ours are private. A policy of the administrator's stays as it is.
install() {
    local policy=/usr/sbin/policy-rc.d name servers=()
    for name in redis-server rabbitmq-server; do
        [[ " $* " != *" $name "* ]] || servers+=("$name")
    done
    if ((${#servers[@]} > 0)) && [[ ! -e $policy ]]; then
        trap "as_root rm -f $policy" EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    apt_get install -y --no-install-recommends "$@" || return
    if ((${#servers[@]} > 0)) && [[ -d /run/systemd/system ]]; then
        as_root systemctl disable --now "${servers[@]}" >/dev/null 2>&1 || true
    fi
}

main() {
    local names missing
    names=$(wanted "${@:-build}")
    command -v dpkg-query >/dev/null || die "this is not Debian: dpkg-query is missing." \
        "Install these by hand and set PING_NO_INSTALL=1:" "$(echo $names)"
    missing=$(missing_of $names)
    [[ -n $missing ]] || return 0

    local by_hand="apt-get install --no-install-recommends $(echo $missing)"
    ((EUID == 0)) || command -v sudo >/dev/null || die "some packages are missing, and only root can install them." \
        "There is no sudo here. As root run:" "$by_hand"
    say "ping: installing $(wc -w <<<"$missing") packages: $(echo $missing)"
    apt_get update || die "apt-get update failed (its words are above)." \
        "Without a network or the right to use sudo, have somebody run:" "$by_hand"
    install $(echo $missing) || die "apt-get could not install the packages." \
        "Ping builds on Debian 12 (bookworm), which has all of them. By hand:" "$by_hand"
}

[[ -n ${PING_NO_INSTALL:-} ]] || main "$@"
