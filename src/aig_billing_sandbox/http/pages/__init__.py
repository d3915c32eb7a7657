"""HTML pages from Jinja templates, which escape all text that they show. Nothing that answers a request may enter here.

The HTTP reference is ours because no maintained package makes a page of an OpenAPI 3.1 document that needs no other server: those that
exist load their script from one, or bring megabytes of it. It knows of no single operation.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import attrs

from aig_billing_sandbox.http.pages.document_reader import DocumentReader, JsonObject

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@cache
def _environment() -> "Environment":
    # On the first visit: a test that starts a sandbox does not wait for pages that it never opens.
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("aig_billing_sandbox.http", "pages")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["prose"] = _prose  # pyright: ignore[reportUnknownMemberType]  # Jinja leaves its type open
    return environment


def render(template: str, **values: Any) -> bytes:  # noqa: ANN401 - what the template shows
    """Fills a template of this folder."""
    return _environment().get_template(template).render(values).encode()


def _prose(text: str) -> "Markup":
    """A description: text between backticks is code."""
    from markupsafe import Markup

    parts = text.split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(part) if index % 2 else part for index, part in enumerate(parts)
    )


@attrs.frozen
class FormCaller:
    """Where and as whom the forms call the sandbox. Tokens of a sandbox are not secret."""

    base_url: str
    account_id: str = ""
    token: str = ""
    read_token: str = ""


def render_page(document: JsonObject, caller: FormCaller | None = None, *, back: str = "/") -> bytes:
    """Writes the HTTP reference as one file with its style and its script inside, and a policy that lets it fetch nothing else.

    With a caller, each operation gets a form that calls the sandbox. `back` is where it was linked from.
    """
    style, script = _asset("reference.css"), _asset("reference.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}';"
        " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return render(
        "reference.html.jinja",
        document=DocumentReader(document, caller.base_url if caller else None),
        form_caller=caller,
        back=back,
        policy=policy,
        style=style,
        script=script,
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
