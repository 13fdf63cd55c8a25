# What a build can choose. Presets (CMakePresets.json) set these; docs/contributing.md explains them.
option(PINGD_TESTS "Build the tests" ON)
option(PINGD_WERROR "Warnings are errors" ON)
option(PINGD_FUZZ "Build the fuzzers of tests/fuzz instead of the tests (clang only)" OFF)
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

include(warnings)
include(hardening)
include(sanitizers)
