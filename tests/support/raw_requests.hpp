#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ping::test {

/// A head that must be refused, and with what (TRUST.md T33).
struct BadHead {
    std::string name;
    std::string bytes;
    int status;
};

/// Requests whose head no strict server accepts. Each is refused by its head alone.
inline std::vector<BadHead> bad_heads() {
    using namespace std::string_literals;
    std::vector<BadHead> heads;
    const auto line = [&](std::string name, const std::string& request_line, int status = 400) {
        heads.push_back({std::move(name), request_line + "\r\nHost: a\r\n\r\n", status});
    };
    const auto fields = [&](std::string name, const std::string& text, int status = 400) {
        heads.push_back({std::move(name), "POST /x HTTP/1.1\r\nHost: a\r\n" + text + "\r\n", status});
    };
    const auto raw = [&](std::string name, std::string bytes, int status = 400) {
        heads.push_back({std::move(name), std::move(bytes), status});
    };

    line("no version", "GET /");
    line("HTTP/0.9", "GET / HTTP/0.9", 505);
    line("HTTP/1.2", "GET / HTTP/1.2", 505);
    line("HTTP/2.0", "GET / HTTP/2.0", 505);
    line("lower-case version", "GET / http/1.1");
    line("no digit in the version", "GET / HTTP/1.x");
    line("long version", "GET / HTTP/1.10");
    line("space behind the version", "GET / HTTP/1.1 ");
    line("two spaces before the target", "GET  / HTTP/1.1");
    line("two spaces behind the target", "GET /  HTTP/1.1");
    line("tab for a space", "GET\t/\tHTTP/1.1");
    line("space before the method", " GET / HTTP/1.1");
    line("space in the target", "GET /a b HTTP/1.1");
    line("no target", "GET  HTTP/1.1");
    line("target without a slash", "GET index.html HTTP/1.1");
    line("absolute-form", "GET http://a/ HTTP/1.1");
    line("absolute-form of another host", "GET http://evil/ HTTP/1.1");
    line("asterisk-form", "OPTIONS * HTTP/1.1");
    line("authority-form", "CONNECT a:443 HTTP/1.1");
    line("fragment", "GET /a#b HTTP/1.1");
    line("byte above ASCII in the target", "GET /\xC3\xA4 HTTP/1.1");
    line("NUL in the target", "GET /\0 HTTP/1.1"s);
    line("DEL in the target", "GET /\x7F HTTP/1.1");
    line("escape byte in the target", "GET /\x1B[31m HTTP/1.1");
    line("colon in the method", "GE:T / HTTP/1.1");
    line("empty line first", "\r\nGET / HTTP/1.1");
    line("HTTP/2 preface", "PRI * HTTP/2.0");
    line("target of 2049 bytes", "GET /" + std::string(2048, 'a') + " HTTP/1.1", 414);
    line("target of 9000 bytes", "GET /" + std::string(8999, 'a') + " HTTP/1.1", 414);

    fields("folded field", "A: b\r\n c\r\n");
    fields("folded field by a tab", "A: b\r\n\tc\r\n");
    fields("folded Transfer-Encoding", "Transfer-Encoding:\r\n chunked\r\n");
    fields("space before the colon", "Content-Length : 5\r\n");
    fields("tab before the colon", "Content-Length\t: 5\r\n");
    fields("space before the name", " Content-Length: 5\r\n");
    fields("no colon", "Content-Length 5\r\n");
    fields("empty name", ": 5\r\n");
    fields("bracket in a name", "Con[tent: 5\r\n");
    fields("byte above ASCII in a name", "Cont\xC3\xA4nt: 5\r\n");
    fields("quote in a name", "\"A\": 5\r\n");
    fields("NUL in a name", "A\0B: 5\r\n"s);
    fields("NUL in a value", "A: b\0c\r\n"s);
    fields("bell in a value", "A: b\x07\r\n");
    fields("escape byte in a value", "User-Agent: \x1B[2J\r\n");
    fields("DEL in a value", "A: \x7F\r\n");
    fields("vertical tab in a value",
           "Transfer-Encoding: \x0B"
           "chunked\r\n");
    fields("CR in a value", "A: b\rc\r\n");
    fields("CR before CRLF", "A: b\r\r\n");
    fields("LF ends a line", "A: b\nC: d\r\n");
    fields("LF hides a Content-Length", "A: b\nContent-Length: 44\r\n");
    fields("LF before the empty line", "A: b\n\r\n");
    raw("LF alone everywhere", "GET / HTTP/1.1\nHost: a\n\n");
    raw("LF ends the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n");
    raw("LF alone ends the header", "GET / HTTP/1.1\r\nHost: a\r\n\n");
    raw("CR alone ends lines", "GET / HTTP/1.1\rHost: a\r\r");
    raw("TLS hello", "\x16\x03\x01\x02\x00\x01\x00"s);
    raw("NUL bytes", std::string(16, '\0'));
    raw("only an empty line", "\r\n");

    raw("no Host", "GET / HTTP/1.1\r\nA: b\r\n\r\n");
    raw("no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n");
    raw("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n");
    fields("two Hosts", "Host: b\r\n");
    fields("two equal Hosts", "Host: a\r\n");
    fields("two Hosts in other case", "hOST: a\r\n");
    raw("Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n");
    raw("Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n");
    raw("Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n");
    raw("Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n");

    fields("two Content-Lengths", "Content-Length: 5\r\nContent-Length: 6\r\n");
    fields("two equal Content-Lengths", "Content-Length: 5\r\nContent-Length: 5\r\n");
    fields("two Content-Lengths in other case", "Content-Length: 5\r\ncontent-length: 0\r\n");
    fields("Content-Length list", "Content-Length: 5, 5\r\n");
    fields("Content-Length list of two", "Content-Length: 5,6\r\n");
    fields("empty Content-Length", "Content-Length:\r\n");
    fields("signed Content-Length", "Content-Length: +5\r\n");
    fields("negative Content-Length", "Content-Length: -5\r\n");
    fields("hex Content-Length", "Content-Length: 0x5\r\n");
    fields("Content-Length with a fraction", "Content-Length: 5.0\r\n");
    fields("Content-Length with an exponent", "Content-Length: 5e1\r\n");
    fields("Content-Length with a space", "Content-Length: 5 0\r\n");
    fields("quoted Content-Length", "Content-Length: \"5\"\r\n");
    fields("Content-Length in other digits", "Content-Length: \xD9\xA5\r\n");
    fields("Content-Length above 64 bits", "Content-Length: 18446744073709551621\r\n");
    fields("Content-Length of 40 digits", "Content-Length: " + std::string(40, '0') + "\r\n");

    fields("both lengths", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
    fields("both lengths, the other way", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n");
    fields("both lengths, Content-Length 0", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n");
    fields("xchunked", "Transfer-Encoding: xchunked\r\n");
    fields("chunked in other case", "Transfer-Encoding: Chunked\r\n");
    fields("gzip", "Transfer-Encoding: gzip\r\n");
    fields("gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n");
    fields("chunked, gzip", "Transfer-Encoding: chunked, gzip\r\n");
    fields("chunked, chunked", "Transfer-Encoding: chunked, chunked\r\n");
    fields("chunked, identity", "Transfer-Encoding: chunked, identity\r\n");
    fields("identity", "Transfer-Encoding: identity\r\n");
    fields("empty Transfer-Encoding", "Transfer-Encoding:\r\n");
    fields("quoted chunked", "Transfer-Encoding: \"chunked\"\r\n");
    fields("chunked with a parameter", "Transfer-Encoding: chunked;q=1\r\n");
    fields("chunked with a comma", "Transfer-Encoding: chunked,\r\n");
    fields("two Transfer-Encodings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n");
    fields("Transfer-Encoding and identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n");
    raw("chunked in HTTP/1.0", "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");

    fields("two Authorizations", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n");
    fields("two Origins", "Origin: http://a\r\nOrigin: http://b\r\n");
    fields("two Content-Types", "Content-Type: application/json\r\nContent-Type: text/plain\r\n");
    fields("header of 9000 bytes", "A: " + std::string(9000, 'a') + "\r\n", 431);
    std::string many;
    for (int i = 0; i < 100; ++i) {
        many += "A: b\r\n";
    }
    fields("101 fields", many, 431);
    return heads;
}

/// Bodies in chunks that are malformed, each behind a good head with `Transfer-Encoding: chunked`.
inline std::vector<std::pair<std::string, std::string>> bad_chunks() {
    return {{"no digits", "\r\nhello\r\n0\r\n\r\n"},
            {"hex prefix", "0x5\r\nhello\r\n0\r\n\r\n"},
            {"sign", "+5\r\nhello\r\n0\r\n\r\n"},
            {"negative", "-5\r\nhello\r\n0\r\n\r\n"},
            {"size above 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n"},
            {"LF behind the size", "5\nhello\r\n0\r\n\r\n"},
            {"CR alone behind the size", "5\rhello\r\n0\r\n\r\n"},
            {"no CRLF behind the data", "5\r\nhello0\r\n\r\n"},
            {"data longer than its size", "5\r\nhello!\r\n0\r\n\r\n"},
            {"LF behind the data", "5\r\nhello\n0\r\n\r\n"},
            {"LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"},
            {"extension without a name", "5;\r\nhello\r\n0\r\n\r\n"},
            {"text behind the size", "5 hello\r\nhello\r\n0\r\n\r\n"},
            {"Content-Length in the trailer", "5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n"},
            {"Transfer-Encoding in the trailer", "5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"}};
}

}  // namespace ping::test
