#include "support/event_description.hpp"

#include "support/api_documents.hpp"
#include "support/json_schema.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>

namespace ping::test {
namespace {

using boost::json::value;
using schema::Node;

void check(const std::string& subject, const Node& schema, const value& instance) {
    auto complaints = schema::check(schema, instance);
    if (!complaints.empty()) {
        complaints.push_back("it is " + boost::json::serialize(instance));
    }
    require_described(subject, complaints);
}

/// The messages of an operation, or of its reply.
std::vector<Node> messages(const Node& of) {
    std::vector<Node> all;
    for (std::size_t i = 0; i < of.at("messages").value().as_array().size(); ++i) {
        all.push_back(of.at("messages").at(i).resolved());
    }
    return all;
}

std::vector<std::string> names(const std::vector<Node>& operations) {
    std::vector<std::string> names;
    for (const auto& operation : operations) {
        for (const auto& message : messages(operation)) {
            names.push_back(message.at("name").text());
        }
    }
    return names;
}

std::optional<Node> find_message(const std::vector<Node>& all, const std::string& name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.at("name").text() == name; });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

Node EventDescription::channel() const {
    return api_documents().root("asyncapi.json").at("channels").at(channel_);
}

std::vector<Node> EventDescription::operations(std::string_view action) const {
    std::vector<Node> found;
    const auto all = api_documents().root("asyncapi.json").at("operations");
    for (const auto& name : all.keys()) {
        const auto operation = all.at(name);
        if (operation.at("action").text() == action &&
            operation.at("channel").resolved().place() == channel().place()) {
            found.push_back(operation);
        }
    }
    return found;
}

std::vector<std::string> EventDescription::client_events() const {
    return names(operations("receive"));
}

std::vector<std::string> EventDescription::server_events() const {
    return names(operations("send"));
}

Node EventDescription::operation_of(const std::string& event) const {
    for (const auto& operation : operations("receive")) {
        if (find_message(messages(operation), event)) {
            return operation;
        }
    }
    throw Undescribed("the event " + event, {"no client may say it"});
}

void EventDescription::check_event(const std::string& name, const value& data) const {
    for (const auto& operation : operations("send")) {
        if (const auto message = find_message(messages(operation), name)) {
            check("the event " + name, message->at("payload"), data);
            return;
        }
    }
    throw Undescribed("the event " + name, {"the server does not say it"});
}

void EventDescription::check_answer(const std::string& event, const value& asked, const value& data) const {
    const auto operation = operation_of(event);
    const auto answer = find_message(messages(operation.at("reply")), event + ".ack");
    if (!answer) {
        throw Undescribed("the answer to " + event, {"there is none"});
    }
    check("the answer to " + event, answer->at("payload"), data);
    check("the accepted data of " + event, find_message(messages(operation), event)->at("payload"), asked);
}

void EventDescription::check_refusal(const std::string& event, const value& error) const {
    const auto subject = "the refusal of " + event;
    check(subject, api_documents().find("asyncapi.json", "/components/schemas/Error"), error);
    const auto code = error.at("code").as_string();
    const bool is_known = lists(channel(), "x-error-codes", code) ||
                          (code != "unknown_event" && lists(operation_of(event), "x-error-codes", code));
    if (!is_known) {
        throw Undescribed(subject, {"the code '" + std::string(code) + "' is not described"});
    }
}

void EventDescription::check_frame(const value& frame) const {
    check("a frame", channel().at("x-frames").at("server").resolved(), frame);
}

void EventDescription::check_close(int code) const {
    const auto known = std::to_string(code);
    if (!channel().at("x-close-codes").has(known)) {
        throw Undescribed("closing with " + known, {"this code is not described"});
    }
}

void NativeTranscript::sent(std::string_view text) {
    boost::system::error_code not_json;
    const auto frame = boost::json::parse(text, not_json);
    const auto* const object = frame.if_object();
    const auto* const ack = object == nullptr ? nullptr : object->if_contains("ack");
    const auto* const event = object == nullptr ? nullptr : object->if_contains("event");
    if (not_json || ack == nullptr || event == nullptr || !ack->is_int64() || !event->is_string()) {
        return;  // what is sent to be refused
    }
    const auto* const data = object->if_contains("data");
    asked_[ack->get_int64()].push_back({std::string(event->get_string()), data == nullptr ? value() : *data});
}

void NativeTranscript::received(std::string_view text) {
    const auto frame = boost::json::parse(text);
    description_.check_frame(frame);
    const auto& object = frame.as_object();
    if (const auto* const event = object.if_contains("event")) {
        description_.check_event(std::string(event->as_string()), object.at("data"));
    } else {
        answered(object);
    }
}

void NativeTranscript::answered(const boost::json::object& frame) {
    const auto ack = frame.at("ack").to_number<std::int64_t>();
    auto& waiting = asked_[ack];
    if (waiting.empty()) {
        throw Undescribed("an answer", {"nobody asked with ack " + std::to_string(ack)});
    }
    const auto asked = std::move(waiting.front());
    waiting.pop_front();
    if (const auto* const error = frame.if_contains("error")) {
        description_.check_refusal(asked.event, *error);
    } else {
        description_.check_answer(asked.event, asked.data, frame.at("data"));
    }
}

void NativeTranscript::closed(int code) const {
    if (code != 0) {
        description_.check_close(code);
    }
}

}  // namespace ping::test
