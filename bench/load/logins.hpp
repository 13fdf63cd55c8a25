#pragma once

#include "code_inbox.hpp"
#include "http_client.hpp"
#include "measurement.hpp"

#include <memory>
#include <string>
#include <vector>

namespace bench {

/// Parallel lanes, each with one login after the other: ask for a code, read it, verify it. Every login has
/// an address of its own, because an address may ask once a minute; so every login also makes a user.
class Logins {
public:
    Logins(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& server, std::size_t lanes,
           Measurement& measurement);

    void start();

private:
    struct Lane {
        std::unique_ptr<HttpClient> client;
        std::string address;
        std::string flow_id;
        Time began_at;
    };
    void ask(std::size_t index);
    void verify(std::size_t index, std::string_view code);

    CodeInbox inbox_;
    std::vector<Lane> lanes_;
    Measurement& measurement_;
    std::size_t open_ = 0;
    std::uint64_t next_ = 0;
};

}  // namespace bench
