"""The one entry: a text in, a report out. The CLI calls it now, pipelines and fleet will."""

from collections.abc import Iterable, Sequence

from phoenix.collector.config.document import ConfigDocument, Place
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.collector.config.pipelines import ConfigView
from phoenix.collector.config.types import BUILT
from phoenix.collector.validate import text_codes
from phoenix.collector.validate.binary_check import stand_ins
from phoenix.collector.validate.binary_check.check import ask
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.context import Rule, RuleContext
from phoenix.collector.validate.finding import Finding, Report, by_place, has_error
from phoenix.collector.validate.loss.registry import CHECKS
from phoenix.collector.validate.ottl.check import check_ottl
from phoenix.collector.validate.references import check_references
from phoenix.collector.validate.rules import RULES
from phoenix.collector.validate.rules.providers import CODES as PROVIDER_CODES
from phoenix.collector.validate.structure import check_structure
from phoenix.telemetry.processes import ProcessPattern


def validate(
    text: str,
    source: str,
    *,
    sandbox: Sandbox | None = None,
    critical: Sequence[ProcessPattern] = (),
    checks: Sequence[Rule] = (),
) -> Report:
    """Return everything wrong with a config.

    In this order: YAML, structure, references, components, practice, loss, the real binary. A broken YAML ends it.
    The binary is asked when all before practice is sound and the config asks only its environment for values, so that
    it never reads a file or the network for whoever wrote the config.

    Args:
        text: the config.
        source: what to call it in places.
        sandbox: the binary to ask; without one the report's `collector_version` is None.
        critical: processes that no filter may drop.
        checks: what rooms above know of components, such as `engine.checking.check_processors`; told after the OTTL.

    Raises:
        SandboxUnavailableError: the binary cannot be run.
    """
    try:
        document = ConfigDocument.parse(text, source)
    except ConfigSyntaxError as error:
        return Report(source, (text_codes.finding(error, source),))
    return validate_document(document, sandbox=sandbox, critical=critical, checks=checks)


def validate_document(
    document: ConfigDocument,
    *,
    sandbox: Sandbox | None = None,
    critical: Sequence[ProcessPattern] = (),
    checks: Sequence[Rule] = (),
) -> Report:
    """Return what `validate` does for a config that is read already."""
    view = ConfigView(document)
    types = sandbox.types if sandbox else BUILT
    context = RuleContext(view, critical)
    findings = by_place(check_structure(document, types, types_are_certain=sandbox is not None))
    if not has_error(findings):
        findings += by_place(check_references(view, types))
    for check in (check_ottl, *checks):
        findings += _once(_beyond(findings, by_place(check(context))))
    practice = _practice(context)
    sound = not has_error(findings) and not any(finding.code in _UNSAFE for finding in practice)
    findings = [*findings, *_beyond(findings, practice)]
    needs = stand_ins.host_needs(view)
    version = None
    if sandbox and sound:
        answer = ask(view, sandbox)
        findings += _beyond(findings, by_place(answer.findings))
        needs, version = answer.host_needs, sandbox.types.version
    return Report(document.source, tuple(findings), needs, version)


_UNSAFE = frozenset(code.code for code in PROVIDER_CODES)


def _practice(context: RuleContext) -> list[Finding]:
    return [finding for rule in (*RULES, *CHECKS) for finding in by_place(rule(context))]


def _beyond(told: Iterable[Finding], more: Iterable[Finding]) -> list[Finding]:
    """Return the findings of `more` at places where no error was told already: one mistake, one finding."""
    places: set[Place] = {finding.place for finding in told if has_error([finding])}
    return [finding for finding in more if finding.place not in places]


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Return the first of each code at each place: what an anchor repeats in several components is one mistake."""
    found: dict[tuple[Place, str], Finding] = {}
    for finding in findings:
        found.setdefault((finding.place, finding.code), finding)
    return list(found.values())
