"""One operation as HTML: what it does, what it takes and gives, and how to call it."""

import json
from collections.abc import Mapping

from aig_billing_sandbox.http.reference.fields import field_list
from aig_billing_sandbox.http.reference.forms import try_it_form
from aig_billing_sandbox.http.reference.markup import Markup, join, prose, tag
from aig_billing_sandbox.http.reference.reading import Answer, Content, Field, Operation

_RETRIES = {
    "safe": "Only reads, so the client sends it again after connection errors, timeouts, 408, 429 and 5xx.",
    "idempotent": "Doing it twice does no more than once, so the client sends it again as it does reads.",
    "once": "The client sends it again only if it provably never left, or after a 429 in the API's envelope.",
    "charge": "Charges the card, so the client sends it again only if it provably never left.",
}


def operation_section(operation: Operation, server: str, refusals: Mapping[str, Answer], *, with_form: bool) -> Markup:
    """Write the section of one operation; answers that are among the common refusals are linked, not repeated."""
    title = f"{operation.anchor}-title"
    link = tag("a", "#", href=f"#{operation.anchor}", class_="anchor", aria_label=f"Link to {operation.summary}")
    return tag(
        "section",
        tag(
            "div",
            tag("h3", operation.summary, " ", link, id=title),
            tag("p", method_badge(operation.method), tag("code", _path(operation.path), class_="path"), class_="route"),
            _deprecation(operation),
            tag("p", prose(operation.description)),
            _facts(operation),
            _inputs(operation),
            tag("h4", "Answers"),
            _answers(operation, refusals),
            class_="told",
        ),
        tag("div", try_it_form(operation) if with_form else None, _ways_to_call(operation, server), class_="tried"),
        id=operation.anchor,
        class_="operation",
        aria_labelledby=title,
    )


def method_badge(method: str) -> Markup:
    """Write the method as a badge."""
    return tag("span", method, class_=f"method {method.lower()}")


def _path(path: str) -> Markup:
    """The path, which may break after each slash."""
    first, *rest = path.split("/")
    return join((first, ((Markup("/<wbr>"), part) for part in rest)))


def _deprecation(operation: Operation) -> Markup | None:
    if not operation.deprecated:
        return None
    return tag("p", tag("strong", "Deprecated."), " New programs should not call this.", class_="note")


def _facts(operation: Operation) -> Markup:
    facts = (
        ("In Python", tag("code", operation.call)),
        ("Permission", " or ".join(operation.permissions)),
        ("Sent again", _RETRIES.get(operation.retry, "")),
    )
    return tag("dl", ((tag("dt", name), tag("dd", said)) for name, said in facts if said), class_="facts")


def _inputs(operation: Operation) -> Markup:
    body = operation.body
    return join(
        (
            (tag("h4", "Parameters"), field_list(operation.parameters)) if operation.parameters else None,
            _body(body) if body else None,
        )
    )


def _body(body: Content) -> Markup:
    return join(
        (
            tag("h4", "Body ", tag("span", body.media_type, class_="type")),
            tag("p", prose(body.description)) if body.description else None,
            field_list(body.fields),
            _examples(body),
        )
    )


def _answers(operation: Operation, refusals: Mapping[str, Answer]) -> Markup:
    common = [answer for answer in operation.answers if refusals.get(answer.status) == answer]
    links = (
        (
            " ",
            tag(
                "a", answer.status, href=f"#{refusal_anchor(answer)}", title=answer.description, class_="status refused"
            ),
        )
        for answer in common
    )
    return join(
        (
            (answer_details(answer, opened=answer.is_success) for answer in operation.answers if answer not in common),
            tag("p", "Refused with", links, class_="refusals") if common else None,
        )
    )


def refusal_anchor(answer: Answer) -> str:
    """The id of a common refusal on the page."""
    return f"answer-{answer.status.lower()}"


def answer_details(answer: Answer, *, opened: bool, anchor: str | None = None) -> Markup:
    """Write what a status means and brings."""
    return tag(
        "details",
        tag(
            "summary",
            tag("span", answer.status, class_=f"status {'ok' if answer.is_success else 'refused'}"),
            " ",
            prose(answer.description),
        ),
        (_content(content) for content in answer.contents),
        (tag("h5", "Headers"), field_list(answer.headers)) if answer.headers else None,
        id=anchor,
        class_="answer",
        open=opened,
    )


def _content(content: Content) -> Markup:
    return join(
        (
            tag("p", tag("span", content.media_type, class_="type"), " ", prose(content.description)),
            # What the caller asked for before the envelope around it.
            field_list(sorted(content.fields, key=lambda field: field.name != "result")) if content.fields else None,
            _examples(content),
        )
    )


def _examples(content: Content) -> Markup:
    return join(
        tag("details", tag("summary", "Example: ", example.summary), code_block(as_text(example.value)))
        for example in content.examples
    )


def as_text(value: object) -> str:
    """An example as it would stand in a body."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def code_block(text: str) -> Markup:
    """Write text as a block of code that can be copied."""
    copy = tag("button", "Copy", type="button", class_="copy")
    return tag("div", copy, tag("pre", tag("code", text), tabindex=0), class_="code")


def _ways_to_call(operation: Operation, server: str) -> Markup:
    return join(
        (
            tag("h4", "curl"),
            code_block(_curl(operation, server)),
            tag("h4", "Python"),
            code_block(_python(operation)),
        )
    )


def _curl(operation: Operation, server: str) -> str:
    path = operation.path
    for field in operation.parameters:
        if field.place == "path":
            path = path.replace(f"{{{field.name}}}", f"${_variable(field)}")
    query = "&".join(f"{field.name}={field.example}" for field in operation.parameters if field.place == "query")
    method = "" if operation.method == "GET" else f" --request {operation.method}"
    lines = [
        f'curl{method} "{server}{path}{f"?{query}" if query else ""}"',
        '  --header "Authorization: Bearer $CLOUDFLARE_API_TOKEN"',
    ]
    if operation.body and operation.body.examples:
        lines.append(f"  --json '{json.dumps(operation.body.examples[0].value)}'")
    return " \\\n".join(lines)


def _variable(field: Field) -> str:
    return f"CLOUDFLARE_{field.name.upper()}"


def _python(operation: Operation) -> str:
    given: dict[str, object] = {
        field.name: field.example
        for field in operation.parameters
        if field.place == "query" and field.example is not None
    }
    if operation.body and operation.body.examples:
        given |= operation.body.examples[0].value
    arguments = ", ".join(f"{name}={value!r}" for name, value in given.items())
    return (
        f"from aig_billing import Client\n\nwith Client() as client:\n    print(client.{operation.call}({arguments}))"
    )
