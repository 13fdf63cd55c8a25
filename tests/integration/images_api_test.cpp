#include "integration/images_fixture.hpp"

#include <fstream>

using namespace ping::test;

TEST_CASE("images: a picture is sent, announced, kept in history and shown", "[images][api]") {
    ImageScene scene;
    auto bo = scene.connect(scene.bo);
    const auto answer = scene.send(jpeg_image(800, 600));
    INFO(answer.text);
    REQUIRE(answer.status == 201);
    const auto& message = answer.json.at("message").as_object();
    CHECK(message.at("messageType") == "image");
    CHECK_FALSE(message.contains("text"));
    const auto& image = message.at("image").as_object();
    CHECK(image.at("width") == 800);
    CHECK(image.at("height") == 600);
    CHECK(image.at("publicId").as_string().size() == 32);

    const auto event = bo.next("newMessage");
    CHECK(event.at("image") == answer.json.at("message").at("image"));
    const auto history = scene.bo.api.get("/api/v1/message/" + scene.chat);
    CHECK(history.json.at("messages").at(0).at("image") == answer.json.at("message").at("image"));
    const auto list = scene.bo.api.get("/api/v1/chat/all");
    CHECK(list.json.at("chats").at(0).at("chat").at("latestMessage").at("text") == "📷 Image");

    const auto picture = scene.load(image);
    REQUIRE(picture.status == 200);
    CHECK(picture.headers.at("content-type") == "image/jpeg");
    CHECK(quarters(decode(picture.text)) == "rgbw");
    const auto thumbnail = scene.load(image, "thumbUrl");
    REQUIRE(thumbnail.status == 200);
    CHECK(thumbnail.headers.at("content-type") == "image/webp");
    const auto small = decode(thumbnail.text);
    CHECK(small.width == 480);
    CHECK(small.height == 360);
    CHECK(quarters(small) == "rgbw");
}

TEST_CASE("images: a caption, a client id and a key come with a form as with JSON", "[images][api]") {
    ImageScene scene;
    const auto answer = scene.send(png_image(30, 20), "c1", "Look!");
    REQUIRE(answer.status == 201);
    const auto& message = answer.json.at("message").as_object();
    CHECK(message.at("text") == "Look!");
    CHECK(message.at("clientId") == "c1");
    CHECK(message.at("messageType") == "image");
    const auto list = scene.bo.api.get("/api/v1/chat/all");
    CHECK(list.json.at("chats").at(0).at("chat").at("latestMessage").at("text") == "Look!");

    Form text_only;
    text_only.field("chatId", scene.chat).field("text", "no image");
    const auto text = text_only.post(scene.ana.api);
    CHECK(text.status == 201);
    CHECK(text.json.at("message").at("messageType") == "text");
    const auto keyed =
        scene.ana.api.request("POST", "/api/v1/message",
                              {{"Content-Type", Form::type()}, {"Idempotency-Key", "k1"}}, text_only.body());
    CHECK(keyed.json.at("message").at("clientId") == "k1");
}

TEST_CASE("images: sending again under a client id gives the first message and keeps no second copy",
          "[images][api]") {
    ImageScene scene;
    const auto first = scene.send(jpeg_image(64, 64), "c1", "one");
    REQUIRE(first.status == 201);
    const auto again = scene.send(jpeg_image(64, 64), "c1", "one");
    CHECK(again.status == 200);
    CHECK(again.json == first.json);
    CHECK(scene.send(jpeg_image(64, 32), "c1", "one").status == 422);
    CHECK(scene.send(jpeg_image(64, 64), "c1", "two").status == 422);
    const auto without =
        scene.ana.api.post("/api/v1/message", {{"chatId", scene.chat}, {"clientId", "c1"}, {"text", "one"}});
    CHECK(without.status == 422);
    scene.wait_for_files(2);
    const auto history = scene.bo.api.get("/api/v1/message/" + scene.chat);
    CHECK(history.json.at("messages").as_array().size() == 1);
    CHECK(scene.load(first.json.at("message").at("image").as_object()).status == 200);
}

TEST_CASE("images: who was away gets them by resume", "[images][api]") {
    ImageScene scene;
    const auto image = scene.sent(webp_image(30, 20));
    auto bo = scene.connect(scene.bo);
    const auto answer = ask(bo, "resume", {{"chats", {{scene.chat, 0}}}});
    CHECK(answer.at("chats").at(scene.chat).at("messages").at(0).at("image") == boost::json::value(image));
}

