# What a build can choose. Presets (CMakePresets.json) set these; see README.md.
option(PINGD_TESTS "Build the tests" ON)
option(PINGD_WERROR "Warnings are errors" ON)
set(PINGD_SANITIZE "" CACHE STRING "Empty, address (with undefined behaviour) or thread")

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
find_program(PINGD_CCACHE ccache)
if(PINGD_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${PINGD_CCACHE})
endif()

add_library(ping_options INTERFACE)
target_compile_features(ping_options INTERFACE cxx_std_20)
target_include_directories(ping_options INTERFACE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
target_compile_options(ping_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Wcast-align
    -Wformat=2 -Wimplicit-fallthrough
    $<$<BOOL:${PINGD_WERROR}>:-Werror>
    # False positive of g++ 12 on large coroutines at -O2.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
    -fstack-protector-strong -fno-omit-frame-pointer)
target_compile_definitions(ping_options INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)

if(PINGD_SANITIZE STREQUAL "address")
    target_compile_options(ping_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
        -Wno-maybe-uninitialized)
    target_link_options(ping_options INTERFACE -fsanitize=address,undefined)
    # Asio reuses coroutine frames, which would hide a use after free.
    target_compile_definitions(ping_options INTERFACE BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING PINGD_ASAN)
elseif(PINGD_SANITIZE STREQUAL "thread")
    target_compile_options(ping_options INTERFACE -fsanitize=thread $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>
        -Wno-maybe-uninitialized)
    target_link_options(ping_options INTERFACE -fsanitize=thread)
elseif(PINGD_SANITIZE)
    message(FATAL_ERROR "PINGD_SANITIZE is '${PINGD_SANITIZE}': use address, thread or nothing")
endif()
