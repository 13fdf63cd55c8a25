// Three devices of two users do at random what clients do. What each device knows from events and `resume`
// alone must come to what the stored messages say, and to who is connected.
#include "integration/property_device.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using boost::json::value;
using ping::test::ChatState;
using ping::test::PropertyDevice;
using ping::test::Seq;
using ping::test::TestApp;
using ping::test::TwoPeople;

namespace {

using Devices = std::vector<PropertyDevice>;
using Users = std::set<std::string>;

Seq unread_of(const ChatState& state, const std::string& me) {
    return std::count_if(state.senders.upper_bound(state.read), state.senders.end(),
                         [&](const auto& message) { return message.second != me; });
}

/// Does one thing at random.
void act(TwoPeople& two, PropertyDevice& device, std::mt19937& random) {
    const auto below = [&](Seq bound) { return std::uniform_int_distribution<Seq>(0, bound - 1)(random); };
    if (!device.is_connected()) {
        if (below(3) == 0) {
            device.connect();
        }
        return;
    }
    const value mark{{"chatId", two.chat},
                     {"seq", below(static_cast<Seq>(device.state().senders.size()) + 3)}};
    const auto& api = device.person().api;
    switch (below(13)) {
        case 0:
        case 1:
        case 2:
            device.send("sendMessage", {{"chatId", two.chat}, {"text", "x"}});
            break;
        case 3:
            CHECK(api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "y"}}).status == 201);
            break;
        case 4:
        case 5:
            device.send("seen", mark);
            break;
        case 6:
            device.send("delivered", mark);
            break;
        case 7:
        case 8:
            device.open_chat(below(3) != 0);
            break;
        case 9:
            device.show(below(2) == 0);
            break;
        case 10:
            CHECK(api.get("/api/v1/message/" + two.chat + "?limit=3").status == 200);
            break;
        case 11:
            device.close();
            break;
        default:
            device.cut();
            break;
    }
}

/// What the stored messages and watermarks say to a person.
struct Truth {
    ChatState state;
    Seq unread = 0;
    std::set<Seq> seen;  ///< own messages

    bool operator==(const Truth&) const = default;
};

Truth recount(const TestApp::Person& me, const std::string& chat_id) {
    Truth truth;
    const auto chat = me.api.get("/api/v1/chat/all").json.at("chats").at(0).at("chat");
    truth.unread = chat.at("unseenCount").to_number<Seq>();
    truth.state.read = chat.at("readSeq").to_number<Seq>();
    truth.state.peer_read = chat.at("peer").at("readSeq").to_number<Seq>();
    truth.state.peer_delivered = chat.at("peer").at("deliveredSeq").to_number<Seq>();
    const auto page = me.api.get("/api/v1/message/" + chat_id + "?markSeen=false").json;
    for (const auto& message : page.at("messages").as_array()) {
        const auto seq = message.at("seq").to_number<Seq>();
        const std::string sender(message.at("sender").as_string());
        truth.state.senders.emplace(seq, sender);
        if (sender == me.id && message.at("seen").as_bool()) {
            truth.seen.insert(seq);
            CHECK(message.as_object().contains("seenAt"));
        }
    }
    return truth;
}

/// A person's own messages up to a mark of the peer.
std::set<Seq> own_up_to(const ChatState& state, const std::string& me, Seq mark) {
    std::set<Seq> own;
    for (const auto& [seq, sender] : state.senders) {
        if (sender == me && seq <= mark) {
            own.insert(seq);
        }
    }
    return own;
}

std::set<Seq> seen_by_device(const PropertyDevice& device) {
    return own_up_to(device.state(), device.person().id, device.state().peer_read);
}

/// What was read was delivered, too, and is not told twice.
std::set<Seq> delivered_by_device(const PropertyDevice& device) {
    const auto& state = device.state();
    return own_up_to(state, device.person().id, std::max(state.peer_delivered, state.peer_read));
}

std::set<Seq> delivered(const Truth& truth, const std::string& me) {
    return own_up_to(truth.state, me, truth.state.peer_delivered);
}

/// Whoever has a connection.
Users connected(const Devices& devices) {
    Users users;
    for (const auto& device : devices) {
        if (device.is_connected()) {
            users.insert(device.person().id);
        }
    }
    return users;
}

/// The peer's mark may have passed messages of the peer alone, of which nobody is told.
bool agrees(const PropertyDevice& device, const Truth& truth) {
    const auto& state = device.state();
    return state.senders == truth.state.senders && state.read == truth.state.read &&
           unread_of(state, device.person().id) == truth.unread && seen_by_device(device) == truth.seen &&
           delivered_by_device(device) == delivered(truth, device.person().id);
}

