#include "ping/chats/resume_controller.hpp"

#include "ping/chats/codec.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace ping::chats {
namespace {

using Points = std::vector<storage::ResumePoint>;

Error bad_chats() {
    return errors::invalid("chats must be an object of chat ids and the last seq of each", "bad_data");
}

Result<Points> read_points(const boost::json::value& data) {
    const auto* const object = data.if_object();
    const auto* const named = object == nullptr ? nullptr : object->if_contains("chats");
    const auto* const chats = named == nullptr ? nullptr : named->if_object();
    if (chats == nullptr) {
        return bad_chats();
    }
    Points points;
    points.reserve(chats->size());
    for (const auto& [id, seq] : *chats) {
        const auto chat = ChatId::parse(id);
        if (!chat || !seq.is_int64() || seq.get_int64() < 0) {
            return bad_chats();
        }
        points.push_back({*chat, seq.get_int64()});
    }
    return points;
}

boost::json::value resumed_json(const storage::ResumedChat& chat) {
    if (chat.resync) {
        return {{"resync", true}};
    }
    boost::json::array messages;
    messages.reserve(chat.messages.size());
    for (const auto& message : chat.messages) {
        messages.push_back(message_json(message));
    }
    return {{"messages", std::move(messages)},
            {"readSeq", chat.mine.read},
            {"unseenCount", chat.unread},
            {"peer", {{"readSeq", chat.peer.read}, {"deliveredSeq", chat.peer.delivered}}}};
}

}  // namespace

ResumeController::ResumeController(Service& service, realtime::Hub& hub, const Config::Limits& limits)
    : service_(service),
      hub_(hub),
      room_{limits.outbox_bytes / 2, static_cast<std::size_t>(limits.outbox_frames) / 2} {}

Task<Result<boost::json::value>> ResumeController::resume(realtime::Caller caller, boost::json::value data) {
    auto points = read_points(data);
    if (!points) {
        co_return points.error();
    }
    const auto resumed = co_await service_.resume(caller.identity.user, std::move(*points));
    if (!resumed) {
        co_return resumed.error();
    }
    Room room = room_;
    const bool has_told_all = tell(caller.connection, "chatCreated", resumed->created, room);
    tell(caller.connection, "chatUpdated", resumed->updated, room);
    boost::json::object chats;
    for (const auto& chat : resumed->chats) {
        chats[chat.chat.to_string()] = resumed_json(chat);
    }
    boost::json::value answer{{"chats", std::move(chats)}, {"hasMore", resumed->has_more || !has_told_all}};
    co_return answer;
}

bool ResumeController::tell(realtime::ConnectionId connection, std::string_view event,
                            const std::vector<Row>& rows, Room& room) {
    const std::array recipients{connection};
    for (const auto& row : rows) {
        const auto data = row_json(row);
        const auto size = boost::json::serialize(data).size();
        if (size > room.bytes || room.frames == 0) {
            return false;
        }
        room.bytes -= size;
        --room.frames;
        hub_.deliver(recipients, event, data);
    }
    return true;
}

void mount_resume(realtime::EventRouter& router, ResumeController& controller) {
    const realtime::EventHandler resume = [&](realtime::Caller caller, boost::json::value data) {
        return controller.resume(caller, std::move(data));
    };
    router.add("resume", resume, realtime::AnswerSize::large);
}

}  // namespace ping::chats
