"""The whole page: one HTML file with its style and its script inside, and a policy that lets it fetch nothing else."""

import base64
import hashlib
from importlib.resources import files

import attrs

from aig_billing_sandbox.http.pages import render
from aig_billing_sandbox.http.reference.document_reader import DocumentReader, JsonObject


@attrs.frozen
class FormCaller:
    """Where and as whom the forms call the sandbox. Tokens of a sandbox are not secret."""

    base_url: str
    account_id: str = ""
    token: str = ""
    read_token: str = ""


def render_page(document: JsonObject, caller: FormCaller | None = None, *, back: str = "/") -> bytes:
    """Writes the page; with a caller, each operation gets a form that calls the sandbox. `back` is where it was linked from."""
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
    return files("aig_billing_sandbox.http.pages").joinpath(name).read_text(encoding="utf-8")
