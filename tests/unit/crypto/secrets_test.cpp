#include "ping/crypto/secrets.hpp"

#include "support/catch_result.hpp"
#include "support/fake_rng.hpp"
#include "support/temp_file.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <sys/stat.h>

using namespace ping;
using namespace ping::crypto;

namespace {

Config with_folder(const test::TempFolder& folder) {
    Config config;
    config.data.dir = folder.path();
    return config;
}

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("T22: secrets: short, default and guessable ones are refused without being shown", "[crypto]") {
    const std::string weak[] = {
        "",
        "secret",
        "0123456789abcdef0123456789abcde",  // 31 bytes
        std::string(64, 'a'),
        "abababababababababababababababababab",
        "0123456789abcdef0123456789abcdef",  // a repetition
        "abcdefghijklmnopqrstuvwxyzabcdefghijklm",
        "12345678901234567890123456789012",
        "your_jwt_secret_your_jwt_secret_123",
        "supersecretsupersecretsupersecret!!",
        "change-me-change-me-change-me-please",
        "SECRET-secret-Secret-password-Password",
        "qwertyuiopasdfghjklzxcvbnm1234567890",
        "my-development-jwt-token-secret-key",
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcccc",
        "0000000000000000000000000000000000000001",
    };
    for (const auto& secret : weak) {
        INFO(secret);
        const auto weakness = secret_weakness(secret);
        REQUIRE(weakness);
        CHECK((secret.empty() || weakness->find(secret) == std::string::npos));
    }
}

TEST_CASE("T22: secrets: random ones are taken, in every usual spelling", "[crypto]") {
    test::FakeRng rng;
    for (int i = 0; i < 2000; ++i) {
        const auto hex = random_hex(rng, 16);
        INFO(hex);
        CHECK_FALSE(secret_weakness(hex));
    }
    CHECK_FALSE(secret_weakness("kN3vQ8xZpL1sT6wYbR4mJ9dHcF2gX7aE5uV0oIiKq8M="));
    CHECK_FALSE(secret_weakness("my-secret-5f1d8c0e7b2a4963d0fe8a7c6b5e4d3c21908f7e"));
    CHECK_FALSE(secret_weakness("wagon ostrich kettle umbra violin 47 pine"));
}

TEST_CASE("T22: secrets: a missing one is made at random once, for its owner alone", "[crypto]") {
    const test::TempFolder folder;
    SystemRng rng;
    const auto made = load_or_make_secret(with_folder(folder), rng);
    REQUIRE(made);
    CHECK(made->size() == 64);
    CHECK(content_of(folder.path() + "/secret") == *made + "\n");
    struct stat info{};
    REQUIRE(::stat((folder.path() + "/secret").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK_FALSE(std::filesystem::exists(folder.path() + "/secret.new"));
    const auto read = load_or_make_secret(with_folder(folder), rng);
    REQUIRE(read);
    CHECK(*read == *made);
}

TEST_CASE("secrets: what a crash left behind does not stop the next start", "[crypto]") {
    const test::TempFolder folder;
    std::ofstream(folder.path() + "/secret.new") << "half";
    SystemRng rng;
    CHECK(load_or_make_secret(with_folder(folder), rng));
}

TEST_CASE("T22: secrets: a file that is open to others or weak is refused", "[crypto]") {
    const test::TempFolder folder;
    SystemRng rng;
    const auto path = folder.path() + "/secret";
    std::ofstream(path) << random_hex(rng, 32);
    ::chmod(path.c_str(), 0644);
    const auto open_to_all = load_or_make_secret(with_folder(folder), rng);
    REQUIRE_FALSE(open_to_all);
    CHECK(open_to_all.error().detail.find("chmod 600") != std::string::npos);
    ::chmod(path.c_str(), 0600);
    CHECK(load_or_make_secret(with_folder(folder), rng));
    std::ofstream(path) << "tiny";
    CHECK_FALSE(load_or_make_secret(with_folder(folder), rng));
    std::filesystem::remove(path);
    std::filesystem::create_symlink("/etc/hostname", path);
    CHECK_FALSE(load_or_make_secret(with_folder(folder), rng));
}

TEST_CASE("secrets: a folder that is not there is an error", "[crypto]") {
    Config config;
    config.data.dir = "/nowhere/at/all";
    SystemRng rng;
    CHECK_FALSE(load_or_make_secret(config, rng));
}

TEST_CASE("secrets: a given one is used as it is", "[crypto]") {
    Config config;
    config.data.dir = "/nowhere/at/all";
    config.auth.secret = "given";
    SystemRng rng;
    const auto secret = load_or_make_secret(config, rng);
    REQUIRE(secret);
    CHECK(*secret == "given");
}

TEST_CASE("secrets: every end has a key of its own, named by its hash", "[crypto]") {
    const auto secrets = derive_secrets("new secret", {"old secret"});
    REQUIRE(secrets.jwt.size() == 2);
    REQUIRE(secrets.otp.size() == 2);
    REQUIRE(secrets.media.size() == 2);
    REQUIRE(secrets.jobs.size() == 2);
    const std::set<Key> keys{secrets.jwt[0].key, secrets.jwt[1].key, secrets.otp[0].key, secrets.otp[1].key,
                             secrets.media[0],   secrets.media[1],   secrets.jobs[0],    secrets.jobs[1]};
    CHECK(keys.size() == 8);
    const auto& key = secrets.jwt[0];
    const auto hash = sha256(std::string(key.key.begin(), key.key.end()));
    CHECK(key.id.size() == 8);
    CHECK(std::stoul(key.id, nullptr, 16) == (std::uint32_t{hash[0]} << 24U | std::uint32_t{hash[1]} << 16U |
                                              std::uint32_t{hash[2]} << 8U | hash[3]));
    CHECK(derive_secrets("old secret", {}).jwt[0].id == secrets.jwt[1].id);
}
