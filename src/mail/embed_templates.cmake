# Writes the mail templates as C++ text: cmake -DFROM=<folder> -DTO=<file.cpp> -P embed_templates.cmake
set(text "#include \"mail/template_text.hpp\"\n\nnamespace ping::mail {\n\n")
foreach(part subject txt html)
    file(READ "${FROM}/otp.${part}" content)
    string(APPEND text "const std::string_view otp_${part} = R\"template(${content})template\";\n")
endforeach()
string(APPEND text "\n}  // namespace ping::mail\n")
file(WRITE "${TO}" "${text}")
