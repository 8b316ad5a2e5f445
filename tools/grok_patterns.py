"""Write the grok patterns that ExtractGrokPatterns knows, from the sources of the library that the collector links.

github.com/elastic/go-grok (Apache-2.0) is in Go's module cache once the collector has been built. Run it when the
collector's version changes: python tools/grok_patterns.py VERSION
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src/phoenix/engine/functions/parsing/grok_patterns.json"
# In this order a later definition of a name wins; grok.NewComplete, and the defaults that it falls back to.
FILES = (
    *("default", "aws", "bind9", "bro", "exim", "haproxy", "httpd", "firewalls", "java", "junos", "maven"),
    *("mcollective", "mongodb", "postgresql", "rails", "redis", "ruby", "squid", "syslog"),
)
DEFINITION = re.compile(r'^\s*"(\w+)":\s*(`[^`]*`|"(?:[^"\\]|\\.)*"),', re.MULTILINE)


def main(version: str) -> None:
    """Write the table."""
    cache = subprocess.run(["go", "env", "GOMODCACHE"], check=True, capture_output=True, text=True).stdout.strip()
    folder = Path(cache) / f"github.com/elastic/go-grok@{version}/patterns"
    found: dict[str, str] = {}
    for name in FILES:
        for key, literal in DEFINITION.findall((folder / f"{name}.go").read_text(encoding="utf-8")):
            found[key] = literal[1:-1] if literal.startswith("`") else json.loads(literal)
    TABLE.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
