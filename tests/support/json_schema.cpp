#include "support/json_schema.hpp"

#include "ping/core/utf8.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <regex>
#include <stdexcept>

namespace ping::test::schema {
namespace {

using boost::json::value;

/// What a keyword's value holds: for the walk over all schemas.
enum class Holds { nothing, schema, schemas, named_schemas };

class Checker;

struct Keyword {
    Holds holds;
    void (Checker::*check)(const Node& schema, const Node& keyword, const value& instance);
};

[[noreturn]] void refuse(const Node& node, const std::string& what) {
    throw std::runtime_error("the schema at " + node.place() + ": " + what);
}

std::string shown(const value& instance) {
    constexpr std::size_t most = 60;
    const auto text = boost::json::serialize(instance);
    return text.size() <= most ? text : std::string(utf8::prefix(text, most)) + "...";
}

bool is_integer(const value& instance) {
    return instance.is_int64() || instance.is_uint64() ||
           (instance.is_double() && std::trunc(instance.get_double()) == instance.get_double());
}

bool has_type(const value& instance, std::string_view type, const Node& where) {
    static const std::map<std::string_view, bool (*)(const value&)> types{
        {"null", [](const value& v) { return v.is_null(); }},
        {"boolean", [](const value& v) { return v.is_bool(); }},
        {"object", [](const value& v) { return v.is_object(); }},
        {"array", [](const value& v) { return v.is_array(); }},
        {"string", [](const value& v) { return v.is_string(); }},
        {"number", [](const value& v) { return v.is_number(); }},
        {"integer", is_integer},
    };
    const auto known = types.find(type);
    if (known == types.end()) {
        refuse(where, "no type is called " + std::string(type));
    }
    return known->second(instance);
}

const std::regex& compiled(const std::string& pattern) {
    thread_local std::map<std::string, std::regex> known;
    const auto found = known.find(pattern);
    return found != known.end() ? found->second : known.emplace(pattern, pattern).first->second;
}

std::string text_of(const value& instance) {
    return std::string(instance.as_string());
}

class Checker {
public:
    static const Keyword& find(const Node& schema, const std::string& name);

    void run(const Node& schema, const value& instance) {
        if (!schema.value().is_object()) {
            refuse(schema, "it is no object");
        }
        for (const auto& name : schema.keys()) {
            if (const auto check = find(schema, name).check; check != nullptr) {
                (this->*check)(schema, schema.at(name), instance);
            }
        }
    }
    std::vector<std::string> take() { return std::move(complaints_); }

private:
    void complain(const std::string& what) {
        complaints_.push_back((path_.empty() ? "/" : path_) + ": " + what);
    }
    void complain_unless(bool is_good, const value& instance, const std::string& what) {
        if (!is_good) {
            complain(shown(instance) + " " + what);
        }
    }
    void run_below(const std::string& step, const Node& schema, const value& instance) {
        const auto size = path_.size();
        path_ += "/" + escape_key(step);
        run(schema, instance);
        path_.resize(size);
    }
    static bool fits(const Node& schema, const value& instance) { return check(schema, instance).empty(); }

    void reference(const Node& schema, const Node&, const value& instance) {
        run(schema.resolved(), instance);
    }
    void type(const Node&, const Node& keyword, const value& instance) {
        complain_unless(has_type(instance, keyword.text(), keyword), instance,
                        "is not of type " + keyword.text());
    }
    void constant(const Node&, const Node& keyword, const value& instance) {
        complain_unless(instance == keyword.value(), instance, "is not " + shown(keyword.value()));
    }
    void enumeration(const Node&, const Node& keyword, const value& instance) {
        const auto& all = keyword.value().as_array();
        complain_unless(std::find(all.begin(), all.end(), instance) != all.end(), instance,
                        "is none of " + boost::json::serialize(all));
    }
    void one_of(const Node&, const Node& keyword, const value& instance) {
        std::size_t fitting = 0;
        for (std::size_t i = 0; i < keyword.value().as_array().size(); ++i) {
            fitting += fits(keyword.at(i), instance) ? 1 : 0;
        }
        complain_unless(
            fitting == 1, instance,
            "fits " + std::to_string(fitting) + " of the forms at " + keyword.place() + ", not one");
    }

