"""What takes text apart gives what the collector gives, over every value of a list."""

import random
from typing import Any

import pytest
from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call
from tests.support.functions.values import FEW, rows_of

from phoenix.engine.functions.parsing.grok_patterns import PATTERNS

A = Attribute("a")
JSON = [
    *("{}", "[]", '{"a":1}', '[1,2.5,"x",null,true,false,{"a":[]}]', '{"a":1,"a":2}', "{null:1}", '{"a":1,}', "[1,]"),
    *(
        "[01]",
        "[1.]",
        "[-.5]",
        "[.5]",
        "[-]",
        "[1e400]",
        "[1e5]",
        "[+1]",
        "[1e5.3]",
        "[0x10]",
        "[1_0]",
        "[NaN]",
        "[-0]",
    ),
    *('["\\u0041\\ud83d\\ude00\\ud83d x\\udc00"]', '["\\x"]', '["\\u12"]', '["a\nb\t"]', '["\udcff"]', '"\x00"'),
    *('["\\ud83d\\u0041"]', '["\\ud83d\\ud83d\\ude00"]', '["\\/\\b\\f\\n\\r\\t\\"\\\\"]', '["\\u00e9"]', '{"é":"ü"}'),
    *('{"a":1} x', '{"a":1}\x00zzz', " \n[1] \t", "nul", "null", "1", '"s"', '{"a" 1}', '{"a":1 "b":2}', "[1 2]"),
    *('{"a":tru}', "[123456789012345678901234567890]", "[[[[[]]]]]", "[true1]", "[1true]", "{1:2}", "[nullx]", "[null"),
    *('["', "[", "{", '{"a"', "\ufeff{}", "[1,,2]", '{"a":{"b":{"c":[{}]}}}'),
]
PAIRS = [
    *(
        "a=1 b=2",
        "a=1  b=2 ",
        "a=\"x y\" b='z w'",
        'a="x',
        "a='x",
        'a=\\"x y',
        "a",
        "a=1 b",
        "=",
        "a=",
        "=b",
        " a = b ",
    ),
    *("a=b=c", "a=1;b=2", "a:1;b:2", "k1=v1 k1=v2", 'a="x\\"y"', "é=ü ü=é", "\udcff=\udcfe", 'a="" b=""', '""', '" "'),
    *("a==b", 'a="x"y"z"', "a='it\"s' b=\"it's\"", "a=1\nb=2", "  ", "a=\x85x\x85 b=\u2003y", "a!b!!c!d"),
]
RECORDS = [
    *("1,2,3", "1,2", '"a","b","c"', '"a,b",c,d', '"a""b",c,d', 'a"b,c,d', '"a"b,c,d', 'a,"b"x,c', 'a,b,c"d', 'a,b,"c'),
    *('"a\nb",c,d', "a,b\nc,d", "a,b\nc,d\r\n", "\n\na,b,c\n\n", "a,b,c\r", "a;b;c", "a\tb\tc", "aébéc", '"aébéc'),
    *(
        "a,,",
        ",,",
        ",",
        'a,b"\nc,d,e',
        '"',
        '""',
        '"",,',
        '"a\r\nb",c,d',
        'a,"b\nc"\n,d',
        'a,"x"y\nb,c',
        'a,"x"y\nb,c,d',
    ),
    *('a,b,c\n"x"y', 'a,b,c\n"x', "\udcff,\udcfe,c", 'a,b,"c"\r\n', "\r\n", "\n", "\r", 'a"b,c', '"a" ,b,c', "a,b,c\n"),
]
URLS = """http://user:pa%20ss@Example.COM:8080/a/b.tar.gz?x=1&y=2#frag https://example.com example.com/a.b /a/b //host/p
///p mailto:x@y.z http://[::1]:80/ http://[::1%25eth0]/ http://[1.2.3.4]/ http://[fe80::1%25e%20n]/ http://[::1 http://a[b]/
http://a:b:80/ http://a:80:81/ x://a:80:81/ x://a:b http://a: http://a:99999999999999999999/ http://a:00080/
?a=1&b=2&a=3
?a ?a=%zz ?a;b ? ?&&a+b=c+d&=x http://h? http://h/? http://h/?? http://h?a? http://h# http://h/#a%20b * *#x a:b 1a:b :a
http://a%20b/ http://%C3%A9/ http://é/ü?ö#ä http://h/%2F%2f http://h/a%20b http://h/a% http://h/[x] http://h/"<>
http://u@h http://@h http://:p@h http://u:@h http://u:p:q@h http://u@v@h http:///p http:/p http:p http: http:// a/b:c
./a:b HTTP://H http://h/. http://h/a. http://h/.x http://h/a.b/c http://h/a!'()*,;=:@&$+ http://h#!'()*a%21 x:////a
x:/%2F/
http://h<>/ http://h^/ http://h\\a http://u:p%40@h/ http://[::1]x/ http://[::1]:x/ http://[::ffff:1.2.3.4]/
http://[::1%25]/ http://[::1%eth]/ http://[]/ http://[1::2::3]/ http://h%25/ http://[fe80::1%25%41]/ http://[::1%25a%25b]/
file:///a/b.txt
urn:isbn:123?q#f http://[01::]/ http://[00001::]/ http://[::1.2.3]/ http://[::01.2.3.4]/ http://[::1/64]/"""
LOG_LINES = [
    *("2024-03-05T01:02:03Z ERROR hello", "http://user:pw@example.com:80/p?x=1", "foo 12 true", "12.5", "abc", "true"),
    '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
    *("é 5", "\udcff 7", "2001:db8::1", "Mar  5 01:02:03 host.example prog[12]: msg", "user@example.com", "a=1,b=2"),
    *(
        "-5.25",
        "0x1fG",
        ".5",
        "256.1.1.255",
        "1.02.003.99.",
        "host.",
        "-a.b-c.",
        "Sept 31 Sunday Marc",
        "wArning errOR",
    ),
    *("12:60:60,5", "24:0:1", "2024-1-1", "24-12-3107:08", "2024-12-31 2359-0100", "true8", "'a\\'b' x\"", '"\\n"'),
    *(
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "a_b.c-d@e",
        "99999999999999999999",
        "-5",
        '"q" x',
        "00:11:22:33:44:55",
        "%{INT:i:int}",
        "(?P<a>.)",
        "(",
        "%{NOPE}",
    ),
]
NAMED: dict[str, Any] = {"named_captures_only": True}
GROKS = [
    *(f"%{{{name}}}" for name in PATTERNS),
    *("%{TIMESTAMP_ISO8601:ts} %{LOGLEVEL:level} %{GREEDYDATA:msg}", "^%{HOSTNAME}:", "%{DATA:d},", "%{NUMBER:x:int}"),
    *("%{INT:x:long}", "%{INT:x:nope}", "%{WORD:w:string}", "%{IPV4:ip}x", "%{MONTHDAY}%{MONTHNUM}", "%{YEAR}%{HOUR}"),
    *("%{QS:q}", "abc", "%{BOOL:b:bool}", "%{WORD} %{WORD}", "%{WORD:a} %{WORD:a}", "%{SECOND}%{MINUTE}"),
    r"\(?[(\]]?(?P<b>.)%{WORD:b}",
]
NAMED_GROKS = [
    *(f"%{{{name}:x}}" for name in PATTERNS),
    *("%{WORD:a.b} %{INT:n:int} %{WORD:t:boolean}", "%{NUMBER:x:float}", "%{NOTSPACE:n} %{INT:i}", "(?P<q>x)|%{WORD}"),
]
DEFINED = {
    "%{MY:z}": ["MY=[a-z]=%{INT:v:int}"],
    "%{MY}": ["MY=a*", "MY=a=(?P<r>.)"],
    "%{WORD:w}": ["WORD=[0-9]+"],
}
LEVELS = {
    "error": [{"equals": ["err", "ERROR"]}, {"range": "4xx"}],
    "info": [{"range": {"min": 200, "max": 399}}],
    "warn": [{"equals": ["warn"], "range": {"min": -10, "max": -2}}],
}
WRONG_LEVELS: list[dict[str, Any]] = [
    *({}, {"a": []}, {"a": 1}, {"a": [1]}, {"a": [{}]}),
    *({"a": [{"equals": what}]} for what in ("x", [1])),
    *({"a": [{"range": what}]} for what in ("9xx", 3, "5xx", {"min": 1}, {"min": 1, "max": 2.0})),
]


