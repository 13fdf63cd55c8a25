#include "app/mailbox_page.hpp"

#include "app/plain_page.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>

using namespace ping;
using namespace std::chrono_literals;

namespace {

const Time now = from_millis(1'790'000'000'000);

mail::StoredMail make_mail(const std::string& subject, std::chrono::seconds age) {
    return {"ana@example.com", subject, "Your code is\n\n    123456\n", "", now - age};
}

bool shows(const std::vector<mail::StoredMail>& mails, const std::string& text) {
    return app::render_mailbox_page(mails, now).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("mailbox page: shows the code, to whom and how long ago", "[app]") {
    const auto mail = make_mail("123456 is your Ping code", 90s);
    CHECK(shows({mail}, "<strong>123456</strong> is your Ping code"));
    CHECK(shows({mail}, "<b>ana@example.com</b>"));
    CHECK(shows({mail}, ">1 minute ago</time>"));
    CHECK(shows({make_mail("s", 2s)}, ">just now<"));
    CHECK(shows({make_mail("s", -2s)}, ">just now<"));
    CHECK(shows({make_mail("s", 59s)}, ">59 seconds ago<"));
    CHECK(shows({make_mail("s", 2h)}, ">2 hours ago<"));
    CHECK(shows({}, "No mail yet."));
    CHECK_FALSE(shows({mail}, "No mail yet."));
}

TEST_CASE("mailbox page: renews itself, runs no script and takes its style from this server", "[app]") {
    CHECK(shows({}, "<meta http-equiv=\"refresh\" content=\"3\">"));
    CHECK_FALSE(shows({}, "<script"));
    CHECK_FALSE(shows({}, "style="));
    CHECK(shows({}, "href=\"/dev/mailbox.css\""));
    CHECK(app::plain_page_policy.find("script-src") == std::string_view::npos);
}

TEST_CASE("T45: what a mail says is text on the mailbox page", "[app]") {
    const std::string evil = R"(<script>alert("x")</script>'&)";
    const std::string harmless = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;";
    const auto page = app::render_mailbox_page({{evil, "1" + evil, evil, evil, now}}, now);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("<strong>1</strong>" + harmless) != std::string::npos);
    CHECK(page.find("<b>" + harmless + "</b>") != std::string::npos);
    CHECK(page.find("<pre>" + harmless + "</pre>") != std::string::npos);
}
