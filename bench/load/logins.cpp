#include "logins.hpp"

#include <stdexcept>

namespace bench {
namespace {

std::string flow_id_in(std::string_view json) {
    static constexpr std::string_view name = R"("flowId":")";
    const auto start = json.find(name);
    if (start == std::string_view::npos) {
        throw std::runtime_error("a login's answer without flowId: " + std::string(json));
    }
    const auto value = json.substr(start + name.size());
    return std::string(value.substr(0, value.find('"')));
}

}  // namespace

Logins::Logins(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& server,
               std::size_t lanes, Measurement& measurement)
    : inbox_(context), lanes_(lanes), measurement_(measurement) {
    for (auto& lane : lanes_) {
        lane.client = std::make_unique<HttpClient>(context, server);
    }
}

void Logins::start() {
    for (std::size_t index = 0; index < lanes_.size(); ++index) {
        lanes_[index].client->connect([this, index] {
            if (++open_ == lanes_.size()) {
                measurement_.start();
            }
            ask(index);
        });
    }
}

void Logins::ask(std::size_t index) {
    auto& lane = lanes_[index];
    lane.address = "person" + std::to_string(next_++) + "@bench.example";
    lane.began_at = Clock::now();
    const auto json = R"({"email":")" + lane.address + R"("})";
    const auto request = lane.client->make_request("POST", "/api/v1/login", "", json);
    lane.client->send(request, [this, index](const HttpAnswer& answer) {
        expect_status(answer, 200);
        auto& asked = lanes_[index];
        asked.flow_id = flow_id_in(answer.body);
        inbox_.take(asked.address, [this, index](std::string_view code) { verify(index, code); });
    });
}

void Logins::verify(std::size_t index, std::string_view code) {
    auto& lane = lanes_[index];
    const auto json = R"({"email":")" + lane.address + R"(","otp":")" + std::string(code) +
                      R"(","flowId":")" + lane.flow_id + R"("})";
    const auto request = lane.client->make_request("POST", "/api/v1/verify", "", json);
    lane.client->send(request, [this, index](const HttpAnswer& answer) {
        expect_status(answer, 200);
        measurement_.done(Clock::now() - lanes_[index].began_at);
        ask(index);
    });
}

}  // namespace bench
