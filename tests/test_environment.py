"""pyproject.toml, requirements.txt and the two environments of conda say the same; CITATION.cff has the version."""

import re
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version
from rattler import BuildString, MatchSpec, PackageRecord

from sodertorn_lib import __version__

from .conftest import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
FILES = {  # which requirements each has
    "environment.yml": [*PROJECT["dependencies"], *EXTRAS["notebooks"], *EXTRAS["publish"], *EXTRAS["update"]],
    "tests/environment.yml": EXTRAS["develop"],
}
DIRECT = [(Requirement(line), file) for file, lines in FILES.items() for line in lines]
EACH = pytest.mark.parametrize(("direct", "file"), DIRECT, ids=[requirement.name for requirement, _ in DIRECT])
CONDA = {file: yaml.safe_load((REPOSITORY / file).read_text(encoding="utf-8"))["dependencies"] for file in FILES}
PIP = {file: next(line["pip"] for line in lines if isinstance(line, dict)) for file, lines in CONDA.items()}
LINES = {file: [x for x in [*CONDA[file], *PIP[file]] if isinstance(x, str) and x != "-e ."] for file in FILES}
SPECS = {file: {str(spec.name.normalized): spec for spec in map(MatchSpec, lines)} for file, lines in LINES.items()}
LOCKED = [
    Requirement(line)
    for line in (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # without a desktop toolkit


def pinned(name: str) -> list[Version]:
    return [Version(next(iter(line.specifier)).version) for line in LOCKED if line.name == name]


@EACH
def test_the_conda_environment_has_the_same_range(direct, file):
    spec = SPECS[file][CONDA_NAMES.get(direct.name, direct.name)]
    assert sorted(str(spec.version).split(",")) == sorted(str(direct.specifier).split(","))


@EACH
def test_the_pinned_version_fits_both(direct, file):
    conda_name = CONDA_NAMES.get(direct.name, direct.name)
    assert pinned(direct.name)
    for version in pinned(direct.name):
        record = PackageRecord(
            name=conda_name,
            version=str(version),
            build=BuildString("0"),
            build_number=0,
            subdir="noarch",
            arch=None,
            platform=None,
        )
        assert direct.specifier.contains(version)
        assert SPECS[file][conda_name].matches(record)


def test_the_conda_environments_have_nothing_else():
    direct = {file: {CONDA_NAMES.get(own.name, own.name) for own, where in DIRECT if where == file} for file in FILES}
    assert {file: set(specs) for file, specs in SPECS.items()} == {
        "environment.yml": direct["environment.yml"] | {"python", "pip"},
        "tests/environment.yml": direct["tests/environment.yml"] | {"pip"},
    }
    assert str(SPECS["environment.yml"]["python"].version) == PROJECT["requires-python"]
    assert "-e ." in PIP["environment.yml"]


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["cff-version"], citation["version"], citation["license"]) == ("1.2.0", __version__, "MIT")
    assert {"message", "title", "authors"} <= set(citation)


def test_every_pin_is_exact():
    assert all([specifier.operator for specifier in line.specifier] == ["=="] for line in LOCKED)


def test_no_address_of_a_package_index_stands_anywhere():
    told = set(PROJECT["urls"].values())
    for file in ("requirements.txt", *FILES, "pyproject.toml", "Makefile", ".ci/run"):
        text = (REPOSITORY / file).read_text(encoding="utf-8")
        assert set(re.findall(r"https?://[^\s\"']+", text)) <= (told if file == "pyproject.toml" else set()), file
        assert not re.search("--index|--find-links", text), file


def test_no_file_is_over_a_megabyte():
    stored = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True).stdout.decode()
    assert [name for name in stored.split("\0")[:-1] if (REPOSITORY / name).stat().st_size > 1024**2] == []
