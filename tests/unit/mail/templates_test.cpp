#include "ping/mail/templates.hpp"

#include "mail/fill_template.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping::mail;
using namespace std::chrono_literals;

TEST_CASE("templates: the mail of a code says code, minutes and name", "[mail]") {
    const auto mail = render_otp_mail("012345", 300s);
    CHECK(mail.subject == "012345 is your Ping code");
    CHECK(mail.text.find("    012345\n") != std::string::npos);
    CHECK(mail.text.find("within 5 minutes") != std::string::npos);
    CHECK(mail.html.find(">012345</p>") != std::string::npos);
    CHECK(mail.html.find("within 5 minutes") != std::string::npos);
    for (const auto& text : {mail.subject, mail.text, mail.html}) {
        CHECK(text.find("{{") == std::string::npos);
        CHECK(text.find('\r') == std::string::npos);
    }
}

TEST_CASE("templates: values are escaped in HTML and never looked into again", "[mail]") {
    const TemplateValues values{{"a", "<b>&\"'{{b}}"}, {"b", "no"}};
    CHECK(fill_template("x{{a}}y", values, Escape::html) == "x&lt;b&gt;&amp;&quot;&#39;{{b}}y");
    CHECK(fill_template("x{{a}}y", values, Escape::none) == "x<b>&\"'{{b}}y");
    CHECK(fill_template("{{c}} {{b}} {{", values, Escape::none) == "{{c}} no {{");
    CHECK(render_otp_mail("<1>", 20s).html.find("&lt;1&gt;") != std::string::npos);
}
