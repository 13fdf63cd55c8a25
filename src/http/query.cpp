#include "ping/http/query.hpp"

#include <charconv>

namespace ping::http {

Result<std::optional<std::int64_t>> query_integer(const Request& request, std::string_view name,
                                                  std::int64_t least, std::int64_t most) {
    const auto text = request.query(name);
    if (!text) {
        return std::optional<std::int64_t>();
    }
    std::int64_t number = 0;
    const auto* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc() || stop != end || text->empty() || number < least || number > most) {
        return errors::invalid("The parameter '" + std::string(name) + "' must be a whole number from " +
                                   std::to_string(least) + " to " + std::to_string(most),
                               "bad_parameter")
            .with_field(std::string(name), "is out of range");
    }
    return std::optional<std::int64_t>(number);
}

}  // namespace ping::http
