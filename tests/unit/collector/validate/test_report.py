"""A report answers for people and machines; every code is declared once."""

from tests.support.configs import metrics_config

from phoenix.collector.config.place import Place
from phoenix.collector.validate.finding import HostNeed, Report, Severity
from phoenix.collector.validate.registry import all_codes, findings_page
from phoenix.collector.validate.service import validate
from phoenix.collector.validate.structure import BAD_ID
from phoenix.collector.validate.suggest import did_you_mean, shortened


def test_every_code_is_declared_once_and_tells_what_to_do():
    codes = all_codes()
    assert len({code.code for code in codes}) == len(codes)
    for code in codes:
        assert code.code.replace("_", "").isupper()
        assert code.meaning.endswith(".")
        assert code.user_action.endswith(".")
        assert f"### {code.code}\n" in findings_page()


def test_an_error_makes_a_report_not_ok_and_a_warning_does_not():
    place = Place("c.yaml", 1, 2)
    finding = BAD_ID.at(place, "x")
    assert not Report("c.yaml", (finding,)).ok
    soft = Report("c.yaml", (BAD_ID.at(place, "x", severity=Severity.WARNING),))
    assert soft.ok
    assert soft.count(Severity.WARNING) == 1


def test_a_report_is_json_like():
    report = Report(
        "c.yaml", (BAD_ID.at(Place("c.yaml", 1, 2), "x"),), (HostNeed("port", "a:1", Place("c.yaml", 3, 4)),)
    )
    assert report.as_dict() == {
        "source": "c.yaml",
        "ok": False,
        "collector_version": None,
        "findings": [
            {
                "code": "COMPONENT_ID_INVALID",
                "severity": "error",
                "source": "c.yaml",
                "line": 1,
                "column": 2,
                "message": "x",
                "user_action": BAD_ID.user_action,
            }
        ],
        "only_the_host_knows": [{"kind": "port", "name": "a:1", "line": 3, "column": 4}],
    }


def test_lists_what_only_the_host_can_know():
    text = metrics_config(exporter="otlp_grpc: {endpoint: '${env:BACKEND:-b:1}', tls: {ca_file: /etc/ca.pem}}")
    needs = validate(text, "c.yaml").host_needs
    assert [(need.kind, need.name) for need in needs] == [
        ("endpoint", "${env:BACKEND:-b:1}"),
        ("environment variable", "BACKEND (default 'b:1')"),
        ("file", "/etc/ca.pem"),
    ]


def test_suggests_the_nearest_known_word():
    assert did_you_mean("otlphttp", ["otlp_http", "otlp_grpc"]) == '; did you mean "otlp_http"?'
    assert did_you_mean("kafka", ["otlp_http", "otlp_grpc"]) == ""


def test_shortens_long_lists():
    assert shortened("cab", 2) == "a, b and 1 more"
