target_compile_options(ping_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Wcast-align
    -Wformat=2 -Wimplicit-fallthrough
    $<$<BOOL:${PINGD_WERROR}>:-Werror>
    # False positive of g++ 12 on large coroutines at -O2.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
    # False positive of g++ 12 on `"text" + string` at -O2 (GCC bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    # More of these, on std::string, where headers are precompiled: g++ then forgets which of them are the system's.
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${PINGD_PRECOMPILED}>>:-Wno-array-bounds$<SEMICOLON>-Wno-stringop-overflow$<SEMICOLON>-Wno-stringop-overread>)
