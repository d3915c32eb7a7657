"""No `Any` where users look: every annotation of every public name is walked, inherited ones included."""

from collections.abc import Iterator, Mapping

import griffe
import pytest

from tests.typing.checkers import ROOT

# Where a user's reading starts. Modules count with all their public names.
STARTS = (
    "aig_billing",
    "aig_billing.api",
    "aig_billing.errors",
    "aig_billing.models",
    "aig_billing.types",
    "aig_billing.client",
    "aig_billing.resources",
    "aig_billing_sandbox.sandbox.Sandbox",
    "aig_billing_sandbox.http.faults.Fault",
)
VAGUE = {"typing.Any", "typing_extensions.Any"}


@pytest.fixture(scope="module")
def packages() -> griffe.ModulesCollection:
    loader = griffe.GriffeLoader(search_paths=[ROOT / "generated", ROOT / "src"])
    for name in ("aig_billing", "aig_billing_charges", "aig_billing_runtime", "aig_billing_sandbox"):
        loader.load(name)
    loader.resolve_aliases(external=False)
    return loader.modules_collection


def public_objects(start: griffe.Object | griffe.Alias, seen: set[str]) -> Iterator[griffe.Object]:
    """Everything public that is reached from a name, each once."""
    try:
        found = start.final_target if isinstance(start, griffe.Alias) else start
    except griffe.AliasResolutionError:
        return  # a name of another distribution
    if found.canonical_path in seen:
        return
    seen.add(found.canonical_path)
    yield found
    for name, member in public_members(found).items():
        if not name.startswith("_") or name in {"__init__", "__enter__", "__aenter__"}:
            yield from public_objects(member, seen)


def public_members(found: griffe.Object) -> Mapping[str, griffe.Object | griffe.Alias]:
    """What users reach from an object: what a module lists, or else defines itself; all that a class has, inherited or not."""
    if isinstance(found, griffe.Class):
        return found.all_members
    if not isinstance(found, griffe.Module):
        return {}
    if found.exports is not None:
        return {str(name): found.members[str(name)] for name in found.exports if str(name) in found.members}
    return {name: member for name, member in found.members.items() if not isinstance(member, griffe.Alias)}


def annotations(found: griffe.Object) -> Iterator[tuple[str, griffe.Expr | str | None]]:
    """The annotations of one object, each with what it is of."""
    if isinstance(found, griffe.Function):
        yield "the result", found.returns
        yield from ((f"argument {parameter.name}", parameter.annotation) for parameter in found.parameters)
    elif isinstance(found, griffe.Attribute):
        yield "the value", found.annotation


def is_vague(annotation: griffe.Expr | str | None) -> bool:
    if isinstance(annotation, griffe.Expr):
        return any(
            isinstance(part, griffe.ExprName) and part.canonical_path in VAGUE for part in annotation.iterate(flat=True)
        )
    return annotation == "Any"


def surface(packages: griffe.ModulesCollection) -> list[griffe.Object]:
    seen: set[str] = set()
    return [entry for start in STARTS for entry in public_objects(packages[start], seen)]


@pytest.mark.slow
def test_no_annotation_of_the_public_surface_says_any(packages: griffe.ModulesCollection) -> None:
    vague = [
        f"{found.canonical_path}: {what} is {annotation}"
        for found in surface(packages)
        for what, annotation in annotations(found)
        if is_vague(annotation)
    ]
    assert not vague, "\n".join(
        ["say what it is (object, a type variable, Unpack of a TypedDict, JSON's own type):", *vague]
    )


def test_every_public_function_says_what_it_takes_and_gives(packages: griffe.ModulesCollection) -> None:
    silent = [
        f"{found.canonical_path}: {what}"
        for found in surface(packages)
        if isinstance(found, griffe.Function)
        for what, annotation in annotations(found)
        if annotation is None
        and what not in {"argument self", "argument cls"}
        and not (found.name == "__init__" and what == "the result")
    ]
    assert not silent, "\n".join(["these have no annotation:", *silent])


def test_every_public_name_has_a_docstring(packages: griffe.ModulesCollection) -> None:
    untold = [
        found.canonical_path
        for found in surface(packages)
        if isinstance(found, griffe.Class | griffe.Function)
        and found.name != "__init__"
        and not found.name.startswith("__")
        and not found.has_docstring
    ]
    assert not untold, "\n".join(["these have no docstring:", *untold])


def test_the_walk_reaches_what_it_should(packages: griffe.ModulesCollection) -> None:
    reached = {found.canonical_path for found in surface(packages)}
    for expected in (
        "aig_billing_runtime.client.SyncClient.send",
        "aig_billing_runtime.base_client.BaseClient.__init__",
        "aig_billing_runtime.errors.APIError.__init__",
        "aig_billing_runtime.model.AnyModel.to_dict",
        "aig_billing.api.ai_gateway_billing.topup_create.sync",
        "aig_billing.resources.ai_gateway_billing_topup.AiGatewayBillingTopupResource.create",
        "aig_billing_charges.topup.TopupMixin.create_once",
        "aig_billing_charges.journal.Journal.prepare",
        "aig_billing_sandbox.control.control.Control.advance",
    ):
        assert expected in reached
