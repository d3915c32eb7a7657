"""HTML pages from Jinja templates, which escape all text that they show. Nothing that answers a request may enter here."""

from functools import cache
from typing import TYPE_CHECKING, Any

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
