#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace ping::app::docs {

/// A JSON Schema in one line of HTML: `{ chatId: Id, text?: Text }`, with links to the shapes that have
/// names.
std::string shape_html(const boost::json::value& schema);
/// All named schemas of a document, each with a table of its fields or its values.
std::string shapes_html(const boost::json::value& document);

}  // namespace ping::app::docs
