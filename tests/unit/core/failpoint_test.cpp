#include "ping/core/failpoint.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

using namespace ping;

namespace {

void pass_one() {
    PING_FAILPOINT(test_one);
}

void pass_two() {
    PING_FAILPOINT(test_two);
}

void arm(const std::string& orders) {
    REQUIRE(failpoint::arm(orders).has_value());
}

std::string complaint(const std::string& orders) {
    const auto armed = failpoint::arm(orders);
    return armed ? "" : armed.error().message;
}

}  // namespace

TEST_CASE("failpoint: a point that nobody armed does nothing", "[core]") {
    CHECK_NOTHROW(pass_one());
}

TEST_CASE("failpoint: eio throws at every hit, or at the nth alone", "[core]") {
    arm("test_one:eio");
    CHECK_THROWS_AS(pass_one(), std::system_error);
    CHECK_THROWS_WITH(pass_one(), Catch::Contains("test_one"));
    CHECK_NOTHROW(pass_two());
    arm("test_one:eio:2,test_two:eio:1");
    CHECK_NOTHROW(pass_one());
    CHECK_THROWS_AS(pass_one(), std::system_error);
    CHECK_NOTHROW(pass_one());
    CHECK_THROWS_AS(pass_two(), std::system_error);
    arm("test_two:eio");  // disarms the other
    CHECK_NOTHROW(pass_one());
    arm("test_one:sleep_1");
    CHECK_NOTHROW(pass_one());
}

TEST_CASE("failpoint: abort kills the process as nothing else does", "[core]") {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        static_cast<void>(failpoint::arm("test_one:abort"));
        pass_one();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
}

TEST_CASE("failpoint: an unknown name is refused with the list, and nothing is armed", "[core]") {
    arm("test_two:eio");
    CHECK(complaint("test_one:eio,no_such:abort") ==
          "no failpoint is called 'no_such'; there are: test_one test_two");
    CHECK_THROWS_AS(pass_two(), std::system_error);
    for (const char* wrong :
         {"", "test_one", "test_one:", "test_one:die", "test_one:sleep_", "test_one:sleep_x",
          "test_one:eio:0", "test_one:eio:x", "test_one:eio:1:2", "test_one:eio,"}) {
        INFO(wrong);
        CHECK_FALSE(complaint(wrong).empty());
    }
}
