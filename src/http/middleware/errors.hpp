#pragma once

#include "ping/http/request.hpp"
#include "ping/http/router.hpp"
#include "ping/runtime/task.hpp"

namespace ping::http {

/// Runs the handler and turns whatever it ends with into an answer: an Error by `error_response`, an
/// exception into a 500 that says nothing. What is our own fault is logged, once, with the request's id.
Task<Response> run_handler(const Handler& handler, Request& request);

/// The answer to `error`; logs it when it is our own fault (5xx).
Response answer_error(const Error& error, const Request& request);

}  // namespace ping::http
