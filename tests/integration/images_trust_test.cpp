// TRUST.md rows 25, 35, 39, 44, 45 and 46: what hostile hands may do with images.
#include "integration/images_fixture.hpp"
#include "ping/media/service.hpp"
#include "support/raw_client.hpp"

#include <boost/json/serialize.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>

using namespace ping::test;

namespace {

std::string link_of(const boost::json::object& image, const char* link = "url") {
    return std::string(image.at(link).as_string());
}

/// With the last character of the part that follows `from` changed.
std::string tampered(std::string link, const std::string& from) {
    auto& c = link[link.find(from) + from.size()];
    c = c == '1' ? '2' : '1';
    return link;
}

/// The names in the data folder, but for those of the images.
std::set<std::string> names_beside_images(const std::filesystem::path& data) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(data)) {
        names.insert(entry.path().filename().string());
    }
    names.erase("blobs");
    return names;
}

}  // namespace

TEST_CASE("T24: nobody sends an image to a chat that is not theirs", "[images][trust]") {
    ImageScene scene;
    const auto eve = scene.app.log_in("eve@example.com");
    const auto before = scene.bo.api.get("/api/v1/message/" + scene.chat).text;
    const auto image = jpeg_image(8, 8);
    CHECK(Form().field("chatId", scene.chat).file("image", image).post(eve.api).status == 403);
    CHECK(Form().file("image", image).field("chatId", scene.chat).post(eve.api).status == 403);
    CHECK(Form().field("chatId", std::string(24, 'a')).file("image", image).post(eve.api).status == 404);
    CHECK(Form().file("image", image).post(eve.api).message() == "ChatId Required");
    CHECK(Form().field("chatId", scene.chat).file("image", image).post(scene.app.client()).status == 401);
    scene.app.settle();
    CHECK(scene.bo.api.get("/api/v1/message/" + scene.chat).text == before);
    scene.wait_for_files(0);
}

TEST_CASE("images: a link stays good after a new secret, while the old one is named", "[images]") {
    ImageScene scene;
    const auto link = link_of(scene.sent(jpeg_image(64, 64)));
    std::string old_secret;
    std::ifstream(scene.app.database_file().parent_path() / "secret") >> old_secret;
    scene.app.change_config([&](ping::Config& config) {
        config.auth.secret = "another secret of more than 32 bytes, 2718281828459045";
        config.auth.previous_secrets = {old_secret};
    });
    scene.app.restart();
    CHECK(scene.app.client().get(link).status == 200);
    scene.app.change_config([](ping::Config& config) { config.auth.previous_secrets = {}; });
    scene.app.restart();
    CHECK(scene.app.client().get(link).status == 403);
}

TEST_CASE("T25: an image opens by its own link and by nothing else", "[images][trust]") {
    ImageScene scene;
    const auto image = scene.sent(jpeg_image(64, 64));
    const auto other = scene.sent(jpeg_image(64, 64));
    const auto link = link_of(image);
    const auto get = [&](const std::string& target) { return scene.app.client().get(target).status; };
    REQUIRE(get(link) == 200);

    const auto query = link.find('?');
    CHECK(get(link.substr(0, query)) == 403);
    CHECK(scene.ana.api.get(link.substr(0, query)).status == 403);  // not even its sender by the token
    CHECK(get(tampered(link, "sig=")) == 403);
    CHECK(get(tampered(link, "exp=")) == 403);
    CHECK(get(link.substr(0, link.find("&sig"))) == 403);
    CHECK(get(link + "1") == 403);
    CHECK(get(link_of(other).substr(0, query) + link.substr(query)) == 403);
    CHECK(get(link.substr(0, query) + "/thumb" + link.substr(query)) == 403);
    CHECK(get(link_of(image, "thumbUrl").substr(0, query) + link_of(image, "thumbUrl").substr(query + 6)) ==
          403);

    for (const auto* const folder : {"/api/v1/media", "/api/v1/media/", "/media/", "/blobs/"}) {
        CHECK(get(folder) == 404);
    }
}

