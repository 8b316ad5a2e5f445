"""XML is read, searched, changed and written as the collector does it, over every document of a list."""

import random

import pytest
from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call
from tests.support.functions.values import FEW, rows_of

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.registry import CONVERTERS

A = Attribute("a")
DOCUMENTS = [
    *("<a/>", "<a>x</a>", "<a b=\"1\" c='2'>t<d/>u<!-- c --> v </a>", '<?xml version="1.0" encoding="UTF-8"?><a/>'),
    '<?xml version="1.0"?>\n<a>\n <b x="1">t</b>\n <b x="2"><c>u</c></b>\n tail\n</a>\n',
    *("x<a/>y", "<a/><b/>", "<a>1</a><a>2</a>", "<!-- c --><a/>", "<?pi x?><a/>", "<a><?pi y?><b/>t</a>", "nope"),
    *("<a><![CDATA[<x>]]>z<b>&lt;'\"</b></a>", "<!DOCTYPE a><a/>", "<a> <b/> <c/> </a>", "<a>t<b>u<b>v</b></b>w</a>"),
    *("<a><b>1</b><b/><b>3</b><c><d>4</d></c><e> </e></a>", '<a b="&lt;&quot;"/>', '<a b="1"><b>2</b></a>'),
    *('<a><b><c><d e="1" f="2">x</d></c></b>t</a>', '<?xml version = "1.0"?><a/>', "<a>1<![CDATA[2]]>3</a>"),
    *('<a><b c="x">1</b><b c="y">2</b></a>', "<a><!--x--><!--y--></a>"),
]
ODD = [
    *('<?xml version="1.1"?><a/>', '<?xml version="1.0" encoding="latin1"?><a/>', "<?xml?><a/>", "<a>&nope;</a>"),
    *(
        "<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x42;&#xD800;</a>",
        "<a>&#0;</a>",
        "<a>&#;</a>",
        "<a>&#x110000;</a>",
        "<a>& b</a>",
    ),
    *("<a>]]></a>", "<a><![CDATA[]]></a>", '<a b="1" b="2"/>', '<a b="<"/>', "<a b=1/>", "<a b/>", '<a b="1"c="2"/>'),
    *("<a></b>", "<a>", "</a>", "<a/> ", " <a/>", "<!-- a--b --><a/>", '<n:a xmlns:n="u" n:b="1"><n:c/></n:a>'),
    *('<a xmlns="u"/>', "<n:a></a>", "<a:b:c/>", "<:a/>", "<a:/>", "<1a/>", "<a>\r\nx\ry\n</a>", '<a b="\r\n&#13;"/>'),
    *(
        "<a>\x01</a>",
        "<a>\udcff</a>",
        "< a/>",
        "<a / >",
        "<a/",
        '<a b="1',
        "<?pi",
        "<a>\u2003é\u2003</a>",
        "<a\n></a\n>",
    ),
    *("<!-><a/>", "<![CDATA[x]]><a/>", "<", "<a>&amp</a>", "<a><!--></a>", "<a><!-----></a>", "<a>\ufffe</a>"),
    *("<a>]]&gt;</a>", "<a>]]<b/>></a>", "<a b='x\"y'/>"),
]
PATHS = [
    *("/", "/a", "/a/b", "//b", "//*", "/*", "//@*", "/a/@b", "//@b", "//text()", "/a/text()", "/a/b[1]", "/a/b[2]"),
    *("/a/b[@x]", "/a/b[@x='1']", "//b[@c='y']", "/a/*", "//d/@e", "//b/c", "/a[b]", "/a[b='1']", "//b[c]", "/a//b"),
    *("/a/b[c='u']", "/a/*[2]", "/a//@e", "/a//text()", "//*/b", "//text"),
]
REFUSED = [
    "//a//b",
    "//b[1]",
    "a",
    "/a/..",
    "/a[last()]",
    "count(/a)",
    "/a|/b",
    "",
    "/a/@b/c",
    "/a[b and c]",
    "/é",
    "/n:a",
]


def made(path):
    return [
        call("GetXML", target=A, x_path=path),
        call("RemoveXML", target=A, x_path=path),
        call("InsertXML", target=A, x_path=path, sub_document="<n>1</n><o/>"),
        call("ConvertAttributesToElementsXML", target=A, x_path=path),
        call("ConvertTextToElementsXML", target=A, x_path=path),
    ]


CALLS = [
    *(each for path in PATHS for each in made(path)),
    call("ConvertAttributesToElementsXML", target=A),
    call("ConvertTextToElementsXML", target=A, element_name="v"),
    call("ParseSimplifiedXML", target=A),
    call("InsertXML", target="<r><s/></r>", x_path="/r/s", sub_document=A),
]


def document(pick, depth=0):
    name = pick.choice("abc")
    attributes = "".join(f' {key}="{pick.choice("12x")}"' for key in pick.sample("xbe", pick.randint(0, 2)))
    pieces = []
    for _ in range(pick.randint(0, 4)):
        piece = pick.choice(["", "t", " ", "\n", "<!--c-->", "<![CDATA[d]]>", "<?p i?>"])
        pieces.append(piece or (document(pick, depth + 1) if depth < 4 else "u"))
    return f"<{name}{attributes}>{''.join(pieces)}</{name}>"


def test_trees_are_the_collectors(harness):
    assert disagreements(harness, CALLS, rows_of([*FEW, *DOCUMENTS])) == []


def test_trees_of_any_shape_are_the_collectors(harness):
    pick = random.Random(5)
    before, behind = ["", '<?xml version="1.0"?>', " ", "<!--h-->"], ["", " ", "<c/>", "t"]
    documents = [pick.choice(before) + document(pick) + pick.choice(behind) for _ in range(100)]
    assert disagreements(harness, CALLS, rows_of(documents)) == []


def test_elements_are_parsed_as_the_collector_parses_them(harness):
    pick = random.Random(5)
    parts = ["<a>", "</a>", "<b/>", "<b c='1'/>", "x", "&lt;", "&", "<![CDATA[", "]]>", "<!--", "-->", "<?p ", "?>"]
    parts += [" ", "\n", "<", ">", "/", "'", '"', "=", "<a ", "b", "\r", "&#65;", "]]"]
    broken = [f"<a>{''.join(pick.choices(parts, k=pick.randint(0, 8)))}</a>" for _ in range(1500)]
    values = [value for value in [*FEW, *DOCUMENTS, *ODD, *broken] if known(value)]
    assert len(values) > 1400
    assert disagreements(harness, [call("ParseXML", target=A)], rows_of(values)) == []


@pytest.mark.parametrize("path", REFUSED)
def test_other_xpaths_are_refused_by_name(path):
    with pytest.raises(NotColumnarError, match="the XPath"):
        CONVERTERS["GetXML"]("<a/>", path)


@pytest.mark.parametrize("text", ["<é/>", '<!DOCTYPE a [<!ENTITY x "y">]><a/>', "<a>" * 300 + "</a>" * 300])
def test_other_documents_are_refused_by_name(text):
    with pytest.raises(NotColumnarError, match=r"XML|levels"):
        CONVERTERS["ParseXML"](text)


def known(value):
    try:
        CONVERTERS["ParseXML"](value)
    except NotColumnarError:
        return False
    except OttlRuntimeError:
        return True
    return True
