# Packages of Node.js: sourced by the scripts that need them.
# shellcheck shell=bash

# install_node_packages FOLDER: those of its lock file, when they are not the ones that are there.
install_node_packages() {
    local folder=$root/$1
    local stamp=$folder/node_modules/.installed-from
    cmp -s "$folder/package-lock.json" "$stamp" && return
    local options=(--no-audit --no-fund --ignore-scripts)
    (cd "$folder" && timeout --foreground --kill-after=30 300 npm ci "${options[@]}") || return
    cp "$folder/package-lock.json" "$stamp"
}
