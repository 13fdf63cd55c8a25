#!/usr/bin/env bash
# Builds Ping and tests it. Installs what is missing first; a second run builds nothing that has not changed.
#   scripts/test.sh          static checks, unit, contract and integration tests, end to end tests (<= 15 minutes)
#   scripts/test.sh --all    also the format, the sanitizers, a second compiler, clang-tidy, fuzzers (<= 60 minutes)
# Ends with `N passed, N failed`. Logs are in build/logs. The first stage that fails ends the run.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/lib/common.sh"
source "$here/lib/report.sh"
source "$here/lib/stages.sh"

case ${1:-} in
    "") groups=(build test) ;;
    --all) groups=(build test checks) ;;
    *) die "test.sh knows --all, not '$1'" ;;
esac

"$root/scripts/bootstrap.sh" "${groups[@]}"
# Cheap and telling first.
[[ -z ${1:-} ]] || stage "format" check_format
stage "build dev" build_dev
stage "tests" test_dev
stage "end to end" test_e2e
if [[ ${1:-} == --all ]]; then
    stage "release" build_within 10 release
    stage "clang" build_and_test 20 clang
    stage "clang-tidy" run_tidy
    stage "address sanitizer" build_and_test 30 asan
    stage "thread sanitizer" build_and_test 30 tsan
    [[ ! -f $root/tests/fuzz/CMakeLists.txt ]] || stage "fuzzers" run_fuzzers
fi
summary
