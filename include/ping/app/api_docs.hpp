#pragma once

#include "ping/http/router.hpp"

namespace ping::app {

/// Routes for the descriptions of the API that the build embedded (config/api): `/api/v1/openapi.json`,
/// `/api/v1/asyncapi.json`, and both to read at `/api/docs`.
void mount_api_docs(http::Router& router);

}  // namespace ping::app
