#include "redis/host_lookup.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <cstdint>
#include <utility>

namespace ping::redis {

using boost::asio::ip::tcp;
using Resolver = boost::asio::ip::basic_resolver<tcp, Executor>;

struct HostLookup::Query {
    explicit Query(Loop& loop) : resolver(loop.context()), is_over(loop) {}

    Resolver resolver;
    AsyncEvent is_over;
    boost::system::error_code error = boost::asio::error::timed_out;
    Endpoints found;
};

HostLookup::HostLookup(Loop& loop, std::string host, std::string port)
    : loop_(loop), host_(std::move(host)), port_(std::move(port)) {}

void HostLookup::start() {
    query_ = std::make_shared<Query>(loop_);
    query_->resolver.async_resolve(
        host_, port_,
        [query = query_](const boost::system::error_code& error, const Resolver::results_type& results) {
            query->error = error;
            for (const auto& result : results) {
                query->found.push_back(result.endpoint());
            }
            query->is_over.set();
        });
}

Task<Result<Endpoints>> HostLookup::find(std::chrono::milliseconds limit) {
    boost::system::error_code is_name;
    const auto address = boost::asio::ip::make_address(host_, is_name);
    std::uint16_t port = 0;
    std::from_chars(port_.data(), port_.data() + port_.size(), port);
    if (!is_name && port != 0) {
        co_return Endpoints(1, tcp::endpoint(address, port));
    }
    if (!query_) {
        start();
    }
    const auto query = query_;
    const bool is_over = co_await query->is_over.wait_for(limit);
    if (is_over) {
        query_.reset();
    }
    if (query->error) {
        co_return errors::unavailable("cannot find the host").with_detail(query->error.message());
    }
    co_return query->found;
}

void HostLookup::give_up() {
    if (query_) {
        query_->is_over.set();
    }
}

}  // namespace ping::redis
