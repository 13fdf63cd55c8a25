#pragma once

#include "ping/core/error.hpp"

#include <catch2/catch.hpp>

#include <string>

/// Lets CHECK and REQUIRE take a Result of any type, and say what its error is. (Boost's own << wants to
/// print the value.) Include it before the first check of a Result.
template <class T>
struct Catch::StringMaker<boost::system::result<T, ping::Error>> {
    static std::string convert(const boost::system::result<T, ping::Error>& result) {
        if (result.has_value()) {
            return "a value";
        }
        const auto error = result.error();
        return error.slug + ": " + error.message + (error.detail.empty() ? "" : " (" + error.detail + ")");
    }
};
