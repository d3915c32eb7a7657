"""The form beside an operation: one control for each parameter, the body as JSON, and a place for the answer."""

import json

from aig_billing_sandbox.http.reference.markup import Markup, join, prose, tag
from aig_billing_sandbox.http.reference.reading import Field, Operation


def try_it_form(operation: Operation) -> Markup:
    """Write the form that calls an operation from the page."""
    name = operation.anchor
    return tag(
        "form",
        tag("h4", "Try it on this sandbox", id=f"{name}-try"),
        (_control(field, name) for field in operation.parameters),
        _body(operation, name),
        tag(
            "p",
            tag("button", "Send", type="submit", class_="send"),
            tag("span", class_="state", role="status", aria_live="polite"),
        ),
        tag("div", class_="outcome", hidden=True),
        class_="try",
        method="post",
        aria_labelledby=f"{name}-try",
        data_method=operation.method,
        data_path=operation.path,
        novalidate=True,
    )


def _control(field: Field, name: str) -> Markup:
    identity = f"{name}-{field.name}"
    label = tag(
        "label",
        tag("code", field.name),
        None if field.required else tag("span", " optional", class_="type"),
        for_=identity,
    )
    given: dict[str, str | bool] = {
        "id": identity,
        "name": field.name,
        "data_place": field.place,
        "required": field.required,
    }
    if field.values:
        blank = None if field.required else tag("option", "(not sent)", value="")
        options = (tag("option", value, value=value) for value in field.values)
        return tag("p", label, tag("select", blank, options, **given), class_="control")
    if field.place == "path":
        # Filled in by the page, from what the sandbox says of itself.
        given["data_from"] = field.name
    hint = tag("span", prose(field.description), id=f"{identity}-hint", class_="hint")
    # Times in the document's examples lie in the past of most readers: they show the form, not a value to send.
    shown = "" if field.example is None else str(field.example)
    return tag(
        "p",
        label,
        tag("input", type="text", placeholder=shown, aria_describedby=f"{identity}-hint", **given),
        hint,
        class_="control",
    )


def _body(operation: Operation, name: str) -> Markup | None:
    body = operation.body
    if body is None:
        return None
    text = json.dumps(body.examples[0].value, indent=2) if body.examples else "{}"
    identity = f"{name}-body"
    return join(
        tag(
            "p",
            tag("label", "Body ", tag("span", body.media_type, class_="type"), for_=identity),
            tag(
                "textarea",
                text,
                id=identity,
                name="body",
                data_place="body",
                rows=text.count("\n") + 1,
                spellcheck="false",
            ),
            class_="control",
        )
    )
