# ping_library(NAME SOURCES ... DEPS ...): a static library, one per folder of src/. DEPS are PUBLIC.
function(ping_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
    if(ARG_SOURCES)
        add_library(${name} STATIC ${ARG_SOURCES})
        target_link_libraries(${name} PUBLIC ping_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ping_options ${ARG_DEPS})
    endif()
endfunction()

# ping_test(NAME LABEL unit|contract|integration SOURCES ... DEPS ...): one Catch2 executable, its cases as CTest tests.
function(ping_test name)
    cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPS} Catch2::Catch2WithMain)
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    include(Catch)
    catch_discover_tests(${name} TEST_PREFIX "${ARG_LABEL}: " PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 120
        DISCOVERY_MODE PRE_TEST)
endfunction()
