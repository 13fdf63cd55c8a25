#include "support/socketio_client.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>
#include <utility>

namespace ping::test {

SocketIoClient::SocketIoClient(const std::string& address, const Headers& headers, const std::string& query)
    : socket_(address, headers, "/socket.io/?EIO=4&transport=websocket" + query) {
    if (!socket_.receive_text().starts_with("0{")) {
        throw std::runtime_error("no open packet");
    }
}

std::string SocketIoClient::receive_packet() {
    while (true) {
        auto packet = socket_.receive_text();
        if (packet != "2") {
            return packet;
        }
        socket_.send_text("3");
    }
}

boost::json::value SocketIoClient::connect(const boost::json::object& auth) {
    socket_.send_text(auth.empty() ? "40" : "40" + boost::json::serialize(auth));
    const auto packet = receive_packet();
    is_connected_ = packet.starts_with("40");
    if (!is_connected_ && !packet.starts_with("44")) {
        throw std::runtime_error("neither connected nor refused: " + packet);
    }
    return boost::json::parse(packet.substr(2));
}

void SocketIoClient::log_in(const std::string& token) {
    const auto answer = connect({{"token", token}});
    if (!is_connected_) {
        throw std::runtime_error("refused: " + boost::json::serialize(answer));
    }
}

void SocketIoClient::emit(const std::string& event, const boost::json::value& data) {
    socket_.send_text("42" + boost::json::serialize(boost::json::array{event, data}));
}

boost::json::value SocketIoClient::ask(const std::string& event, const boost::json::value& data) {
    const auto number = std::to_string(++last_ack_);
    socket_.send_text("42" + number + boost::json::serialize(boost::json::array{event, data}));
    const auto head = "43" + number;
    auto answer = boost::json::parse(read_until(head + "[").substr(head.size())).at(0);
    if (const auto* const error = answer.as_object().if_contains("error"); error != nullptr) {
        description_.check_refusal(event, *error);
    } else {
        description_.check_answer(event, data, answer);
    }
    return answer;
}

std::string SocketIoClient::read_until(const std::string& head) {
    while (true) {
        auto packet = receive_packet();
        if (packet.starts_with(head)) {
            return packet;
        }
        kept_.push_back(read_event(packet));
    }
}

SocketIoClient::Heard SocketIoClient::read_event(const std::string& packet) const {
    if (!packet.starts_with("42[")) {
        throw std::runtime_error("not an event: " + packet);
    }
    const auto parsed = boost::json::parse(packet.substr(2));
    Heard heard{std::string(parsed.at(0).as_string()), parsed.at(1)};
    description_.check_event(heard.event, heard.data);
    return heard;
}

boost::json::value SocketIoClient::next(const std::string& event) {
    while (true) {
        if (kept_.empty()) {
            kept_.push_back(read_event(receive_packet()));
        }
        const auto heard = std::move(kept_.front());
        kept_.pop_front();
        if (heard.event == event) {
            return heard.data;
        }
    }
}

std::vector<SocketIoClient::Heard> SocketIoClient::pending() {
    const auto number = std::to_string(++last_ack_);
    socket_.send_text("42" + number + R"(["noSuchEvent"])");
    read_until("43" + number + "[");
    std::vector<Heard> events(kept_.begin(), kept_.end());
    kept_.clear();
    return events;
}

SocketIoClient::Ending SocketIoClient::wait_for_close() {
    Ending ending;
    const auto rest = socket_.read_to_end();
    ending.code = rest.close_code;
    ending.was_told = rest.last == "41";
    return ending;
}

}  // namespace ping::test
