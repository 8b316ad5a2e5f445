"""Converters of XML: ParseXML, and those that look for nodes by XPath and write documents again.

Follow encoding/xml of Go 1.27, github.com/antchfx/xmlquery 1.5.1 and xpath 1.3.8. Done are documents with ASCII names
and without namespaces, and XPaths of steps and simple tests; others are refused by name.
"""
