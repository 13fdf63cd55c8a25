#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace ping::app::docs {

// Pieces of the page of the API. What is called `_html`, `rows` or a cell is HTML already, other texts are
// not.

/// What a `$ref` within the document names; else the node itself.
const boost::json::value& resolve(const boost::json::value& document, const boost::json::value& node);

/// A sentence of a description; what stands in backticks is code.
std::string inline_html(std::string_view text);
/// A member's text, such as its description; empty when there is none.
std::string text_of(const boost::json::value& object, std::string_view key);
std::string row_html(const std::string& first, const std::string& second);
/// A table of two columns, with a head unless `first` is empty; nothing without rows.
std::string table_html(std::string_view first, std::string_view second, const std::string& rows);
/// Nothing when it is empty.
std::string paragraph(const std::string& html);
std::string code(std::string_view text);
/// To be unfolded, one member per line.
std::string example_html(std::string_view title, const boost::json::value& example);
/// Error codes, one behind the other.
std::string codes_html(const boost::json::array& codes);

}  // namespace ping::app::docs
