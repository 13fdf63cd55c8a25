# Writes OUTPUT, a .cpp that defines NAMESPACE::NAME as the text of INPUT. Run with `cmake -D... -P`.
file(READ ${INPUT} text)
file(WRITE ${OUTPUT}
"#include <string_view>

namespace ${NAMESPACE} {
extern const std::string_view ${NAME};
const std::string_view ${NAME} = R\"text(${text})text\";
}  // namespace ${NAMESPACE}
")
