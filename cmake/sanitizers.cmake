if(PINGD_SANITIZE STREQUAL "address")
    # Not vptr: that check needs a descriptor each time, and the test of a server without descriptors then fails.
    target_compile_options(ping_options INTERFACE
        -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all)
    target_link_options(ping_options INTERFACE -fsanitize=address,undefined)
    # Asio reuses coroutine frames, which would hide a use after free.
    target_compile_definitions(ping_options INTERFACE BOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING PINGD_ASAN)
elseif(PINGD_SANITIZE STREQUAL "thread")
    # Asio's atomic_thread_fence, which TSan does not know, is a warning of g++ only.
    target_compile_options(ping_options INTERFACE -fsanitize=thread $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    target_link_options(ping_options INTERFACE -fsanitize=thread)
elseif(PINGD_SANITIZE)
    message(FATAL_ERROR "PINGD_SANITIZE is '${PINGD_SANITIZE}': use address, thread or nothing")
endif()
if(PINGD_SANITIZE)
    # False positive of g++ 12 in Beast's basic_parser.hpp, only with sanitizers.
    target_compile_options(ping_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

# libFuzzer counts the edges of all of our code; each fuzzer's executable brings its main (targets.cmake).
if(PINGD_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "PINGD_FUZZ needs clang: use the preset `fuzz`")
    endif()
    target_compile_options(ping_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
