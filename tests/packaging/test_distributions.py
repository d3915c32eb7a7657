"""What is in the wheel and the sdist, and what their metadata says."""

import configparser
import hashlib
import io
import re
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from packaging.metadata import Metadata
from packaging.specifiers import SpecifierSet
from readme_renderer import markdown

from aig_billing_runtime.version import __version__
from tests.packaging.conftest import Distributions, build

PACKAGES = {
    "aig_billing",
    "aig_billing_charges",
    "aig_billing_cli",
    "aig_billing_monitor",
    "aig_billing_runtime",
    "aig_billing_sandbox",
    "aig_billing_spend_limits",
}
PACKAGE_FILES = {".py", ".typed", ".yaml", ".css", ".js", ".svg", ".html", ".jinja", ".sql"}


@pytest.fixture(scope="session")
def wheel_files(distributions: Distributions) -> dict[str, bytes]:
    with zipfile.ZipFile(distributions.wheel) as wheel:
        assert wheel.testzip() is None
        return {name: wheel.read(name) for name in wheel.namelist()}


@pytest.fixture(scope="session")
def metadata(wheel_files: dict[str, bytes]) -> Metadata:
    (name,) = (name for name in wheel_files if name.endswith(".dist-info/METADATA"))
    return Metadata.from_email(wheel_files[name], validate=True)


@pytest.mark.slow
def test_the_wheel_holds_our_packages_and_nothing_else(wheel_files: dict[str, bytes]) -> None:
    tops = {PurePosixPath(name).parts[0] for name in wheel_files}
    assert tops == PACKAGES | {f"aig_billing-{__version__}.dist-info"}


def test_no_test_template_or_generator_file_is_in_the_wheel(wheel_files: dict[str, bytes]) -> None:
    for name, content in wheel_files.items():
        path = PurePosixPath(name)
        if path.parts[0] in PACKAGES:
            assert path.suffix in PACKAGE_FILES, f"{name} should not be shipped"
            assert not {"tests", "codegen", "compare", "templates"} & set(path.parts), f"{name} should not be shipped"
            assert not re.match(r"(test_|conftest)", path.name), f"{name} is a test"
            assert b"openapi_python_client" not in content, f"{name} needs the generator"


def test_every_module_of_the_source_tree_is_in_the_wheel(wheel_files: dict[str, bytes], tree: Path) -> None:
    for parent in ("generated", "src"):
        for path in (tree / parent).rglob("*"):
            if path.suffix in PACKAGE_FILES and path.is_file():
                name = path.relative_to(tree / parent).as_posix()
                assert name in wheel_files, f"{name} is missing from the wheel"


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_package_says_that_it_is_typed(wheel_files: dict[str, bytes], package: str) -> None:
    assert f"{package}/py.typed" in wheel_files


def test_the_resolved_document_is_shipped_as_it_is(wheel_files: dict[str, bytes], tree: Path) -> None:
    assert wheel_files["aig_billing/openapi.yaml"] == (tree / "generated/aig_billing/openapi.yaml").read_bytes()


def test_the_wheel_runs_everywhere(distributions: Distributions) -> None:
    assert distributions.wheel.name == f"aig_billing-{__version__}-py3-none-any.whl"


@pytest.mark.slow
def test_the_same_tree_gives_the_same_bytes(distributions: Distributions, tree: Path, tmp_path: Path) -> None:
    build(tree, tmp_path, "--wheel")
    assert digest(tmp_path / distributions.wheel.name) == digest(distributions.wheel)


@pytest.mark.slow
def test_the_sdist_builds_the_same_wheel(distributions: Distributions, tmp_path: Path) -> None:
    with tarfile.open(distributions.sdist) as sdist:
        sdist.extractall(tmp_path, filter="data")
    build(tmp_path / f"aig_billing-{__version__}", tmp_path / "again", "--wheel")
    assert digest(tmp_path / "again" / distributions.wheel.name) == digest(distributions.wheel)


def test_the_sdist_has_what_it_takes_to_generate_and_test(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as sdist:
        names = {PurePosixPath(name).relative_to(f"aig_billing-{__version__}").as_posix() for name in sdist.getnames()}
    for needed in (
        "openapi/billing.yaml",
        "overlays/spec/10-errors.yaml",
        "codegen/driver.py",
        "Makefile",
        "constraints.txt",
    ):
        assert needed in names
    assert any(name.startswith("tests/") for name in names)
    strays = [name for name in names if re.search(r"(^|/)(\.venv|__pycache__|\.git|site|dist)(/|$)|\.pyc$", name)]
    assert not strays, strays


def test_the_metadata_is_complete(metadata: Metadata) -> None:
    assert metadata.name == "aig-billing"
    assert metadata.summary
    assert metadata.license_expression == "MIT"
    assert metadata.license_files == ["LICENSE"]
    assert metadata.keywords
    assert metadata.requires_python is not None
    classifiers = metadata.classifiers or []
    for minor in range(11, 15):
        assert f"Programming Language :: Python :: 3.{minor}" in classifiers
        assert metadata.requires_python.contains(f"3.{minor}")
    assert not metadata.requires_python.contains("3.10")
    assert "Typing :: Typed" in classifiers
    assert not any(classifier.startswith("License ::") for classifier in classifiers), (
        "the licence is said once, as SPDX"
    )


def test_the_metadata_says_where_to_read_more(metadata: Metadata) -> None:
    urls = metadata.project_urls or {}
    assert urls, "[project.urls] is empty"
    assert all(address.startswith("https://") and "example" not in address for address in urls.values()), urls


def test_the_version_comes_from_one_place(metadata: Metadata, tree: Path) -> None:
    assert str(metadata.version) == __version__
    saying_it = [
        path.relative_to(tree)
        for parent in ("generated", "src")
        for path in (tree / parent).rglob("*.py")
        if re.search(rf"['\"]{re.escape(__version__)}['\"]", path.read_text(encoding="utf-8"))
    ]
    assert saying_it == [Path("src/aig_billing_runtime/version.py")]


def test_the_bare_install_asks_for_httpx_attrs_and_an_old_pythons_typing_extensions(metadata: Metadata) -> None:
    plain = {item.name: item for item in metadata.requires_dist or [] if "extra ==" not in str(item.marker)}
    assert set(plain) == {"httpx", "attrs", "typing-extensions"}
    assert str(plain["typing-extensions"].marker) == 'python_version < "3.13"'
    assert plain["httpx"].specifier == SpecifierSet(">=0.28,<1")


def test_the_extras_are_the_documented_ones(metadata: Metadata) -> None:
    assert set(metadata.provides_extra or []) == {
        "cli",
        "sandbox",
        "journal",
        "jq",
        "keyring",
        "monitor",
        "fleet",
        "speed",
        "all",
    }


def test_the_commands_and_the_fixture_are_declared(wheel_files: dict[str, bytes]) -> None:
    (name,) = (name for name in wheel_files if name.endswith("/entry_points.txt"))
    points = configparser.ConfigParser()
    points.read_string(wheel_files[name].decode())
    assert "aig-billing" in points["console_scripts"]
    assert dict(points["pytest11"]) == {"aig_billing_sandbox": "aig_billing_sandbox.pytest_plugin"}


def test_the_long_description_renders_on_an_index(metadata: Metadata) -> None:
    assert metadata.description_content_type == "text/markdown"
    complaints = io.StringIO()
    rendered = markdown.render(metadata.description or "", stream=complaints)
    assert rendered is not None, complaints.getvalue()
    assert "<h1" in rendered
    assert "<pre" in rendered


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
