"""pyproject.toml, environment.yml and requirements.txt say the same."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version
from rattler import BuildString, MatchSpec, PackageRecord

from .conftest import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DIRECT = [
    Requirement(line)
    for line in [*PROJECT["dependencies"], *(x for group in PROJECT["optional-dependencies"].values() for x in group)]
]
CONDA = yaml.safe_load((REPOSITORY / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
PIP = next(line["pip"] for line in CONDA if isinstance(line, dict))
LINES = [line for line in [*CONDA, *PIP] if isinstance(line, str) and line != "-e ."]
SPECS = {str(spec.name.normalized): spec for spec in map(MatchSpec, LINES)}
LOCKED = [
    Requirement(line)
    for line in (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # without a desktop toolkit


def pinned(name: str) -> list[Version]:
    return [Version(next(iter(line.specifier)).version) for line in LOCKED if line.name == name]


@pytest.mark.parametrize("direct", DIRECT, ids=lambda requirement: requirement.name)
def test_the_conda_environment_has_the_same_range(direct):
    spec = SPECS[CONDA_NAMES.get(direct.name, direct.name)]
    assert sorted(str(spec.version).split(",")) == sorted(str(direct.specifier).split(","))


@pytest.mark.parametrize("direct", DIRECT, ids=lambda requirement: requirement.name)
def test_the_pinned_version_fits_both(direct):
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
        assert SPECS[conda_name].matches(record)


def test_the_conda_environment_has_nothing_else():
    direct = {CONDA_NAMES.get(requirement.name, requirement.name) for requirement in DIRECT}
    assert set(SPECS) == direct | {"python", "pip"}
    assert str(SPECS["python"].version) == PROJECT["requires-python"]
    assert "-e ." in PIP


def test_every_pin_is_exact():
    assert all([specifier.operator for specifier in line.specifier] == ["=="] for line in LOCKED)


def test_no_address_of_a_package_index_stands_anywhere():
    for file in ("requirements.txt", "environment.yml", "pyproject.toml", "Makefile", ".ci/run"):
        assert not re.search(r"https?://|--index|--find-links", (REPOSITORY / file).read_text(encoding="utf-8")), file
