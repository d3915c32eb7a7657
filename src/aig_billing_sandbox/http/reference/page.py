"""The whole page: one HTML file with its style and its script inside, and a policy that lets it fetch nothing else."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

from aig_billing_sandbox.http.reference.fields import field_list
from aig_billing_sandbox.http.reference.markup import Markup, join, prose, tag
from aig_billing_sandbox.http.reference.operations import (
    answer_details,
    method_badge,
    operation_section,
    refusal_anchor,
)
from aig_billing_sandbox.http.reference.reading import Operation, Reference


@dataclass(frozen=True)
class Door:
    """Where and as whom the page's forms call the sandbox. Tokens of a sandbox are no secret."""

    base_url: str
    account_id: str = ""
    token: str = ""
    read_token: str = ""


def render_page(reference: Reference, door: Door | None = None) -> bytes:
    """Write the page; with a door, each operation gets a form that calls the sandbox."""
    server = door.base_url if door else reference.server
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=content_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{reference.title}: HTTP reference"),
        tag("style", Markup(_asset("reference.css"))),
    )
    body = (
        tag("a", "Skip to the operations", href="#operations", class_="skip"),
        tag("header", _title(reference), _theme(), class_="top"),
        tag(
            "div",
            _contents(reference.operations),
            tag("main", _opening(reference, server, door), _sections(reference, server, door)),
            class_="page",
        ),
        tag("script", Markup(_asset("reference.js"))),
    )
    return b"<!doctype html>\n" + tag("html", tag("head", head), tag("body", body), lang="en").encode()


@cache
def content_policy() -> str:
    """The page's content security policy: its own style and script, calls to where it came from, nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_source('reference.css')}",
            f"script-src {_source('reference.js')}",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source(name: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return files("aig_billing_sandbox.http.reference").joinpath(name).read_text(encoding="utf-8")


def _title(reference: Reference) -> Markup:
    return tag(
        "div", tag("h1", reference.title), tag("span", f"HTTP reference · API {reference.version}", class_="type")
    )


def _theme() -> Markup:
    return tag("button", "Theme: auto", type="button", id="theme", class_="quiet")


def _contents(operations: tuple[Operation, ...]) -> Markup:
    entries = (
        tag(
            "li",
            tag(
                "a",
                method_badge(operation.method),
                tag("span", operation.summary, class_="old" if operation.deprecated else None),
                href=f"#{operation.anchor}",
            ),
        )
        for operation in operations
    )
    return tag(
        "nav",
        tag("details", tag("summary", f"{len(operations)} operations"), _filter(), tag("ul", entries), open=True),
        aria_label="Operations",
    )


def _filter() -> Markup:
    return tag(
        "p",
        tag("label", "Filter", for_="filter"),
        tag("input", type="search", id="filter", autocomplete="off", placeholder="/"),
        class_="control filter",
    )


def _opening(reference: Reference, server: str, door: Door | None) -> Markup:
    return tag(
        "section",
        tag("p", prose(reference.description), class_="lead"),
        tag("dl", tag("dt", "Base URL"), tag("dd", tag("code", server)), class_="facts"),
        tag("details", tag("summary", "Signing in: a token, or email and key"), field_list(reference.schemes)),
        _caller(door) if door else None,
        class_="opening",
    )


def _caller(door: Door) -> Markup:
    """As whom the forms call."""
    return tag(
        "form",
        tag("h2", "Call as"),
        tag(
            "p",
            tag("label", "Account id", for_="account_id"),
            tag("input", type="text", id="account_id", value=door.account_id, spellcheck="false"),
            class_="control",
        ),
        tag(
            "p",
            tag("label", "Token", for_="token"),
            tag("input", type="text", id="token", value=door.token, spellcheck="false", autocomplete="off"),
            class_="control",
        ),
        tag(
            "p",
            tag("button", "Read and write", type="button", class_="quiet", data_token=door.token)
            if door.token
            else None,
            tag("button", "Read only", type="button", class_="quiet", data_token=door.read_token)
            if door.read_token
            else None,
        ),
        tag("p", "Nothing here costs money: the forms below call this sandbox.", class_="hint"),
        id="caller",
        data_base=door.base_url,
        autocomplete="off",
    )


def _sections(reference: Reference, server: str, door: Door | None) -> Markup:
    groups = groupby(sorted(reference.operations, key=_rank), key=lambda operation: operation.group)
    refusals = reference.refusals
    return join(
        (
            tag("div", id="operations", tabindex=-1),
            (
                (
                    tag("h2", tag("code", group), class_="group"),
                    (
                        operation_section(operation, server, refusals, with_form=door is not None)
                        for operation in operations
                    ),
                )
                for group, operations in groups
            ),
            tag("h2", "Refusals", class_="group", id="refusals"),
            (answer_details(answer, opened=False, anchor=refusal_anchor(answer)) for answer in refusals.values()),
        )
    )


def _rank(operation: Operation) -> tuple[int, str]:
    return operation.group.count("."), operation.group
