#!/usr/bin/env bash
# Builds Ping and tests it. Installs what is missing first; a second run builds nothing that has not changed.
#   scripts/test.sh          static checks, unit, contract and integration tests, end to end tests, the client in a
#                            browser (<= 15 minutes)
#   scripts/test.sh --all    also the format, faults of RabbitMQ and Redis, the release build, a second compiler with
#                            AddressSanitizer and clang-tidy, the benchmark in small, ThreadSanitizer, the fuzzers
#                            (<= 60 minutes)
# Ends with `N passed, N failed`. Logs are in build/logs. The first stage that fails ends the run.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/lib/common.sh"
source "$here/lib/node.sh"
source "$here/lib/report.sh"
source "$here/lib/web.sh"
source "$here/lib/stages.sh"
source "$here/lib/services.sh"

case ${1:-} in
    "") groups=(build web test browser) ;;
    --all)
        groups=(build web test browser checks)
        export PING_THOROUGH=1
        ;;
    *) die "test.sh knows --all, not '$1'" ;;
esac

"$root/scripts/bootstrap.sh" "${groups[@]}"
# Cheap and telling first.
[[ -z ${1:-} ]] || stage "format" check_format
stage "web client" test_web
stage "build dev" build_dev
trap stop_services EXIT
start_redis
start_rabbitmq
stage "tests" test_dev
stage "end to end" test_e2e
stage "conformance" test_conformance
stage "browser" test_browser
if [[ ${1:-} == --all ]]; then
    stage "faults of the servers" test_faults
    stage "release" build_release
    stage "asan and clang-tidy" build_and_test 45 asan
    stage "tsan" build_and_test 30 tsan
    [[ ! -f $root/tests/fuzz/CMakeLists.txt ]] || stage "fuzzers" run_fuzzers
fi
summary
