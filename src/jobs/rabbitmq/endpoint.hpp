#pragma once

#include "ping/core/error.hpp"

#include <string>

namespace ping::jobs::rabbitmq {

/// Where a broker is, and as whom we go there.
struct Endpoint {
    std::string host;
    int port = 0;
    std::string user;
    std::string password;
    std::string vhost;
    bool is_tls = false;
    std::string ca_file;  ///< PEM file of trusted roots beside the system's; may be empty
};

/// Reads `amqp://user:password@host:port/vhost` or `amqps://...`, its parts percent-encoded; what is left out
/// is guest, guest, 5672 (5671), `/`. invalid, without the password in it, when it is no such URL.
Result<Endpoint> parse_endpoint(const std::string& url, const std::string& ca_file);

}  // namespace ping::jobs::rabbitmq