    void properties(const Node&, const Node& keyword, const value& instance) {
        const auto* const object = instance.if_object();
        for (const auto& name : object == nullptr ? std::vector<std::string>() : keyword.keys()) {
            if (const auto* const member = object->if_contains(name)) {
                run_below(name, keyword.at(name), *member);
            }
        }
    }
    void required(const Node&, const Node& keyword, const value& instance) {
        const auto* const object = instance.if_object();
        for (const auto& name : keyword.value().as_array()) {
            if (object != nullptr && !object->contains(name.as_string())) {
                complain(text_of(name) + " is missing");
            }
        }
    }
    void additional_properties(const Node& schema, const Node& keyword, const value& instance) {
        if (keyword.value() == true) {
            refuse(keyword, "additionalProperties is what is there without it");
        }
        const auto* const object = instance.if_object();
        if (object == nullptr) {
            return;
        }
        for (const auto& [name, member] : *object) {
            if (schema.has("properties") && schema.at("properties").has(name)) {
                continue;
            }
            if (keyword.value().is_object()) {
                run_below(name, keyword, member);
            } else {
                complain(std::string(name) + " is not described");
            }
        }
    }
    void property_names(const Node&, const Node& keyword, const value& instance) {
        const auto* const object = instance.if_object();
        if (object == nullptr) {
            return;
        }
        for (const auto& member : *object) {
            run(keyword, value(member.key()));
        }
    }
    void items(const Node&, const Node& keyword, const value& instance) {
        const auto* const array = instance.if_array();
        for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
            run_below(std::to_string(i), keyword, (*array)[i]);
        }
    }
    void min_items(const Node&, const Node& keyword, const value& instance) {
        complain_unless(
            !instance.is_array() || instance.as_array().size() >= keyword.value().to_number<std::size_t>(),
            instance, "has too few items");
    }

    void minimum(const Node&, const Node& keyword, const value& instance) {
        complain_unless(
            !instance.is_number() || instance.to_number<double>() >= keyword.value().to_number<double>(),
            instance, "is less than " + shown(keyword.value()));
    }
    void maximum(const Node&, const Node& keyword, const value& instance) {
        complain_unless(
            !instance.is_number() || instance.to_number<double>() <= keyword.value().to_number<double>(),
            instance, "is more than " + shown(keyword.value()));
    }
    void min_length(const Node&, const Node& keyword, const value& instance) {
        complain_unless(!instance.is_string() ||
                            utf8::length(text_of(instance)) >= keyword.value().to_number<std::size_t>(),
                        instance, "is too short");
    }
    void max_length(const Node&, const Node& keyword, const value& instance) {
        complain_unless(!instance.is_string() ||
                            utf8::length(text_of(instance)) <= keyword.value().to_number<std::size_t>(),
                        instance, "is too long");
    }
    void pattern(const Node&, const Node& keyword, const value& instance) {
        complain_unless(
            !instance.is_string() || std::regex_search(text_of(instance), compiled(keyword.text())), instance,
            "does not match " + keyword.text());
    }
    // RFC 3339 §5.6, in UTC.
    void format(const Node&, const Node& keyword, const value& instance) {
        if (keyword.text() != "date-time") {
            refuse(keyword, "no format is known but date-time");
        }
        static const std::string time =
            R"(^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$)";
        complain_unless(!instance.is_string() || std::regex_search(text_of(instance), compiled(time)),
                        instance, "is not a time in UTC");
    }

    std::vector<std::string> complaints_;
    std::string path_;
};

const Keyword& Checker::find(const Node& schema, const std::string& name) {
    static const std::map<std::string, Keyword, std::less<>> keywords{
        {"$ref", {Holds::nothing, &Checker::reference}},
        {"type", {Holds::nothing, &Checker::type}},
        {"const", {Holds::nothing, &Checker::constant}},
        {"enum", {Holds::nothing, &Checker::enumeration}},
        {"oneOf", {Holds::schemas, &Checker::one_of}},
        {"properties", {Holds::named_schemas, &Checker::properties}},
        {"required", {Holds::nothing, &Checker::required}},
        {"additionalProperties", {Holds::schema, &Checker::additional_properties}},
        {"propertyNames", {Holds::schema, &Checker::property_names}},
        {"items", {Holds::schema, &Checker::items}},
        {"minItems", {Holds::nothing, &Checker::min_items}},
        {"minimum", {Holds::nothing, &Checker::minimum}},
        {"maximum", {Holds::nothing, &Checker::maximum}},
        {"minLength", {Holds::nothing, &Checker::min_length}},
        {"maxLength", {Holds::nothing, &Checker::max_length}},
        {"pattern", {Holds::nothing, &Checker::pattern}},
        {"format", {Holds::nothing, &Checker::format}},
        {"description", {Holds::nothing, nullptr}},
    };
    const auto known = keywords.find(name);
    if (known == keywords.end()) {
        refuse(schema, "the keyword " + name + " is not known here");
    }
    return known->second;
}

}  // namespace

std::vector<std::string> check(const Node& schema, const value& instance) {
    Checker checker;
    checker.run(schema, instance);
    return checker.take();
}

void check_keywords(const Node& schema) {
    if (!schema.value().is_object()) {
        if (!schema.value().is_bool()) {
            refuse(schema, "it is no object");
        }
        return;  // additionalProperties: false
    }
    for (const auto& name : schema.keys()) {
        const auto holds = Checker::find(schema, name).holds;
        const auto keyword = schema.at(name);
        if (holds == Holds::schema) {
            check_keywords(keyword);
        } else if (holds == Holds::named_schemas) {
            for (const auto& key : keyword.keys()) {
                check_keywords(keyword.at(key));
            }
        } else if (holds == Holds::schemas) {
            for (std::size_t i = 0; i < keyword.value().as_array().size(); ++i) {
                check_keywords(keyword.at(i));
            }
        }
    }
    static_cast<void>(schema.resolved());
}

}  // namespace ping::test::schema
