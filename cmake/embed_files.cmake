# Puts a folder's files into the program: writes TO.S, which the assembler fills with their bytes, and TO.cpp with a
# table of them, ping::app::NAME (src/app/embedded_files.hpp). Run with
#   cmake -DFROM=<folder> -DTO=<path without ending> -DNAME=<name> -P embed_files.cmake
# Of a file that has a gzip copy beside it, the copies are embedded and not the file itself.
set(assembly "/* Written by cmake/embed_files.cmake. The hashes make a changed file assemble again. */\n")
string(APPEND assembly "    .section .rodata\n")
set(declarations "")
set(rows "")
set(count 0)

# embed(PATH OUT): adds the bytes of a file, gives the expression for them.
function(embed path out)
    if(NOT EXISTS "${path}")
        set(${out} "{}" PARENT_SCOPE)
        return()
    endif()
    file(SIZE "${path}" size)
    file(SHA256 "${path}" hash)
    math(EXPR number "${count} + 1")
    set(symbol "ping_${NAME}_${number}")
    string(APPEND assembly
        "    .balign 16\n    .globl ${symbol}\n    .hidden ${symbol}\n${symbol}:\n    .incbin \"${path}\" /* ${hash} */\n")
    string(APPEND declarations "extern const char ${symbol}[] __attribute__((visibility(\"hidden\")));\n")
    set(${out} "{${symbol}, ${size}}" PARENT_SCOPE)
    set(count ${number} PARENT_SCOPE)
    set(assembly "${assembly}" PARENT_SCOPE)
    set(declarations "${declarations}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE "${FROM}" "${FROM}/*")
list(SORT files)
set(table_size 0)
foreach(file IN LISTS files)
    if(file MATCHES "(^|/)\\.|\\.(br|gz)$")
        continue()
    endif()
    file(SHA256 "${FROM}/${file}" hash)
    string(SUBSTRING ${hash} 0 16 hash)
    set(plain "{}")
    if(NOT EXISTS "${FROM}/${file}.gz")
        embed("${FROM}/${file}" plain)
    endif()
    embed("${FROM}/${file}.gz" gzip)
    embed("${FROM}/${file}.br" brotli)
    string(APPEND rows "    {\"/${file}\", \"${hash}\", ${plain}, ${gzip}, ${brotli}},\n")
    math(EXPR table_size "${table_size} + 1")
endforeach()
string(APPEND assembly "    .section .note.GNU-stack,\"\",@progbits\n")

set(code "#include \"app/embedded_files.hpp\"\n\n#include <array>\n\n")
if(declarations)
    string(APPEND code "extern \"C\" {\n${declarations}}\n\n")
endif()
string(APPEND code "namespace ping::app {\nnamespace {\n\n"
    "constexpr std::size_t count = ${table_size};\n"
    "const std::array<http::EmbeddedFile, count> files{{\n${rows}}};\n\n}  // namespace\n\n"
    "const std::span<const http::EmbeddedFile> ${NAME}{files};\n\n}  // namespace ping::app\n")
if(table_size EQUAL 0)
    string(REPLACE "{{\n}}" "{}" code "${code}")
endif()
file(WRITE "${TO}.S" "${assembly}")
file(WRITE "${TO}.cpp" "${code}")
