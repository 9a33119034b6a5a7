"""What is committed: where files lie, and that none names a place on somebody's machine or net."""

import re

import pytest

from tests.architecture import tree

TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "README.md", "config", "migrations", "pyproject.toml",
    "requirements", "scripts", "tests", "tracker", "wsgi.py",
}  # fmt: skip
ALLOWED_ROOT_FILES = {"ARCHITECTURE.md", "LICENSE", ".gitattributes", ".editorconfig"}

ADDRESS = re.compile(r"\b(?:https?|ftp|git\+\w+)://([^\s/\"'`<>()|,;]*)")
#: Hosts an address may name: this machine, examples, names of XML vocabularies.
HOST = re.compile(
    r"(?:127\.0\.0\.\d+|localhost|\[::1\])(?::.*)?"
    r"|(?:[\w{}-]+\.)*example(?:\.(?:org|com|net|edu\.cn))?(?::.*)?"
    r"|www\.w3\.org|schemas\.(?:openxmlformats\.org|microsoft\.com)|purl\.oclc\.org"
    r"|[{%].*"  # filled in when it runs
)
#: Spelt in pieces, so that this file does not hold what it looks for.
FOLDERS = ["/" + name + "/" for name in ("work", "root", "Users", "home/[a-z]+", "opt/pypi")]
ELSEWHERE = re.compile("|".join([*FOLDERS, r"\.\./" + "shared", r"--(?:extra-)?index" + "-url",
                                 "--find" + "-links"]))  # fmt: skip
PINNED = re.compile(
    r"[\w.\[\]-]+==[\w.+!]+(?: ; [^\\]+)? \\"
    r"|    --hash=sha256:[0-9a-f]{64}(?: \\)?"
    r"|\s*#[^/]*"
)


def strange_addresses(text: str) -> list[str]:
    """Return the hosts of addresses that lead out of the project."""
    return [host for host in ADDRESS.findall(text) if not HOST.fullmatch(host)]


def places_elsewhere(text: str) -> list[str]:
    """Return mentions of folders and package sources of one machine."""
    return ELSEWHERE.findall(text)


def test_top_level_is_what_the_design_says():
    top = {path.partition("/")[0] for path in tree.tracked()}

    assert top - ALLOWED_ROOT_FILES == TOP_LEVEL


def test_lock_files_with_addresses_are_not_kept():
    names = {path.rpartition("/")[2] for path in tree.tracked()}

    assert names & {"uv.lock", "pylock.toml", "package-lock.json", "Pipfile.lock"} == set()


@pytest.mark.parametrize(
    ("sample", "hosts"),
    [
        ("see https:" + "//mirror.invalid/simple", ["mirror.invalid"]),
        ("git+ssh:" + "//git.invalid/x", ["git.invalid"]),
        ("https:" + "//www.w3.org.evil.invalid/", ["www.w3.org.evil.invalid"]),
        ("http://127.0.0.1:8000/ https://tracker.example.edu.cn/ https://example.org", []),
        ("xmlns='http://www.w3.org/2000/svg' http://{host}:{port}", []),
    ],
)
def test_address_check_knows_ours_from_others(sample, hosts):
    assert strange_addresses(sample) == hosts


def test_place_check_finds_a_machine_folder():
    assert places_elsewhere("cp x " + "/work" + "/main/x") == ["/work" + "/"]


def test_no_file_names_an_outside_address():
    found = {
        path: strange
        for path in tree.tracked()
        if (content := tree.text(path)) and (strange := strange_addresses(content))
    }

    assert found == {}


def test_no_file_names_a_place_on_a_machine():
    found = {
        path: places
        for path in tree.tracked()
        if (content := tree.text(path)) and (places := places_elsewhere(content))
    }

    assert found == {}


@pytest.mark.parametrize("kind", ["base", "dev"])
def test_requirements_hold_pins_and_hashes_only(kind):
    lines = (tree.ROOT / "requirements" / f"{kind}.txt").read_text().splitlines()

    assert [line for line in lines if not PINNED.fullmatch(line)] == []
    pins = [number for number, line in enumerate(lines) if "==" in line and line[0] not in " #"]
    assert [lines[n] for n in pins if not lines[n + 1].startswith("    --hash=")] == []


def test_tests_install_what_the_product_runs_on():
    pins = {
        kind: {
            line.partition(" ")[0]
            for line in (tree.ROOT / "requirements" / f"{kind}.txt").read_text().splitlines()
            if "==" in line and line[0].isalnum()
        }
        for kind in ("base", "dev")
    }

    assert pins["base"] - pins["dev"] == set()
