# The headers that nearly every file reads, parsed once: the standard library's and Boost's JSON values, and coroutines
# where Asio is used. Only what no change of ours touches. They are named here one by one, in angle brackets, so that
# ccache finds them again from another clone. Files still include what they use: the presets with clang++ build without this,
# so a missing include is an error there.
set(plain_headers
    <algorithm> <array> <atomic> <chrono> <condition_variable> <coroutine> <cstdint> <deque> <exception> <filesystem>
    <functional> <map> <memory> <mutex> <optional> <set> <span> <stdexcept> <string> <string_view> <system_error>
    <thread> <unordered_map> <utility> <variant> <vector>
    <boost/json/parse.hpp> <boost/json/serialize.hpp> <boost/json/value.hpp>)
# Who reads one of these must be linked with Asio.
set(asio_headers <boost/asio/awaitable.hpp> <boost/asio/buffer.hpp> <boost/asio/ip/tcp.hpp>)

# precompiled(NAME HEADER...): a target whose precompiled headers others share. It needs a file of its own to exist.
function(precompiled name)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cpp CONTENT "// Only here so that the headers are compiled.\n")
    add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cpp)
    target_link_libraries(${name} PRIVATE ping_options Boost::json)
    target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

# use_precompiled(TARGET NAME): also for one that has no use for Boost.JSON, which comes for its definitions: the compiler
# wants the same as when the headers were compiled. A program gets ping_boost too: the headers of Asio call it from each file
# that has read them.
function(use_precompiled target name)
    if(PINGD_PRECOMPILED)
        target_link_libraries(${target} PRIVATE Boost::json)
        target_precompile_headers(${target} REUSE_FROM ${name})
        get_target_property(kind ${target} TYPE)
        if(kind STREQUAL EXECUTABLE)
            target_link_libraries(${target} PRIVATE ping_boost)
        endif()
    endif()
endfunction()

if(PINGD_PRECOMPILED)
    precompiled(ping_precompiled ${plain_headers})
    precompiled(ping_precompiled_asio ${plain_headers} ${asio_headers})
    if(PINGD_TESTS)
        precompiled(ping_precompiled_tests ${plain_headers} ${asio_headers} <catch2/catch.hpp>)
        target_link_libraries(ping_precompiled_tests PRIVATE Catch2::Catch2)
    endif()
endif()
