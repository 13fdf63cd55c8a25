# What a test run does, one function a stage: sourced by test.sh. Each ends by itself: `within` bounds the long ones.
# shellcheck shell=bash

# within MINUTES COMMAND...: ends the command, and what it started, when it takes longer. That makes it a process group
# of its own, which Ctrl-C does not reach: it is passed on.
within() {
    local limited
    timeout --kill-after=30 "$(($1 * 60))" "${@:2}" &
    limited=$!
    trap 'kill "$limited" 2>/dev/null; wait "$limited"; exit 130' INT TERM
    wait "$limited"
    trap - INT TERM
}

# build_within MINUTES PRESET [TARGET...]
build_within() {
    configure "$2"
    within "$1" cmake --build "$root/build/$2" -j "$(build_jobs)" ${3:+--target "${@:3}"}
}

# run_ctest MINUTES PRESET
run_ctest() {
    local runner=()
    # g++ 12's ThreadSanitizer cannot map its memory where the kernel spreads addresses widely: not then.
    if [[ $2 == tsan ]] && (($(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28) > 28)); then
        setarch -R true 2>/dev/null && runner=(setarch -R)
    fi
    within "$1" "${runner[@]}" ctest --test-dir "$root/build/$2" -j 2 --output-on-failure --no-tests=error
}

check_format() {
    (cd "$root" && git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format-19 --dry-run -Werror)
}

# What is deployed has none of the tests' crash points.
build_release() {
    build_within 10 release pingd
    ! grep -aqi failpoint "$root/build/release/src/pingd"
}

build_dev() { build_within 25 dev; }
test_dev() { run_ctest 10 dev; }

# The client alone: format and lint, types, unit and component tests, then the build that pingd gets, and its size.
test_web() {
    install_node_packages web
    cd "$web"
    npm run --silent types
    within 3 npx --no-install biome ci .
    within 3 npx --no-install tsc
    within 3 npx --no-install tsc -p tests
    within 5 npm test --silent
    build_web
    npm run --silent budgets
}

# The client in a real browser against the real server, two files at a time, with screenshots in build/screenshots.
# PING_THOROUGH=1: all of axe in both themes
test_browser() {
    install_node_packages web
    install_node_packages tests/e2e
    cd "$web"
    PINGD_BINARY=$root/build/dev/src/pingd PING_SCREENSHOTS=$root/build/screenshots within 10 npm run --silent e2e
}

test_e2e() {
    install_node_packages tests/e2e
    cd "$root/tests/e2e"
    PINGD_BINARY=$root/build/dev/src/pingd within 15 npm test --silent
}

# Brokers and Redis that are killed, cut off or slow, and workers in numbers: minutes, most of them waiting.
test_faults() {
    install_node_packages tests/e2e
    cd "$root/tests/e2e"
    PINGD_BINARY=$root/build/dev/src/pingd within 10 npm run faults --silent
}

# What Engine.IO and Socket.IO ask of a server. Its deadlines are the official suites' (a heartbeat of 300 ms), so it runs
# by itself.
test_conformance() {
    install_node_packages tests/e2e
    cd "$root/tests/e2e"
    PING_CONFORMANCE_BINARY=$root/build/dev/tests/conformance/ping_socketio_conformance within 5 npm run conformance --silent
}

# build_and_test MINUTES PRESET: with a sanitizer.
build_and_test() {
    build_within "$1" "$2"
    run_ctest 15 "$2"
}

run_fuzzers() {
    build_within 15 fuzz fuzzers
    run_ctest 10 fuzz
}
