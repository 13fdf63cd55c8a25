# What a build can choose. Presets (CMakePresets.json) set these; docs/contributing.md explains them.
option(PINGD_TESTS "Build the tests" ON)
option(PINGD_BENCH "Build the load generator of bench/" OFF)
option(PINGD_WERROR "Warnings are errors" ON)
option(PINGD_PRECOMPILED "Parse the headers that every file reads once: cmake/precompiled.cmake" ON)
option(PINGD_FUZZ "Build the fuzzers of tests/fuzz instead of the tests (clang only)" OFF)
option(PINGD_FAILPOINTS "Named crash points for tests: include/ping/core/failpoint.hpp" OFF)
set(PINGD_WEB AUTO CACHE STRING "The web client in the program: AUTO (when web/dist is built), ON (it must be) or OFF")
set_property(CACHE PINGD_WEB PROPERTY STRINGS AUTO ON OFF)
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

# As hiredis' package asks for: everywhere, so that precompiled headers fit all files.
target_compile_definitions(ping_options INTERFACE _FILE_OFFSET_BITS=64)
# Asio and Beast are compiled once (src/runtime). Everywhere, because a mix would break the one-definition rule.
target_compile_definitions(ping_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)

if(PINGD_FAILPOINTS)
    target_compile_definitions(ping_options INTERFACE PINGD_FAILPOINTS)
endif()

include(warnings)
include(hardening)
include(sanitizers)
