#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace ping::app::docs {

/// The channels of an AsyncAPI document: how each travels, why it closes, and every event.
std::string channels_html(const boost::json::value& asyncapi);

}  // namespace ping::app::docs
