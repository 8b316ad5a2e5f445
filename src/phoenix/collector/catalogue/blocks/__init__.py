"""What templates are built of: conditions and statements as text, groups of processors, fold rules, exporters."""
