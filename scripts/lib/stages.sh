# What a test run does, one function a stage: sourced by test.sh. Each ends by itself: `within` bounds the long ones.
# shellcheck shell=bash

# within MINUTES COMMAND...: ends the command, and what it started, when it takes longer.
within() {
    timeout --kill-after=30 "$(($1 * 60))" "${@:2}"
}

build_within() {
    configure "$2"
    within "$1" cmake --build "$root/build/$2" -j "$(build_jobs)"
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

build_dev() { build_within 25 dev; }
test_dev() { run_ctest 10 dev; }

# The packages of tests/e2e, when the lock file is not the one they were installed from.
install_node_packages() {
    local folder=$root/tests/e2e
    local stamp=$folder/node_modules/.installed-from
    cmp -s "$folder/package-lock.json" "$stamp" && return
    (cd "$folder" && within 5 npm ci --no-audit --no-fund --ignore-scripts)
    cp "$folder/package-lock.json" "$stamp"
}

test_e2e() {
    install_node_packages
    cd "$root/tests/e2e"
    PINGD_BINARY=$root/build/dev/src/pingd within 10 npm test --silent
}

# build_and_test MINUTES PRESET: another compiler or a sanitizer.
build_and_test() {
    build_within "$1" "$2"
    run_ctest 15 "$2"
}

run_tidy() { build_within 20 tidy; }

run_fuzzers() {
    build_within 15 fuzz
    run_ctest 10 fuzz
}
