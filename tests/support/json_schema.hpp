#pragma once

#include "support/json_library.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

/// JSON Schema for tests: the keywords that the descriptions in config/api use, strictly. A keyword that is
/// not known here is an error and not, as the standard has it, nothing: what looks checked is checked.
namespace ping::test::schema {

/// What is wrong with a value: `/messages/0/seq: 0 is less than 1`, and so on; the value itself is `/`. Empty
/// when nothing is. Throws std::runtime_error for a schema that has a keyword or a form not known here.
std::vector<std::string> check(const Node& schema, const boost::json::value& value);

/// Throws as `check` does, for a schema and all within it, whatever values it may meet.
void check_keywords(const Node& schema);

}  // namespace ping::test::schema
