#include "ping/crypto/jwt.hpp"

#include "ping/crypto/base64url.hpp"
#include "support/catch_result.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace ping;
using namespace ping::crypto;

namespace {

const Time now = from_millis(1'790'000'000'000);
const JwtKey current{"k1", derive_key("current", "jwt")};
const JwtKey previous{"k0", derive_key("previous", "jwt")};
const Jwt jwt({current, previous});

const std::string good_header = R"({"alg":"HS256","typ":"ping+jwt","kid":"k1"})";
const std::string good_claims = R"({"iss":"ping","aud":"ping","sub":"65432100010203040506abcd",)"
                                R"("sid":"65432100010203040506abce","iat":1790000000,"exp":1790000600})";

Identity identity() {
    return Identity{*UserId::parse("65432100010203040506abcd"), *SessionId::parse("65432100010203040506abce"),
                    now + std::chrono::minutes(10)};
}

/// A token with any header and claims, its MAC right for `key`.
std::string forge(const std::string& header, const std::string& claims, const Key& key = current.key) {
    const auto text = base64url_encode(header) + "." + base64url_encode(claims);
    const auto mac = hmac_sha256(key, text);
    return text + "." + base64url_encode(std::string(mac.begin(), mac.end()));
}

std::string with(std::string text, std::string_view what, std::string_view by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

bool is_accepted(const std::string& token, Time at = now) {
    return jwt.verify(token, at).has_value();
}

std::string header_with_alg(std::string_view alg) {
    return with(good_header, "\"HS256\"", alg);
}

/// As an attacker without the key: the parts with no MAC, a wrong one, or one of another kind.
std::vector<std::string> without_the_key() {
    const auto good = forge(good_header, good_claims);
    const auto body = good.substr(0, good.rfind('.'));
    const auto mac = good.substr(good.rfind('.') + 1);
    const auto header = good.substr(0, good.find('.'));
    const auto claims = body.substr(header.size() + 1);
    std::vector<std::string> tokens{"",
                                    ".",
                                    "..",
                                    "...",
                                    "a.b.c",
                                    header,
                                    body,
                                    body + ".",
                                    "." + claims + "." + mac,
                                    header + ".." + mac,
                                    header + "." + mac,
                                    claims + "." + header + "." + mac,
                                    good + ".",
                                    "." + good,
                                    good + "." + mac,
                                    good + "=",
                                    good + " ",
                                    " " + good,
                                    good + "\n",
                                    good + "A",
                                    good.substr(0, good.size() - 1),
                                    body + "." + mac + mac,
                                    body + "." + mac.substr(0, 20),
                                    body + "." + std::string(43, 'A'),
                                    body + ".!!!!",
                                    body + "." + claims,
                                    "Bearer " + good,
                                    header + "=." + claims + "." + mac,
                                    header + "." + claims + "+." + mac,
                                    header + "\xC3\xA4." + claims + "." + mac,
                                    std::string(1'000'000, 'a'),
                                    std::string(1'000'000, '.'),
                                    header + "." + std::string(1'000'000, 'A') + "." + mac,
                                    body + "." + std::string(1'000'000, 'A'),
                                    with(good, mac.substr(0, 1), mac[0] == 'x' ? "y" : "x")};
    for (const auto& alg : {R"("none")", R"("None")", R"("NONE")", R"("nOnE")", R"("")", "null"}) {
        const auto text = base64url_encode(header_with_alg(alg)) + "." + claims;
        tokens.insert(tokens.end(), {text + ".", text, text + "." + mac});
    }
    tokens.push_back(forge(good_header, good_claims, Key{}));
    tokens.push_back(forge(good_header, good_claims, derive_key("guess", "jwt")));
    tokens.push_back(forge(good_header, good_claims, previous.key));
    return tokens;
}

/// With a right MAC: even so only our own header passes.
std::vector<std::string> with_a_strange_header() {
    std::vector<std::string> headers;
    for (const auto& alg : {R"("none")", R"("HS384")", R"("HS512")", R"("RS256")", R"("ES256")", R"("hs256")",
                            R"("HS256 ")", "256", "null", "true", R"(["HS256"])", R"({"a":1})"}) {
        headers.push_back(header_with_alg(alg));
    }
    for (const auto& kid : {R"("../../dev/null")", R"("k1' OR '1'='1")", R"("k2")", R"("")", "1", "null",
                            R"(["k1"])", R"("k1\u0000")", R"("kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk")"}) {
        headers.push_back(with(good_header, R"("k1")", kid));
    }
    for (const auto& more :
         {R"("jku":"https://evil.example")", R"("x5u":"https://evil.example")", R"("jwk":"x")",
          R"("crit":"exp")", R"("alg":"HS256")", R"("alg":"none")", R"("kid":"k0")", R"("b64":false)"}) {
        headers.push_back(with(good_header, "}", std::string(",") + more + "}"));
    }
    headers.insert(headers.end(),
                   {"{}", "[]", "null", "\"x\"", "", "{", "\xFF", good_header + good_header,
                    with(good_header, R"("typ":"ping+jwt",)", ""), with(good_header, "ping+jwt", "JWT"),
                    with(good_header, R"(,"kid":"k1")", ""), with(good_header, R"("alg":"HS256",)", "")});
    std::vector<std::string> tokens;
    for (const auto& header : headers) {
        tokens.push_back(forge(header, good_claims));
    }
    return tokens;
}

}  // namespace

TEST_CASE("jwt: a token of ours says who it is for", "[crypto]") {
    const auto token = jwt.sign(identity(), now);
    CHECK(token == forge(good_header, good_claims));
    const auto read = jwt.verify(token, now);
    REQUIRE(read);
    CHECK(read->user == identity().user);
    CHECK(read->session == identity().session);
    CHECK(read->expires_at == identity().expires_at);
}

TEST_CASE("jwt: a previous key still checks", "[crypto]") {
    const auto old = Jwt({previous}).sign(identity(), now);
    CHECK(is_accepted(old));
    CHECK_FALSE(Jwt({current}).verify(old, now));
}

TEST_CASE("T20: jwt: forged tokens are refused", "[crypto]") {
    auto tokens = without_the_key();
    const auto strange = with_a_strange_header();
    tokens.insert(tokens.end(), strange.begin(), strange.end());
    REQUIRE(tokens.size() >= 60);
    REQUIRE(is_accepted(forge(good_header, good_claims)));
    for (const auto& token : tokens) {
        INFO(token.substr(0, 120));
        const auto result = jwt.verify(token, now);
        REQUIRE_FALSE(result);
        const auto error = result.error();
        CHECK(error.code == ErrorCode::unauthenticated);
        CHECK(error.message == "Please Login - JWT error");
    }
}

TEST_CASE("T21: jwt: every claim is required, typed and bounded", "[crypto]") {
    const std::pair<std::string_view, std::vector<std::string_view>> table[] = {
        {R"("iss":"ping",)", {"", R"("iss":"pong",)", R"("iss":1,)", R"("iss":null,)", R"("iss":["ping"],)"}},
        {R"("aud":"ping",)",
         {"", R"("aud":"pong",)", R"("aud":true,)", R"("aud":null,)", R"("aud":["ping"],)"}},
        {R"("sub":"65432100010203040506abcd",)",
         {"", R"("sub":"",)", R"("sub":"65432100010203040506abc",)", R"("sub":"65432100010203040506abcg",)",
          R"("sub":7,)", R"("sub":null,)", R"("sub":["65432100010203040506abcd"],)"}},
        {R"("sid":"65432100010203040506abce",)",
         {"", R"("sid":"",)", R"("sid":"x",)", R"("sid":7,)", R"("sid":null,)", R"("sid":{},)"}},
        {R"("iat":1790000000,)",
         {"", R"("iat":"1790000000",)", R"("iat":1790000000.0,)", R"("iat":1.79e9,)", R"("iat":-1,)",
          R"("iat":null,)", R"("iat":1790000061,)", R"("iat":9223372036854775807,)",
          R"("iat":9223372036854775808,)", R"("iat":1e400,)", R"("iat":1790000000,"iat":1790000000,)"}},
        {R"(,"exp":1790000600)",
         {"", R"(,"exp":"1790000600")", R"(,"exp":1790000600.5)", R"(,"exp":1.8e9)", R"(,"exp":-1)",
          R"(,"exp":0)", R"(,"exp":null)", R"(,"exp":true)", R"(,"exp":1790000000)", R"(,"exp":1789999999)",
          R"(,"exp":1e400)", R"(,"exp":9223372036854775807)", R"(,"exp":9223372036854775808)",
          R"(,"exp":253402300800)", R"(,"exp":1790000600,"exp":1790000700)"}},
    };
    for (const auto& [claim, wrongs] : table) {
        for (const auto wrong : wrongs) {
            INFO(wrong);
            CHECK_FALSE(is_accepted(forge(good_header, with(good_claims, claim, wrong))));
        }
    }
    for (const auto* const claims : {"", "{}", "[]", "null", "1", "{"}) {
        CHECK_FALSE(is_accepted(forge(good_header, claims)));
    }
    CHECK(is_accepted(forge(good_header, with(good_claims, "}", R"(,"ep":3})"))));
}

TEST_CASE("T21: jwt: a token lives until exp and may be 60 s ahead", "[crypto]") {
    const auto token = jwt.sign(identity(), now);
    CHECK(is_accepted(token, identity().expires_at - std::chrono::milliseconds(1)));
    CHECK_FALSE(is_accepted(token, identity().expires_at));
    CHECK(is_accepted(token, now - std::chrono::seconds(60)));
    CHECK_FALSE(is_accepted(token, now - std::chrono::milliseconds(60'001)));
}
