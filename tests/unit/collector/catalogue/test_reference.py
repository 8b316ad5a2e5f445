from phoenix.collector.catalogue import reference, registry


def test_every_template_and_parameter_is_documented():
    page = reference.page()
    for template in registry.TEMPLATES:
        assert f"## {template.name}" in page
        assert all(f"`{parameter.name}`" in page for parameter in template.parameters)
        assert all(alias in page for alias in template.aliases)


def test_a_measured_reduction_stands_with_its_template():
    page = reference.page({"process-minimal-v1": "series -91 %."})
    assert "- Measured on the reference capture: series -91 %." in page
