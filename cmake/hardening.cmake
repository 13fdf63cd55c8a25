# What makes a memory error harder to exploit. Everything is an executable in the end (there is no shared library),
# so -fPIE serves all; the rest costs too little to have a switch.
target_compile_options(ping_options INTERFACE
    -fPIE -fstack-protector-strong -fstack-clash-protection -fno-omit-frame-pointer
    $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>)
target_link_options(ping_options INTERFACE -pie LINKER:-z,relro,-z,now,-z,noexecstack)
# Bounds checks in the standard library: an index out of range ends the process instead of reading on.
target_compile_definitions(ping_options INTERFACE _GLIBCXX_ASSERTIONS)
# Needs an optimiser, and hides errors from the sanitizers.
if(NOT PINGD_SANITIZE)
    target_compile_definitions(ping_options INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