def lines(text):
    return text.split()


def csv(**arguments):
    return call("ParseCSV", **{"target": A, "header": "x,y,z", **arguments})


CASES = {
    "ParseJSON": ([call("ParseJSON", target=A)], JSON),
    "ParseKeyValue": (
        [
            call("ParseKeyValue", target=A),
            call("ParseKeyValue", target=A, delimiter=":", pair_delimiter=";"),
            call("ParseKeyValue", target=A, delimiter="==", pair_delimiter="\n"),
            call("ParseKeyValue", target=A, delimiter="!", pair_delimiter="!!"),
            call("ParseKeyValue", target=A, delimiter="é", pair_delimiter="="),
        ],
        PAIRS,
    ),
    "ParseCSV": (
        [
            *(csv(mode=mode) for mode in ("strict", "lazyQuotes", "ignoreQuotes")),
            csv(header="x;y;z", delimiter=";"),
            csv(delimiter="é", header_delimiter=","),
            csv(header="x,x,z"),
            csv(header="x"),
            csv(header="x", mode="lazyQuotes"),
            csv(header=""),
            csv(target="1,2,3", header=A),
            csv(header="x,y", delimiter="\t", header_delimiter=","),
            csv(header="x,y", delimiter="\n"),
            csv(header="x,y"),
        ],
        RECORDS,
    ),
    "ParseSeverity": (
        [call("ParseSeverity", target=A, mapping=mapping) for mapping in [LEVELS, *WRONG_LEVELS]],
        ["err", "ERROR", 200, 299, 300, 404, 599, 600, -5, "2xx", "warn", 1.0],
    ),
    "URL": ([call("URL", uri=A)], [*lines(URLS), "a b", "http://a b/", "http://h/\udcff", "http://\udcff/", "\x7f"]),
    "ExtractGrokPatterns": (
        [
            *(call("ExtractGrokPatterns", target=A, pattern=pattern) for pattern in [*GROKS, A]),
            *(call("ExtractGrokPatterns", target=A, pattern=pattern, **NAMED) for pattern in [*NAMED_GROKS, A]),
            *(
                call("ExtractGrokPatterns", target=A, pattern=pattern, pattern_definitions=definitions)
                for pattern, definitions in DEFINED.items()
            ),
        ],
        LOG_LINES,
    ),
}