TEST_CASE("T25: a link is the same all day and ends at the second next midnight", "[images][trust]") {
    using namespace std::chrono;
    ImageScene scene;
    const auto now = scene.app.clock().now();
    scene.app.clock().advance(ceil<days>(now) - now);  // midnight
    const auto link = link_of(scene.sent(jpeg_image(64, 64)));
    const auto shown = [&] {
        return link_of(scene.ana.api.get("/api/v1/message/" + scene.chat)
                           .json.at("messages")
                           .at(0)
                           .at("image")
                           .as_object());
    };
    scene.app.clock().advance(hours(23) + minutes(59));
    CHECK(shown() == link);
    scene.app.clock().advance(minutes(1));
    CHECK(shown() != link);
    scene.app.clock().advance(hours(23) + minutes(59) + seconds(59));
    const auto answer = scene.app.client().get(link);
    CHECK(answer.status == 200);
    CHECK(answer.headers.at("cache-control") == "private, max-age=1, immutable");
    scene.app.clock().advance(seconds(1));
    CHECK(scene.app.client().get(link).status == 403);
    CHECK(scene.app.client().get(shown()).status == 200);
}

TEST_CASE("T35: an image of exactly the limit passes, one byte more does not", "[images][trust]") {
    constexpr std::size_t limit = 5UL * 1024 * 1024;
    ImageScene scene;
    auto image = jpeg_image(64, 64);
    image.resize(limit, 'x');  // what follows a JPEG is nobody's
    CHECK(scene.send(image).status == 201);
    const auto refused = scene.send(image + "x");
    CHECK(refused.status == 413);
    CHECK(refused.json.at("code") == "file_too_large");
    CHECK(scene.send(std::string(limit + 128 * 1024, 'x')).json.at("code") == "body_too_large");
    scene.wait_for_files(2);
}

TEST_CASE("T35: what is announced too large is refused before it is sent", "[images][trust]") {
    ImageScene scene;
    RawClient raw(scene.app.address());
    raw.send("POST /api/v1/message HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + scene.ana.token +
             "\r\nContent-Type: " + Form::type() +
             "\r\nContent-Length: 6000000\r\nExpect: 100-continue\r\n\r\n");
    CHECK(raw.read_answer()->status == 413);
}

TEST_CASE("T35: JSON keeps its own limit where forms are longer", "[images][trust]") {
    ImageScene scene;
    const auto body = [&](std::size_t size) {
        auto text = boost::json::serialize(boost::json::value{{"chatId", scene.chat}, {"text", "hello"}});
        text.resize(size, ' ');
        return text;
    };
    constexpr std::size_t limit = 64UL * 1024;
    CHECK(scene.ana.api.post_text("/api/v1/message", body(limit)).status == 201);
    CHECK(scene.ana.api.post_text("/api/v1/message", body(limit + 1)).status == 413);
}

TEST_CASE("T35: uploads of one person at a time are bounded", "[images][trust]") {
    ImageScene scene([](ping::Config& config) { config.limits.per_user = 20; });
    const auto head = "POST /api/v1/message HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + scene.ana.token +
                      "\r\nContent-Type: " + Form::type() + "\r\nContent-Length: 100000\r\n\r\n";
    Form form;
    form.field("chatId", scene.chat).file("image", jpeg_image(8, 8));
    const auto begun = form.body().substr(0, form.body().size() - 60);
    std::vector<RawClient> open;
    for (int i = 0; i < ping::media::Service::uploads_per_user; ++i) {
        open.emplace_back(scene.app.address());
        REQUIRE(open.back().send(head + begun));
    }
    scene.wait_for_files(open.size());
    const auto refused = scene.send(jpeg_image(8, 8));
    CHECK(refused.status == 429);
    CHECK(refused.json.at("code") == "upload_limit");
    open.clear();
    scene.wait_for_files(0);
    CHECK(scene.send(jpeg_image(8, 8)).status == 201);
}

TEST_CASE("T39: texts and names of a form are UTF-8 or refused", "[images][trust]") {
    ImageScene scene;
    const auto image = jpeg_image(8, 8);
    for (const std::string bytes : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
        Form named;
        CHECK(named.field("chatId", scene.chat)
                  .file("image", image, bytes + ".jpg")
                  .post(scene.ana.api)
                  .status == 400);
        Form with_text;
        CHECK(with_text.field("chatId", scene.chat).field("text", bytes).post(scene.ana.api).status == 400);
    }
    Form fine;
    CHECK(fine.field("chatId", scene.chat)
              .field("text", "grüß €")
              .file("image", image, "fünf 📷.jpg")
              .post(scene.ana.api)
              .status == 201);
    scene.wait_for_files(2);
}

