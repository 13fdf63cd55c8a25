#pragma once

#include "support/json_library.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace ping::test {

/// The descriptions in config/api, read once: `openapi.json` and `asyncapi.json`.
const schema::Library& api_documents();

/// The server did what its description does not say, or the other way round.
class Undescribed : public std::runtime_error {
public:
    /// `subject`: what was seen, such as `GET /api/v1/me -> 200`.
    Undescribed(const std::string& subject, const std::vector<std::string>& complaints);
};

/// Throws Undescribed when there are complaints.
void require_described(const std::string& subject, const std::vector<std::string>& complaints);

/// Whether a list of texts (`["a", "b"]`) under this key has this one. False when there is no such list.
bool lists(const schema::Node& node, std::string_view key, std::string_view text);

}  // namespace ping::test
