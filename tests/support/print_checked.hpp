#pragma once

#include "images/inspect.hpp"

#include <catch2/catch.hpp>

#include <string>

/// As catch_result.hpp, for what the image decoders answer.
template <class T>
struct Catch::StringMaker<boost::system::result<T, ping::images::Refusal>> {
    static std::string convert(const boost::system::result<T, ping::images::Refusal>& result) {
        return result.has_value() ? "a value" : "refusal " + std::to_string(static_cast<int>(result.error()));
    }
};
