#include "jobs/rabbitmq/endpoint.hpp"

#include <amqp.h>

namespace ping::jobs::rabbitmq {

Result<Endpoint> parse_endpoint(const std::string& url, const std::string& ca_file) {
    std::string text = url;  // the parser cuts it up
    amqp_connection_info parts{};
    if (amqp_parse_url(text.data(), &parts) != AMQP_STATUS_OK) {
        return errors::invalid("rabbitmq.url must look like amqp://user:password@host:5672/vhost");
    }
    Endpoint endpoint;
    endpoint.host = parts.host;
    endpoint.port = parts.port;
    endpoint.user = parts.user;
    endpoint.password = parts.password;
    // By the letter of the URI's specification `amqp://host/` names a vhost without a name. Nobody means it.
    const std::string vhost = parts.vhost;
    endpoint.vhost = vhost.empty() ? "/" : vhost;
    endpoint.is_tls = parts.ssl != 0;
    endpoint.ca_file = ca_file;
    return endpoint;
}

}  // namespace ping::jobs::rabbitmq
