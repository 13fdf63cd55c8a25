#!/usr/bin/env bash
# Installs the Debian packages that are missing, and only these.
#   scripts/bootstrap.sh [build] [test] [checks]      default: build
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
            test)
                printf '%s\n' $packages_test
                command -v npm >/dev/null || printf '%s\n' $packages_node
                ;;
            checks) printf '%s\n' $packages_checks ;;
            *) die "bootstrap.sh knows the groups build, test and checks, not '$group'" ;;
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

# apt_get ARGUMENTS...: as root, without questions, waiting for another apt to finish.
apt_get() {
    local as_root=()
    if ((EUID != 0)); then
        as_root=(sudo)
        [[ -t 0 ]] || as_root=(sudo -n) # nobody is there to type a password: fail instead of waiting
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null
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
    apt_get install -y --no-install-recommends $missing || die "apt-get could not install the packages." \
        "Ping builds on Debian 12 (bookworm), which has all of them. By hand:" "$by_hand"
}

[[ -n ${PING_NO_INSTALL:-} ]] || main "$@"
