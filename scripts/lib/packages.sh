# The Debian 12 packages that Ping needs, by group: sourced by bootstrap.sh. One package a word.
# shellcheck shell=bash disable=SC2034

packages_build="
    g++ cmake ninja-build pkg-config git ca-certificates ccache
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libssl-dev zlib1g-dev
    libsqlite3-dev libcurl4-openssl-dev libtomlplusplus-dev libcli11-dev libspdlog-dev libhiredis-dev
    librabbitmq-dev libjpeg62-turbo-dev libpng-dev libwebp-dev libgif-dev"

# curl is what the README's first chat needs. Where Node.js came from another vendor, Debian's npm cannot be
# installed beside it: then bootstrap.sh takes what is there.
packages_test="catch2 curl"
# What pingd can work with, for the tests and for stack.sh, and what services.sh starts them with.
packages_servers="redis-server rabbitmq-server python3 openssl"
packages_node="nodejs npm ca-certificates"
# What the browser tests drive, with a font that has the letters and one that has the emoji.
packages_browser="chromium fonts-dejavu-core fonts-noto-color-emoji"

packages_checks="clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev"
