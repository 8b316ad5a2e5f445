"""Folding the points of a metric that become alike: aggregate_on_attributes and aggregate_on_attribute_value."""
