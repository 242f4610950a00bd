"""Known vulnerabilities of what is pinned: `make audit`. What could not be asked about is not audited."""

import json
import subprocess
import sys

import click
from support.broken import ROOT

FOUND, NOT_AUDITED = 1, 3
"""Exit codes."""


def verdict(said: str) -> tuple[int, list[str]]:
    """Exit code and lines of what pip-audit has said, as JSON."""
    dependencies = json.loads(said)["dependencies"]
    vulnerable = [
        f"{one['name']} {one['version']}: {', '.join(flaw['id'] for flaw in one['vulns'])}"
        for one in dependencies
        if one.get("vulns")
    ]
    skipped = [one["name"] for one in dependencies if "skip_reason" in one]
    lines = list(vulnerable)
    if skipped:
        lines.append(
            f"Not audited: {len(skipped)} of {len(dependencies)} packages, since their advisories cannot be "
            "reached from here. Ask again where there is a way to them."
        )
    if not lines:
        lines.append(f"None of {len(dependencies)} packages has a known vulnerability.")
    return (FOUND if vulnerable else NOT_AUDITED if skipped else 0), lines


def main() -> None:
    """Exit code 1: something was found, 3: not all could be audited."""
    audit = (sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes")
    asked = subprocess.run(
        (*audit, "--progress-spinner=off", "-f", "json", "-r", str(ROOT / "requirements" / "run.txt")),
        check=False,
        capture_output=True,
        text=True,
    )
    if not asked.stdout.startswith("{"):
        click.echo(f"Not audited: {asked.stderr.strip()[-500:]}")
        sys.exit(NOT_AUDITED)
    code, lines = verdict(asked.stdout)
    click.echo("\n".join(lines))
    sys.exit(code)


if __name__ == "__main__":
    main()
