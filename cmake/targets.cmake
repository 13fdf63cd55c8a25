# uses_asio(OUT DEPS...): whether one of them is Asio (src/runtime says which) or uses it.
function(uses_asio out)
    set(${out} OFF PARENT_SCOPE)
    foreach(dep IN LISTS ARGN)
        if(TARGET ${dep})
            get_target_property(asio ${dep} PING_USES_ASIO)
            if(asio)
                set(${out} ON PARENT_SCOPE)
            endif()
        endif()
    endforeach()
endfunction()

# ping_library(NAME SOURCES ... DEPS ...): a static library, one per folder of src/. DEPS are PUBLIC.
function(ping_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
    uses_asio(asio ${ARG_DEPS} ${ARG_PRIVATE_DEPS})
    if(ARG_SOURCES)
        add_library(${name} STATIC ${ARG_SOURCES})
        target_link_libraries(${name} PUBLIC ping_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
        if(asio)
            use_precompiled(${name} ping_precompiled_asio)
        else()
            use_precompiled(${name} ping_precompiled)
        endif()
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ping_options ${ARG_DEPS})
    endif()
    set_target_properties(${name} PROPERTIES PING_USES_ASIO ${asio})
    if(CMAKE_CXX_CLANG_TIDY)
        # Other rules: every file is looked at again.
        set_source_files_properties(${ARG_SOURCES} PROPERTIES OBJECT_DEPENDS ${CMAKE_SOURCE_DIR}/.clang-tidy)
    endif()
endfunction()

# ping_test(NAME LABEL unit|contract|integration SOURCES ... DEPS ...): one Catch2 executable, its cases as CTest tests.
function(ping_test name)
    cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPS} Catch2::Catch2WithMain)
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    use_precompiled(${name} ping_precompiled_tests)
    include(Catch)
    # A case that needs a server says so by these words where there is none.
    catch_discover_tests(${name} TEST_PREFIX "${ARG_LABEL}: " PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 120
        SKIP_REGULAR_EXPRESSION PINGD_TEST_.*is.not.set DISCOVERY_MODE PRE_TEST)
endfunction()

# ping_test_on_redis(NAME): the executable's cases with the tag [codes] once more, with the codes in the Redis that
# scripts/test.sh starts. Without one they are reported as skipped.
function(ping_test_on_redis name)
    include(Catch)
    catch_discover_tests(${name} TEST_SPEC "[codes]" TEST_PREFIX "integration on redis: "
        PROPERTIES LABELS integration TIMEOUT 120 ENVIRONMENT PINGD_TEST_CODES=redis
            SKIP_REGULAR_EXPRESSION PINGD_TEST_.*is.not.set
        DISCOVERY_MODE PRE_TEST)
endfunction()

# ping_test_on_rabbitmq(NAME): likewise, with the jobs in RabbitMQ and the codes in Redis. One at a time: they share a
# queue.
function(ping_test_on_rabbitmq name)
    include(Catch)
    # Catch2 tells two lists of one executable apart by the specification: this one means the same as "[codes]".
    catch_discover_tests(${name} TEST_SPEC "[codes]~[.]" TEST_PREFIX "integration on rabbitmq: "
        PROPERTIES LABELS integration TIMEOUT 120 ENVIRONMENT PINGD_TEST_JOBS=rabbitmq RESOURCE_LOCK rabbitmq
            SKIP_REGULAR_EXPRESSION "PINGD_TEST_(REDIS|RABBITMQ)_URL.is.not.set"
        DISCOVERY_MODE PRE_TEST)
endfunction()

# ping_fuzzer(NAME SOURCES ... DEPS ... [RUNS n]): one libFuzzer executable. Its CTest test makes the same RUNS inputs
# every time, starting from tests/fuzz/corpus/NAME, so that it ends and can be repeated.
function(ping_fuzzer name)
    cmake_parse_arguments(ARG "" "RUNS" "SOURCES;DEPS" ${ARGN})
    if(NOT ARG_RUNS)
        set(ARG_RUNS 50000)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    add_dependencies(fuzzers ${name})
    target_link_libraries(${name} PRIVATE ${ARG_DEPS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    # libFuzzer writes what it finds to its first folder: one that is emptied each time, never the corpus.
    set(found ${CMAKE_CURRENT_BINARY_DIR}/found/${name})
    set(options "-runs=${ARG_RUNS} -seed=1 -timeout=10 -rss_limit_mb=1024")
    add_test(NAME "fuzz: ${name}" COMMAND sh -c
        "rm -rf '${found}' && mkdir -p '${found}' && exec '$<TARGET_FILE:${name}>' ${options} '${found}' '${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}'")
    set_tests_properties("fuzz: ${name}" PROPERTIES LABELS fuzz TIMEOUT 300 WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
