# Runs the stages of a test run and sums them up: sourced by test.sh. A stage is a function; its words go to a log.
# shellcheck shell=bash

logs=$root/build/logs
stage_table=""
total_passed=0
total_failed=0

# sum_up LOG: adds what ctest, vitest and Node's test runner counted in it.
sum_up() {
    local passed failed
    read -r passed failed < <(awk '
        /tests passed, [0-9]+ tests failed out of [0-9]+/ { failed += $4; passed += $NF - $4 }
        /^(# |ℹ )pass [0-9]+$/ { passed += $NF }
        /^(# |ℹ )fail [0-9]+$/ { failed += $NF }
        /^ +Tests +.*passed/ { for (i = 2; i <= NF; i++) { if ($i == "passed") passed += $(i - 1); if ($i == "failed") failed += $(i - 1) } }
        END { print passed + 0, failed + 0 }' "$1")
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
}

# failed_tests LOG: what ctest's tests that failed have said; nothing in other logs.
failed_tests() {
    awk '/^ *[0-9]+\/[0-9]+ Test +#/ { is_failed = /\*\*\*/ }
        /^ +Start +[0-9]+:/ { is_failed = 0 }
        is_failed' "$1" | head -n 300
}

# stage NAME FUNCTION [ARGUMENT...]: runs it; the first one that fails ends the run.
stage() {
    local name=$1 log=$logs/${1// /-}.log begin=$SECONDS status=ok
    shift
    mkdir -p "$logs"
    printf '%-22s ' "$name"
    # Not as a condition: that would switch off the function's `set -e`.
    set +e
    (set -e; "$@") >"$log" 2>&1 </dev/null
    (($? == 0)) || status=FAILED
    set -e
    sum_up "$log"
    printf '%6s  %4d s\n' "$status" $((SECONDS - begin))
    stage_table+=$(printf '%-22s %6s  %4d s' "$name" "$status" $((SECONDS - begin)))$'\n'
    if [[ $status == FAILED ]]; then
        ((total_failed > 0)) || total_failed=1
        failed_tests "$log"
        printf '\n--- the end of %s ---\n' "${log#"$root"/}"
        tail -n 80 "$log"
        summary
        exit 1
    fi
}

summary() {
    printf '\n%s%-22s %6s  %4d s\n\n' "$stage_table" "all" "" "$SECONDS"
    printf '%d passed, %d failed\n' "$total_passed" "$total_failed"
}
