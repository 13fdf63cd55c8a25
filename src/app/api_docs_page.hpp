#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace ping::app::docs {

/// The descriptions of the API (config/api) as one page to read, without scripts: operations, events, shapes.
/// It wants its style at /api/docs.css. Throws what Boost.JSON throws for documents of another form.
std::string render_api_docs(const boost::json::value& openapi, const boost::json::value& asyncapi);

}  // namespace ping::app::docs
