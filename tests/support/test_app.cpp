#include "support/test_app.hpp"

#include "ping/core/log.hpp"
#include "ping/mail/otp_mail_job.hpp"
#include "support/rabbitmq.hpp"

#include <boost/json/value.hpp>

#include <array>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <string_view>

namespace ping::test {
namespace {

constexpr std::chrono::seconds patience{10};

bool is_set(const char* variable, std::string_view value) {
    const char* const set = std::getenv(variable);
    return set != nullptr && set == value;
}

std::string newest_code(const boost::json::value& mails, const std::string& email) {
    for (const auto& mail : mails.as_array()) {
        if (mail.at("to").as_string() == email) {
            return std::string(mail.at("subject").as_string()).substr(0, 6);
        }
    }
    return {};
}

}  // namespace

TestApp::TestApp(const std::function<void(Config&)>& change) {
    std::array<std::uint8_t, 8> id_seed{};
    rng_.fill(id_seed);
    ids_ = std::make_unique<SystemIdGenerator>(clock_, id_seed);
    config_.server.listen = {"127.0.0.1:0"};
    config_.data.dir = data_.path().string();
    config_.limits.per_ip = 0;
    config_.limits.per_user = 0;
    const bool is_on_rabbitmq = is_set("PINGD_TEST_JOBS", "rabbitmq");
    if (is_on_rabbitmq) {
        if (rabbitmq_url().empty()) {
            throw std::runtime_error("PINGD_TEST_RABBITMQ_URL is not set");
        }
        delete_queue(mail::otp_queue);  // of the test before
        config_.jobs.engine = "rabbitmq";
        config_.rabbitmq.url = rabbitmq_url();
    }
    if (is_on_rabbitmq || is_set("PINGD_TEST_CODES", "redis")) {
        redis_ = std::make_unique<RedisServer>();
        config_.codes.engine = "redis";
        config_.redis.url = redis_->url();
    }
    if (change) {
        change(config_);
    }
    log::configure(LogFormat::text, LogLevel::error);
    launch();
}

TestApp::~TestApp() {
    stop();
}

void TestApp::launch() {
    app_ = std::make_unique<app::Application>(
        config_, app::Externals{clock_, rng_, *ids_, [](const auto&) {}, {}, PING_TEST_PINGD});
    if (const auto started = app_->start(); !started) {
        throw std::runtime_error("the application did not start: " + started.error().message + " " +
                                 started.error().detail);
    }
    addresses_ = app_->addresses();
    thread_ = std::thread([this] { ended_well_ = app_->run(); });
}

bool TestApp::stop() {
    if (thread_.joinable()) {
        app_->request_stop();
        // The stop's own bounds are by the wheel, whose clock stands still unless somebody moves it.
        auto ended = std::async(std::launch::async, [this] { thread_.join(); });
        while (ended.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready) {
            clock_.advance(std::chrono::milliseconds(500));
        }
    }
    return ended_well_;
}

void TestApp::restart() {
    stop();
    app_.reset();
    launch();
}

void TestApp::settle() {
    // What a client has seen the answer of may still have a handler or two to run.
    for (int turn = 0; turn < 3; ++turn) {
        on_loop([] {});
    }
}

void TestApp::advance(std::chrono::milliseconds by) {
    settle();
    clock_.advance(by);
    on_loop([this] { app_->loop().timers().advance(); });
    app_->poke_mail();
    settle();
}

void TestApp::on_loop(const std::function<void()>& function) {
    auto done = std::make_shared<std::promise<void>>();
    auto finished = done->get_future();
    app_->loop().post([function, done] {
        function();
        done->set_value();
    });
    if (finished.wait_for(patience) != std::future_status::ready) {
        throw std::runtime_error("the loop does not turn");
    }
}

std::string TestApp::wait_for_code(const std::string& email, const std::string& old) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto code = newest_code(client().get("/dev/mailbox.json").json, email);
        if (!code.empty() && code != old) {
            return code;
        }
    }
    throw std::runtime_error("no code came for " + email);
}

double TestApp::metric(const std::string& name) const {
    const auto text = client().get("/metrics").text;
    const auto line = text.find("\n" + name + " ");
    if (line == std::string::npos) {
        throw std::runtime_error("no metric " + name);
    }
    return std::stod(text.substr(line + name.size() + 2));
}

TestApp::Person TestApp::log_in(const std::string& email) {
    const auto asked = client().post("/api/v1/login", {{"email", email}});
    if (asked.status != 200) {
        throw std::runtime_error("login: " + asked.text);
    }
    const auto answer = client().post("/api/v1/verify", {{"email", email}, {"otp", wait_for_code(email)}});
    if (answer.status != 200) {
        throw std::runtime_error("verify: " + answer.text);
    }
    const std::string token(answer.json.at("token").as_string());
    return Person{std::string(answer.json.at("user").at("_id").as_string()), token, client(token)};
}

std::string TestApp::new_chat(const Person& a, const Person& b) const {
    const auto answer = a.api.post("/api/v1/chat/new", {{"otherUserId", b.id}});
    if (answer.status != 201 && answer.status != 200) {
        throw std::runtime_error("chat/new: " + answer.text);
    }
    return std::string(answer.json.at("chatId").as_string());
}

}  // namespace ping::test
