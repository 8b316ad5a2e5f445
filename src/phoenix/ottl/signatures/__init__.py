"""Every function of OTTL 0.160 that metrics can meet: what it takes, declared once, read by checker, engine and docs.

From the Arguments structs of pkg/ottl/ottlfuncs, processor/transformprocessor/internal/metrics and
internal/filter/filterottl of opentelemetry-collector-contrib 0.160.
"""