@pytest.mark.parametrize(("calls", "values"), CASES.values(), ids=list(CASES))
def test_parsing_is_the_collectors(harness, calls, values):
    assert disagreements(harness, calls, rows_of([*FEW, *values])) == []


def test_urls_of_any_parts_are_read_as_the_collector_reads_them(harness):
    pick = random.Random(3)
    parts = lines("http x : / // @ ? # a b.c %20 %2F % é [ ] ::1 80 * . + & = ; %C3%A9 \udcff !")
    urls = ["".join(pick.choices(parts, k=pick.randint(1, 9))) for _ in range(1500)]
    urls += [f"http://{url}" for url in urls]
    assert disagreements(harness, [call("URL", uri=A)], rows_of(urls)) == []


def test_grok_patterns_find_in_any_text_what_the_collector_finds(harness):
    pick = random.Random(5)
    parts = lines("0 1 2 3 5 9 12 25 31 60 99 255 a F x Jan May Monday err info true Z T . , : - + _ / \" ' \\ @ é")
    texts = ["".join(pick.choices([*parts, " "], k=pick.randint(1, 12))) for _ in range(1500)]
    calls = [call("ExtractGrokPatterns", target=A, pattern=f"%{{{name}}}") for name in PATTERNS]
    assert disagreements(harness, calls, rows_of(texts)) == []
