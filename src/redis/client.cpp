#include "ping/redis/client.hpp"

#include "redis/client_impl.hpp"

#include <utility>

namespace ping::redis {
namespace {

using boost::asio::ssl::context;

Result<std::unique_ptr<context>> make_tls(const Options& options) {
    if (!options.is_tls) {
        return std::unique_ptr<context>();
    }
    auto tls = std::make_unique<context>(context::tls_client);
    boost::system::error_code error;
    tls->set_options(context::no_tlsv1 | context::no_tlsv1_1, error);
    tls->set_verify_mode(boost::asio::ssl::verify_peer, error);
    tls->set_default_verify_paths(error);
    if (!error && !options.ca_file.empty()) {
        tls->load_verify_file(options.ca_file, error);
    }
    if (error) {
        return errors::invalid("redis.ca_file: " + error.message(), "bad_ca_file");
    }
    return tls;
}

}  // namespace

Result<std::unique_ptr<Client>> Client::make(Loop& loop, TaskGroup& tasks, Rng& rng, Options options,
                                             Metrics& metrics) {
    auto tls = make_tls(options);
    if (!tls) {
        return tls.error();
    }
    auto impl = std::make_shared<Impl>(loop, rng, std::move(options), std::move(*tls), metrics);
    impl->register_gauges(metrics);
    // The loop keeps its hooks for good; the client may end before it.
    loop.at_turn_end([weak = std::weak_ptr(impl)] {
        if (const auto alive = weak.lock()) {
            alive->flush();
        }
    });
    return std::unique_ptr<Client>(new Client(tasks, std::move(impl)));
}

Client::Client(TaskGroup& tasks, std::shared_ptr<Impl> impl) : tasks_(tasks), impl_(std::move(impl)) {}

Client::~Client() {
    stop();
}

void Client::start() {
    tasks_.spawn("redis.connection", [impl = impl_] { return impl->run(); });
}

void Client::stop() {
    impl_->stop();
}

Task<bool> Client::wait_until_up(std::chrono::milliseconds limit) {
    return impl_->wait_until_up(limit);
}

bool Client::is_up() const {
    return impl_->is_up();
}

void Client::send(Command command, std::unique_ptr<Call> call) {
    impl_->send(command, std::move(call));
}

}  // namespace ping::redis