TEST_CASE("images: a form without text and image is no message", "[images][api]") {
    ImageScene scene;
    const auto nothing = Form().field("chatId", scene.chat).post(scene.ana.api);
    CHECK(nothing.status == 400);
    CHECK(nothing.message() == "Either text or image is required");
    // What a browser sends when nobody chose a file.
    const auto empty = Form().field("chatId", scene.chat).file("image", "", "", "application/octet-stream");
    CHECK(empty.post(scene.ana.api).message() == "Either text or image is required");
    CHECK(Form(empty).field("text", "hello").post(scene.ana.api).json.at("message").at("messageType") ==
          "text");
}

TEST_CASE("images: a malformed form is refused and leaves nothing", "[images][api]") {
    ImageScene scene;
    const auto image = jpeg_image(16, 16);
    auto form = Form().field("chatId", scene.chat).file("image", image);
    const auto post = [&](const std::string& body, const std::string& type = Form::type()) {
        return scene.ana.api.post_text("/api/v1/message", body, type).status;
    };
    CHECK(post(form.body().substr(0, form.body().size() - 10)) == 400);
    CHECK(post(form.body(), "multipart/form-data") == 400);
    CHECK(post(form.body(), "multipart/form-data; boundary=other") == 400);
    CHECK(post(form.body(), "multipart/mixed; boundary=" + std::string(Form::boundary)) == 415);
    CHECK(post("", Form::type()) == 400);
    CHECK(Form(form).file("image", image).post(scene.ana.api).status == 400);
    CHECK(Form(form).field("chatId", scene.chat).post(scene.ana.api).status == 400);
    CHECK(Form().field("chatId", "nonsense").file("image", image).post(scene.ana.api).status == 400);
    // What nobody asked for is passed over.
    CHECK(Form(form).field("extra", "x").file("other", image).post(scene.ana.api).status == 201);
    scene.wait_for_files(2);
}

TEST_CASE("images: the rate of messages counts images, before their bodies are read", "[images][api]") {
    ImageScene scene([](ping::Config& config) {
        config.limits.per_user = 20;
        config.limits.messages_burst = 2;
    });
    CHECK(scene.send(jpeg_image(8, 8)).status == 201);
    CHECK(scene.ana.api.post("/api/v1/message", {{"chatId", scene.chat}, {"text", "two"}}).status == 201);
    const auto refused = scene.send(jpeg_image(8, 8));
    CHECK(refused.status == 429);
    CHECK(refused.headers.contains("retry-after"));
    scene.app.advance(std::chrono::seconds(1));
    CHECK(scene.send(jpeg_image(8, 8)).status == 201);
}

TEST_CASE("images: links begin with the server's public address where it has one", "[images][api]") {
    ImageScene scene([](ping::Config& config) { config.server.public_url = "http://localhost:5002"; });
    const auto image = scene.sent(jpeg_image(8, 8));
    CHECK(image.at("url").as_string().starts_with("http://localhost:5002/api/v1/media/"));
    CHECK(image.at("thumbUrl").as_string().starts_with("http://localhost:5002/api/v1/media/"));
}

TEST_CASE("images: they outlive a restart, and what no message has is removed at the start and every hour",
          "[images][api]") {
    ImageScene scene;
    const auto image = scene.sent(jpeg_image(8, 8));
    const auto folder = scene.app.database_file().parent_path() / "blobs";
    const std::string orphan(32, 'a');
    std::filesystem::create_directory(folder / "aa");
    for (const auto& name : {orphan, orphan + ".thumb", std::string("aa-no-image")}) {
        std::ofstream(folder / "aa" / name) << "x";
    }
    std::ofstream(folder / "tmp" / "17") << "a draft";
    scene.app.restart();
    scene.wait_for_orphans(1);
    CHECK(scene.files() == 3);  // the image's two, and what is none of ours
    CHECK(scene.load(image).status == 200);

    std::ofstream(folder / "aa" / orphan) << "x";
    scene.wait_for_orphans(2, std::chrono::hours(1));
    CHECK(scene.files() == 3);
}
