from pathlib import Path

from phoenix.collector.catalogue import reference, registry

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "catalogue.md"


def test_the_committed_page_is_what_the_templates_say():
    note, _, page = PAGE.read_text(encoding="utf-8").partition("\n")
    assert note.startswith("<!-- Generated")
    assert page == reference.page()


def test_every_template_and_parameter_is_documented():
    page = reference.page()
    for template in registry.TEMPLATES:
        assert f"## {template.name}" in page
        assert all(f"`{parameter.name}`" in page for parameter in template.parameters)
        assert all(alias in page for alias in template.aliases)


def test_a_measured_reduction_stands_with_its_template():
    page = reference.page({"process-minimal-v1": "series -91 %."})
    assert "- Measured on the reference capture: series -91 %." in page
