# Builds the web client: sourced, never run.
# shellcheck shell=bash

web=$root/web

# Whether npm is here with a Node that the client's build needs.
has_node() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 18 || (major === 18 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

# What the built client is made of, as one hash.
web_state() {
    (cd "$root" && find web config/api -type f \
        -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/tests/*' -not -name schema.d.ts \
        -print0 | sort -z | xargs -0 sha256sum | sha256sum)
}

# Makes web/dist, unless it is what the sources make already. CMake then puts it into pingd.
build_web() {
    local state
    state=$(web_state)
    [[ ! -f $web/dist/index.html || $(cat "$web/dist/.built-from" 2>/dev/null) != "$state" ]] || return 0
    install_node_packages web || return
    (cd "$web" && npm run --silent build) || return
    printf '%s' "$state" >"$web/dist/.built-from"
}
