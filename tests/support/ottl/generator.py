"""Random OTTL that is mostly right: shaped by the signatures and paths of a context, wrong where chance has it."""

from dataclasses import dataclass, field
from random import Random

from phoenix.ottl.contexts.enums import ENUMS
from phoenix.ottl.contexts.paths import PATHS, PREFIXES
from phoenix.ottl.dialect import Dialect
from phoenix.ottl.signatures.signature import Kind, Parameter, Signature

LITERALS = (
    *("1", "2.5", '"x"', '"a,b"', '"1"', "true", "false", "nil", "0x0a0b", "-1", "-2.5", ".5", "3.", "017"),
    *(r'"\n\x41"', '"("', '")"', '"."', "1e5", "-0"),
)
WORDS = {
    Kind.STRING_LITERAL: (
        *('"a"', '"sum"', '"delta"', '"asc"', '"upper"', '"insert"', '"value"', '"%Y-%m"', '"/a/b"', '""', '";"'),
        *('"strict"', '"uniform"'),
    ),
    Kind.INT_LITERAL: ("1", "0", "100", "7"),
    Kind.FLOAT_LITERAL: ("1.0", "0.5", "99.9", "100.0"),
    Kind.BOOL_LITERAL: ("true", "false"),
    Kind.FUNCTION: ("SHA256", "Hex", "ToUpperCase", "MD5", "Nope"),
    Kind.LAMBDA: ("(a, b) => a == b", "() => true", "(x) => x + 1"),
    Kind.TIME: ("Now()", 'Time("2020", "%Y")', "Unix(1)", "1"),
    Kind.DURATION: ('Duration("1s")', '"1s"', 'Duration("x")'),
    Kind.STRING: ('"a"', '"^a.*"', '"[a-z]+"', '"(?P<n>.)"', '"("', "1", "nil", '"a*"', '"utf-8"', '"base64"'),
    Kind.INT: ("1", "-1", "1.5", '"1"', "(2)"),
    Kind.FLOAT: ("1.5", "1", "-1.5"),
}
ALWAYS_WORDS = frozenset(
    (Kind.STRING_LITERAL, Kind.INT_LITERAL, Kind.FLOAT_LITERAL, Kind.BOOL_LITERAL, Kind.FUNCTION, Kind.LAMBDA)
)
PATH_KINDS = frozenset((Kind.PATH, Kind.MAP_PATH, Kind.SLICE_PATH))


@dataclass
class Generator:
    """Texts for one context of a dialect.

    Attributes:
        random: decides everything.
        dialect: the place.
        context: what the texts are run for.
        prefixed: whether paths must name their context.
    """

    random: Random
    dialect: Dialect
    context: str
    prefixed: bool
    editors: list[Signature] = field(init=False)
    converters: list[Signature] = field(init=False)

    def __post_init__(self) -> None:
        functions = self.dialect.functions[self.context].values()
        self.editors = [one for one in functions if one.name[0].islower()]
        self.converters = [one for one in functions if one.name[0].isupper() and not _takes_lambdas(one)]

    def statement(self, depth: int) -> str:
        call = self._call(self.random.choice(self.editors), depth)
        return f"{call} where {self.condition(depth - 1)}" if self._chance(0.4) else call

    def condition(self, depth: int) -> str:
        kind = self.random.random()
        if depth <= 0 or kind < 0.5:
            op = self.random.choice(("==", "!=", "<", ">", "<=", ">="))
            return f"{self.value(depth - 1)} {op} {self.value(depth - 1)}"
        if kind < 0.6:
            return self._converter(depth - 1)
        if kind < 0.72:
            return self.random.choice(("true", "not false", f"not {self._converter(depth - 1)}"))
        if kind < 0.8:
            return f"({self.condition(depth - 1)})"
        return f"{self.condition(depth - 1)} {self.random.choice(('and', 'or'))} {self.condition(depth - 1)}"

    def value(self, depth: int) -> str:
        kind = self.random.random()
        if depth <= 0 or kind < 0.3:
            return self.random.choice(LITERALS)
        if kind < 0.6:
            return self.path(depth - 1)
        if kind < 0.75:
            return self._converter(depth - 1)
        if kind < 0.83:
            return self._computation(depth - 1)
        if kind < 0.94:
            return self._collection(depth - 1)
        return self.random.choice((*ENUMS.get(self.context, {}), "NOPE_X", "(k) => k"))

    def path(self, depth: int) -> str:
        owner = self.random.choice(PREFIXES[self.context]) if self._chance(0.4) else self.context
        own = owner == self.context
        name = self.random.choice((*PATHS[owner], "attributes", *(("cache",) if own else ())))
        keys = ""
        if name in ("attributes", "cache", "metadata", "filtered_attributes") or self._chance(0.03):
            keys = "".join(f"[{self._key(depth)}]" for _ in range(self.random.choice((0, 1, 1, 1, 2))))
        prefix = "" if own and not self.prefixed and self._chance(0.6) else f"{owner}."
        return f"{prefix}{name}{keys}"

    def _key(self, depth: int) -> str:
        kind = self.random.random()
        if depth <= 0 or kind < 0.6:
            return self.random.choice(('"a"', '"b c"', '"é"', '"["', '""', "0", "2"))
        if kind < 0.75:
            return self.path(depth - 1)
        return self._computation(depth - 1) if kind < 0.9 else self._converter(depth - 1)

    def _computation(self, depth: int) -> str:
        sign = self.random.choice(("", "-", "+"))
        left = sign + (self.path(depth - 1) if self._chance(0.5) else self.random.choice(("1", "2.5", "(1 + 2)")))
        right = self.path(depth - 1) if self._chance(0.5) else self.random.choice(("1", "-2.5", '"x"'))
        both = f"{left} {self.random.choice('+-*/')} {right}"
        return self.random.choice((left, f"({left})", both, f"({both}) * 2"))

    def _collection(self, depth: int) -> str:
        values = [self.value(depth - 1) for _ in range(self.random.randrange(3))]
        if self._chance(0.5):
            return f"[{', '.join(values)}]"
        between = self.random.choice((", ", " "))
        return "{" + between.join(f'"k{number}": {value}' for number, value in enumerate(values)) + "}"

    def _converter(self, depth: int) -> str:
        call = self._call(self.random.choice(self.converters), depth)
        return f"{call}[{self._key(depth - 1)}]" if self._chance(0.08) else call

    def _call(self, signature: Signature, depth: int) -> str:
        texts: list[str] = []
        named = False
        for parameter in signature.parameters:
            if parameter.optional and self._chance(0.4):
                named = True
                continue
            named = named or self._chance(0.06)
            text = self._argument(parameter, depth)
            texts.append(f"{parameter.written}={text}" if named else text)
        return f"{signature.name}({', '.join(texts)})"

    def _argument(self, parameter: Parameter, depth: int) -> str:
        if self._chance(0.03):
            return self.value(depth - 1)
        if parameter.many:
            return f"[{', '.join(self._one(parameter.kind, depth) for _ in range(self.random.randrange(4)))}]"
        return self._one(parameter.kind, depth)

    def _one(self, kind: Kind, depth: int) -> str:
        if kind in PATH_KINDS or (kind not in ALWAYS_WORDS and self._chance(0.4)):
            return self.path(depth - 1)
        words = WORDS.get(kind)
        return self.random.choice(words) if words else self.value(depth - 1)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share


def _takes_lambdas(signature: Signature) -> bool:
    return any(parameter.kind is Kind.LAMBDA for parameter in signature.parameters)