TEST_CASE("T44: bombs, polyglots and what is no image are refused or come out clean", "[images][trust]") {
    ImageScene scene;
    const auto refused = [&](const std::string& file, int status, const char* code) {
        const auto answer = scene.send(file);
        INFO(answer.text);
        CHECK(answer.status == status);
        CHECK(answer.json.at("code") == code);
    };
    refused(png_bomb(50'000, 50'000), 422, "image_too_large");
    refused(png_bomb(5'000, 5'000), 422, "image_broken");
    refused(jpeg_with_scans(64, 64, 10'000), 422, "image_too_complex");
    refused("<html><script>alert(1)</script>", 415, "unsupported_image");
    refused("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415, "unsupported_image");
    refused("%PDF-1.7 /JS (app.alert(1))", 415, "unsupported_image");
    refused(jpeg_image(64, 64).substr(0, 500), 422, "image_broken");
    auto flipped = png_image(64, 64);
    flipped[flipped.size() / 2] ^= 0x40;
    refused(flipped, 422, "image_broken");
    scene.wait_for_files(0);

    const auto long_gif = scene.load(scene.sent(gif_image(4, 4, 100'000)));
    CHECK(long_gif.text == gif_image(4, 4, 200));
    const std::string jar = "PK\x03\x04 META-INF/MANIFEST.MF";
    CHECK(scene.load(scene.sent(gif_image(16, 16, 2) + jar)).text == gif_image(16, 16, 2));
    const std::string script = "<script>alert(1)</script>";
    for (const auto& file : {jpeg_image(32, 32, {.comment = script}) + script,
                             png_image(32, 32, png_chunk("tEXt", script)) + script,
                             gif_image(32, 32, 1, script) + script, webp_image(32, 32) + script}) {
        const auto clean = scene.load(scene.sent(file)).text;
        CHECK(clean.find(script) == std::string::npos);
        CHECK(quarters(decode(clean)) == "rgbw");
    }
}

TEST_CASE("T44: an animated WebP is its first frame", "[images][trust]") {
    ImageScene scene;
    const auto image = scene.sent(webp_animation(40, 20, 10));
    CHECK(image.at("width") == 40);
    CHECK(quarters(decode(scene.load(image).text)) == "rrrr");
    CHECK(quarters(decode(scene.load(image, "thumbUrl").text)) == "rrrr");
}

TEST_CASE("T44: a photo stands upright, and where it was taken is gone", "[images][trust]") {
    ImageScene scene;
    // What the camera stored, shown upright.
    const char* const upright[] = {"rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        INFO(orientation);
        const auto image = scene.sent(jpeg_image(64, 32, {.orientation = orientation, .gps = true}));
        const bool is_turned = orientation >= 5;
        CHECK(image.at("width") == (is_turned ? 32 : 64));
        CHECK(image.at("height") == (is_turned ? 64 : 32));
        for (const auto* const link : {"url", "thumbUrl"}) {
            const auto file = scene.load(image, link).text;
            CHECK(file.find("GPS-CANARY") == std::string::npos);
            CHECK(file.find("Exif") == std::string::npos);
            const auto pixels = decode(file);
            CHECK(pixels.width == (is_turned ? 32 : 64));
            CHECK(quarters(pixels) == upright[orientation - 1]);
        }
    }
}

TEST_CASE("T44: a large photo and a progressive one are taken", "[images]") {
    ImageScene scene;
    const auto large = scene.sent(jpeg_image(5000, 5000, {.orientation = 6}));
    CHECK(large.at("width") == 5000);
    CHECK(scene.load(large).status == 200);
    const auto progressive = scene.sent(jpeg_image(4000, 3000, {.progressive = true}));
    CHECK(quarters(decode(scene.load(progressive, "thumbUrl").text)) == "rgbw");
}

TEST_CASE("T45: an image is served as what it is and as nothing else", "[images][trust]") {
    ImageScene scene;
    const std::pair<std::string, std::string> files[] = {{jpeg_image(16, 16), "image/jpeg"},
                                                         {png_image(16, 16), "image/png"},
                                                         {gif_image(16, 16, 2), "image/gif"},
                                                         {webp_image(16, 16), "image/webp"}};
    for (const auto& [file, type] : files) {
        // The client's own word for it counts for nothing.
        Form form;
        form.field("chatId", scene.chat).file("image", file, "evil.html", "text/html");
        const auto answer = form.post(scene.ana.api);
        REQUIRE(answer.status == 201);
        const auto image = answer.json.at("message").at("image").as_object();
        for (const auto* const link : {"url", "thumbUrl"}) {
            const auto served = scene.load(image, link);
            const auto expected = std::string(link) == "url" ? type : "image/webp";
            CHECK(served.headers.at("content-type") == expected);
            CHECK(served.headers.at("content-disposition") ==
                  "inline; filename=\"image." + expected.substr(6) + "\"");
            CHECK(served.headers.at("x-content-type-options") == "nosniff");
            CHECK(served.headers.at("content-security-policy") == "default-src 'none'; sandbox");
            CHECK(served.headers.at("cache-control").find("immutable") != std::string::npos);
            CHECK(served.headers.at("content-length") == std::to_string(served.text.size()));
        }
    }
}

TEST_CASE("T46: no file's name leaves the folder of images", "[images][trust]") {
    ImageScene scene;
    const auto data = scene.app.database_file().parent_path();
    const auto before = names_beside_images(data);
    for (const std::string name :
         {"../../evil.jpg", "%2e%2e%2fevil.jpg", "..\\..\\evil.jpg", "/etc/cron.d/evil", "C:\\evil.jpg",
          "....//evil.jpg", "~/.ssh/authorized_keys"}) {
        Form form;
        CHECK(form.field("chatId", scene.chat)
                  .file("image", jpeg_image(8, 8), name)
                  .post(scene.ana.api)
                  .status == 201);
    }
    for (const auto& name : {std::string("a\0.jpg", 6), std::string(5000, 'a'), std::string("a\r\nX: y")}) {
        Form form;
        const auto answer =
            form.field("chatId", scene.chat).file("image", jpeg_image(8, 8), name).post(scene.ana.api);
        CHECK(answer.status == 400);
    }
    scene.wait_for_files(14);  // two of each image
    CHECK(names_beside_images(data) == before);
    CHECK_FALSE(std::filesystem::exists(data.parent_path() / "evil.jpg"));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
        CHECK(entry.path().string().find("evil") == std::string::npos);
    }
}

TEST_CASE("T46: an upload that breaks off leaves nothing", "[images][trust]") {
    ImageScene scene;
    {
        RawClient raw(scene.app.address());
        Form form;
        form.field("chatId", scene.chat).file("image", std::string(100'000, 'x'));
        raw.send("POST /api/v1/message HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + scene.ana.token +
                 "\r\nContent-Type: " + Form::type() + "\r\nContent-Length: 1000000\r\n\r\n" + form.body());
        scene.wait_for_files(1);
    }
    scene.wait_for_files(0);
}

TEST_CASE("T46: images are taken up to the person's quota, and not on a full disk", "[images][trust]") {
    ImageScene scene([](ping::Config& config) { config.blobs.user_quota = 20UL * 1024; });
    CHECK(scene.send(jpeg_image(8, 8)).status == 201);  // two files, of a block each
    CHECK(scene.send(jpeg_image(8, 8)).status == 201);
    const auto refused = scene.send(jpeg_image(8, 8));
    CHECK(refused.status == 413);
    CHECK(refused.json.at("code") == "quota_exceeded");
    scene.app.settle();
    CHECK(scene.ana.api.post("/api/v1/message", {{"chatId", scene.chat}, {"text", "still writing"}}).status ==
          201);

    ImageScene full([](ping::Config& config) { config.blobs.free_percent = 100; });
    const auto no_room = full.send(jpeg_image(8, 8));
    CHECK(no_room.status == 507);
    CHECK(no_room.json.at("code") == "disk_full");
    full.wait_for_files(0);
}
