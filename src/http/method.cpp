#include "http/method.hpp"

#include <array>
#include <utility>

namespace ping::http {
namespace {

constexpr std::array<std::pair<std::string_view, Method>, 7> methods{{{"GET", Method::get},
                                                                      {"HEAD", Method::head},
                                                                      {"POST", Method::post},
                                                                      {"PUT", Method::put},
                                                                      {"PATCH", Method::patch},
                                                                      {"DELETE", Method::del},
                                                                      {"OPTIONS", Method::options}}};

}  // namespace

std::string_view to_text(Method method) {
    for (const auto& [text, known] : methods) {
        if (known == method) {
            return text;
        }
    }
    return "GET";
}

std::optional<Method> parse_method(std::string_view text) {
    for (const auto& [known, method] : methods) {
        if (known == text) {
            return method;
        }
    }
    return std::nullopt;
}

bool is_safe(Method method) {
    return method == Method::get || method == Method::head || method == Method::options;
}

std::string join_methods(const std::vector<Method>& list) {
    std::string text;
    for (const auto method : list) {
        if (!text.empty()) {
            text += ", ";
        }
        text += to_text(method);
    }
    return text;
}

}  // namespace ping::http
