"""The generated reference: one code an error, and pages that say what the code does."""

import sys
from collections import Counter
from pathlib import Path

from tools import reference


def test_every_error_has_a_code_of_its_own():
    classes = reference.error_classes()
    inherited = [error.__qualname__ for error in classes if "code" not in vars(error)]
    shared = [code for code, count in Counter(error.code for error in classes).items() if count > 1]
    assert inherited == []
    assert shared == []


def test_every_error_says_what_is_wrong_and_what_to_do():
    silent = [
        error.__qualname__
        for error in reference.error_classes()
        if not (error.__doc__ or "").strip() or not error.user_action.endswith(".") or error.code.upper() != error.code
    ]
    assert silent == []


def test_a_stale_page_is_shown_as_a_difference(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["reference.py", "--check"])
    assert reference.main() == 1
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(sys, "argv", ["reference.py"])
    assert reference.main() == 0
    monkeypatch.setattr(sys, "argv", ["reference.py", "--check"])
    capsys.readouterr()
    assert reference.main() == 0
    page = tmp_path / "errors.md"
    page.write_text(page.read_text().replace("SETTING_UNKNOWN", "SETTING_ODD"))
    assert reference.main() == 1
    assert "-| `SETTING_ODD`" in capsys.readouterr().out
