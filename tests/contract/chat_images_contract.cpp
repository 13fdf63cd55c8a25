#include "contract/chat_helpers.hpp"

namespace ping::test {
namespace {

/// Ada's image; `n` makes it another one.
storage::NewMessage image_message(ChatScene& scene, int n, std::int64_t bytes = 100) {
    auto message = scene.message(scene.ada, "");
    message.type = MessageType::image;
    storage::NewImage image;
    image.image = Image{std::string(31, 'a') + std::to_string(n), 640, 480};
    image.bytes = bytes;
    image.digest = std::string(31, '\0') + static_cast<char>(n);
    image.quota = 1000;
    message.image = image;
    return message;
}

std::int64_t bytes_of(ChatScene& scene, UserId owner) {
    return *run(scene.fixture.loop, [&] { return scene.fixture.images().bytes_of(owner); });
}

}  // namespace

TEST_CASE("chats: an image is stored with its message and comes back everywhere", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    scene.append(scene.bob, "before");
    const auto appended = scene.try_append(image_message(scene, 1));
    REQUIRE(appended);
    scene.append(scene.bob, "between");
    REQUIRE(scene.try_append(image_message(scene, 2)));

    REQUIRE(appended->message.image);
    CHECK(appended->message.image->public_id == std::string(31, 'a') + "1");
    const auto history = scene.try_history(scene.bob);
    REQUIRE(history);
    REQUIRE(history->messages.size() == 4);
    CHECK_FALSE(history->messages[0].image);
    REQUIRE(history->messages[1].image);
    CHECK(history->messages[1].type == MessageType::image);
    CHECK(history->messages[1].image->width == 640);
    CHECK(history->messages[1].image->height == 480);
    REQUIRE(history->messages[3].image);
    CHECK(history->messages[3].image->public_id == std::string(31, 'a') + "2");

    storage::ResumeQuery query;
    query.reader = scene.bob;
    query.points = {{scene.chat, 1}};
    const auto resumed = scene.resume(query);
    REQUIRE(resumed.chats[0].messages.size() == 3);
    REQUIRE(resumed.chats[0].messages[0].image);
    CHECK(resumed.chats[0].messages[0].image->public_id == std::string(31, 'a') + "1");

    CHECK(scene.get(scene.bob).chat.latest->text == "📷 Image");
}

TEST_CASE("chats: a client id stands for its image too", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    auto first = image_message(scene, 1);
    first.client_id = "c1";
    REQUIRE(scene.try_append(first));

    auto again = first;
    again.id = fixture->make_id<MessageId>();
    again.image->image.public_id = std::string(32, 'b');  // kept anew, the same bytes
    const auto repeated = scene.try_append(again);
    REQUIRE(repeated);
    CHECK(repeated->repeated);
    REQUIRE(repeated->message.image);
    CHECK(repeated->message.image->public_id == first.image->image.public_id);

    auto other_image = image_message(scene, 2);
    other_image.client_id = "c1";
    CHECK(scene.try_append(other_image).error().code == ErrorCode::unprocessable);
    auto no_image = scene.message(scene.ada, "");
    no_image.client_id = "c1";
    CHECK(scene.try_append(no_image).error().code == ErrorCode::unprocessable);
    CHECK(bytes_of(scene, scene.ada) == 100);
}

TEST_CASE("T46: images are stored up to their sender's quota", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    REQUIRE(scene.try_append(image_message(scene, 1, 900)));
    const auto refused = scene.try_append(image_message(scene, 2, 101));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().slug == "quota_exceeded");
    CHECK(scene.get(scene.ada).chat.last_seq == 1);
    CHECK(scene.try_append(image_message(scene, 3, 100)));
    CHECK(bytes_of(scene, scene.ada) == 1000);
    CHECK(bytes_of(scene, scene.bob) == 0);
}

TEST_CASE("images: those without a message are told from the others", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    REQUIRE(scene.try_append(image_message(scene, 1)));
    const std::vector<std::string> ids{std::string(32, 'c'), std::string(31, 'a') + "1",
                                       std::string(32, 'd')};
    const auto left = run(fixture->loop, [&] { return fixture->images().without_message(ids); });
    REQUIRE(left);
    CHECK(*left == std::vector{ids[0], ids[2]});
}

}  // namespace ping::test
