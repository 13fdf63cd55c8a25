# Writes OUTPUT, a .cpp that defines ping::storage::NAME as the text of INPUT. Run with `cmake -D... -P`.
file(READ ${INPUT} text)
file(WRITE ${OUTPUT}
"#include <string_view>

namespace ping::storage {
extern const std::string_view ${NAME};
const std::string_view ${NAME} = R\"sql(${text})sql\";
}  // namespace ping::storage
")
