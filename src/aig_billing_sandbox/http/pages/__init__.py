"""HTML pages from Jinja templates, which escape all text that they show. Nothing that answers a request may enter here.

The HTTP reference is ours because no maintained package makes a page of an OpenAPI 3.1 document that needs no other server: those that
exist load their script from one, or bring megabytes of it. It knows of no single operation.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

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
    from markupsafe import Markup, escape

    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def render_page(document: JsonObject, *, back: str = "/", base_url: str = "", **credentials: str) -> bytes:
    """Writes the HTTP reference as one file with its style and its script inside, and a policy that lets it fetch nothing else.

    `back` is where it was linked from. With a `base_url`, each operation gets a form that calls the sandbox there, filled with the
    credentials that are given: `account_id`, `token`, `read_token`. Those of a sandbox are not secret.
    """
    style, script = _asset("reference.css"), _asset("reference.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}';"
        " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return render(
        "reference.html.jinja",
        spec=document,
        document=DocumentReader(document, base_url),
        back=back,
        base_url=base_url,
        policy=policy,
        style=style,
        script=script,
        **credentials,
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