std::vector<Truth> recount_all(const TwoPeople& two, const Devices& devices) {
    std::vector<Truth> truths;
    for (const auto& device : devices) {
        truths.push_back(recount(device.person(), two.chat));
    }
    return truths;
}

/// Time passes until every device that is connected, and the server, know who is.
void check_presence(TwoPeople& two, Devices& devices) {
    const auto online = connected(devices);
    const auto knows = [&](const PropertyDevice& device) {
        return !device.is_connected() || device.online() == online;
    };
    // A lost connection counts for a grace of 8 s. No step is so long that the server would miss a pong.
    bool all_know = false;
    for (int step = 0; step < 30 && !all_know; ++step) {
        two.app.advance(500ms);
        for (auto& device : devices) {
            if (device.is_connected()) {
                device.catch_up();
            }
        }
        all_know = two.app.metric("ping_users_online") == static_cast<double>(online.size()) &&
                   std::all_of(devices.begin(), devices.end(), knows);
    }
    for (std::size_t i = 0; i < devices.size(); ++i) {
        INFO("device " << i << " of " << devices[i].person().id);
        CHECK(knows(devices[i]));
    }
    REQUIRE(all_know);
}

/// Everybody comes back and hears all. What a cut connection had asked for may still be under way: the
/// devices are compared with a state of the store that was the same before and after they had heard.
void check_all_agree(TwoPeople& two, Devices& devices) {
    for (auto& device : devices) {
        if (!device.is_connected()) {
            device.connect();
        }
    }
    std::vector<Truth> truths;
    bool all_agree = false;
    for (int round = 0; round < 50 && !all_agree; ++round) {
        two.app.advance(1300ms);  // the marks of delivery that wait
        truths = recount_all(two, devices);
        for (auto& device : devices) {
            device.catch_up();
        }
        all_agree = truths == recount_all(two, devices) &&
                    std::equal(devices.begin(), devices.end(), truths.begin(), agrees);
    }
    for (std::size_t i = 0; i < devices.size(); ++i) {
        const auto& device = devices[i];
        const auto& truth = truths[i];
        const auto& me = device.person().id;
        INFO("device " << i << ": " << device.state() << "; stored: " << truth.state);
        CHECK(device.state().senders.size() == truth.state.senders.size());
        CHECK(device.state().senders == truth.state.senders);
        CHECK(device.state().read == truth.state.read);
        CHECK(unread_of(device.state(), me) == truth.unread);
        CHECK(unread_of(truth.state, me) == truth.unread);
        CHECK(seen_by_device(device) == truth.seen);
        CHECK(delivered_by_device(device) == delivered(truth, me));
    }
    REQUIRE(all_agree);
}

/// With nothing under way, a message is seen at once where a device of the receiver shows the chat, and
/// nowhere else.
void check_looking(TwoPeople& two, const Devices& devices, const TestApp::Person& sender,
                   const TestApp::Person& receiver) {
    const bool is_looked_at = std::any_of(devices.begin(), devices.end(), [&](const PropertyDevice& device) {
        return device.person().id == receiver.id && device.looks_at_chat();
    });
    const auto sent = sender.api.post("/api/v1/message", {{"chatId", two.chat}, {"text", "look"}});
    const auto seq = sent.json.at("message").at("seq").to_number<Seq>();
    // The mark follows the message by a read and a write of the store: it is waited for where it must come.
    two.app.settle();
    auto truth = recount(receiver, two.chat);
    for (int attempt = 0; attempt < 500 && is_looked_at && truth.state.read < seq; ++attempt) {
        truth = recount(receiver, two.chat);
    }
    INFO(truth.state);
    CHECK((truth.state.read == seq) == is_looked_at);
}

}  // namespace

TEST_CASE(
    "property: whatever three devices do, unread, seen and online are the same everywhere, as recounted",
    "[chats][presence][property]") {
    const auto seed = GENERATE(1U, 2U, 3U, std::random_device()());
    CAPTURE(seed);
    TwoPeople two;
    std::mt19937 random(seed);
    Devices devices;
    devices.reserve(3);
    for (const auto* const person : {&two.ana, &two.ana, &two.bo}) {
        devices.emplace_back(two, *person);
    }
    for (int round = 0; round < 8; ++round) {
        for (int i = 0; i < 20; ++i) {
            act(two, devices[random() % devices.size()], random);
        }
        check_presence(two, devices);
        check_all_agree(two, devices);
        check_presence(two, devices);
        check_looking(two, devices, two.ana, two.bo);
        check_looking(two, devices, two.bo, two.ana);
    }
}
