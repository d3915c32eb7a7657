"""The whole page: one HTML file with its style and its script inside, and a policy that lets it fetch nothing else."""

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, cast

import attrs

from aig_billing_sandbox.http.reference.fields import Fields, JsonObject, NamedSchema
from aig_billing_sandbox.http.reference.markup import Markup, join, prose, tag

_METHODS = ("get", "post", "put", "patch", "delete")
_RETRIES = {
    "safe": "It only reads, so the client sends it again after connection errors, timeouts, 408, 429 and 5xx.",
    "idempotent": "Twice does no more than once, so the client sends it again as it does reads.",
    "once": "The client sends it again only if it provably never left, or after a 429 in the API's envelope.",
    "charge": "It charges the card, so the client sends it again only if it provably never left.",
}


@attrs.frozen
class FormCaller:
    """Where and as whom the forms call the sandbox. Tokens of a sandbox are not secret."""

    base_url: str
    account_id: str = ""
    token: str = ""
    read_token: str = ""


def render_page(document: JsonObject, caller: FormCaller | None = None, *, back: str = "/") -> bytes:
    """Writes the page; with a caller, each operation gets a form that calls the sandbox. `back` is where it was linked from."""
    return _Page(document, caller, back).render()


@cache
def content_policy() -> str:
    """The page's content security policy: its own style and script, calls to where it came from, nothing else."""
    hashes = [
        base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()
        for name in ("reference.css", "reference.js")
    ]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}';"
        " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _asset(name: str) -> str:
    return files("aig_billing_sandbox.http.reference").joinpath(name).read_text(encoding="utf-8")


class _Section:
    """One operation: what its section is made of."""

    def __init__(self, path: str, method: str, operation: JsonObject, parameters: list[NamedSchema]) -> None:
        self.operation = operation
        self.path = path
        self.method = method.upper()
        self.anchor = str(operation["operationId"]).replace(".", "-")
        self.summary = operation.get("summary", operation["operationId"])
        self.group = operation.get("x-fern-sdk-group-name", "")
        self.call = f"{self.group}.{operation.get('x-fern-sdk-method-name', '')}".strip(".")
        self.parameters = parameters


class _Page:
    def __init__(self, document: JsonObject, caller: FormCaller | None, back: str) -> None:
        self._document = document
        self._fields = Fields(document)
        self._caller = caller
        self._back = back
        self._server = caller.base_url if caller else document["servers"][0]["url"]
        self._sections = sorted(self._read_sections(), key=lambda section: (section.group.count("."), section.group))

    def _read_sections(self) -> Iterator[_Section]:
        for path, item in self._document["paths"].items():
            for method in _METHODS:
                if method in item:
                    entries = (*item.get("parameters", ()), *item[method].get("parameters", ()))
                    yield _Section(path, method, item[method], [self._fields.parameter(entry) for entry in entries])

    def render(self) -> bytes:
        info = self._document["info"]
        head = (
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=content_policy()),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", f"{info['title']}: HTTP reference"),
            tag("style", Markup(_asset("reference.css"))),
        )
        title = (
            tag("a", "← Back", href=self._back, class_="back"),
            tag("h1", info["title"]),
            tag("span", f"HTTP reference · API {info['version']}", class_="type"),
        )
        body = (
            tag("a", "Skip to the operations", href="#operations", class_="skip"),
            tag(
                "header",
                tag("div", title),
                tag("button", "Theme: auto", type="button", id="theme", class_="quiet"),
                class_="top",
            ),
            tag("div", self._contents(), tag("main", self._opening(), self._body()), class_="page"),
            tag("script", Markup(_asset("reference.js"))),
        )
        return b"<!doctype html>\n" + tag("html", tag("head", head), tag("body", body), lang="en").encode()

    def _contents(self) -> Markup:
        entries = (
            tag(
                "li",
                tag(
                    "a",
                    _method_badge(section.method),
                    tag("span", section.summary, class_="old" if section.operation.get("deprecated") else None),
                    href=f"#{section.anchor}",
                ),
            )
            for section in self._sections
        )
        filter_box = tag("input", type="search", id="filter", autocomplete="off", placeholder="/")
        return tag(
            "nav",
            tag(
                "details",
                tag("summary", f"{len(self._sections)} operations"),
                tag("p", tag("label", "Filter", for_="filter"), filter_box, class_="control filter"),
                tag("ul", entries),
                open=True,
            ),
            aria_label="Operations",
        )

    def _opening(self) -> Markup:
        schemes = self._document["components"]["securitySchemes"].values()
        signing_in = [
            NamedSchema(
                scheme.get("name", "Authorization"),
                {"type": "Bearer token" if scheme["type"] == "http" else "string"},
                required=False,
                beside={"description": scheme.get("description", "")},
            )
            for scheme in schemes
        ]
        return tag(
            "section",
            tag("p", prose(self._document["info"].get("description", "")), class_="lead"),
            tag("dl", tag("dt", "Base URL"), tag("dd", tag("code", self._server)), class_="facts"),
            tag("details", tag("summary", "Signing in: a token, or email and key"), self._fields.listing(signing_in)),
            _caller_form(self._caller) if self._caller else None,
            class_="opening",
        )

    def _body(self) -> Markup:
        errors = self._document["components"].get("responses", {})
        return join(
            (
                tag("div", id="operations", tabindex=-1),
                (
                    (tag("h2", tag("code", group), class_="group"), map(self._section, sections))
                    for group, sections in groupby(self._sections, key=lambda section: section.group)
                ),
                tag("h2", "Errors", class_="group", id="errors"),
                (self._answer(name, answer, opened=False, anchor=f"answer-{name}") for name, answer in errors.items()),
            )
        )

    def _section(self, section: _Section) -> Markup:
        title, operation = f"{section.anchor}-title", section.operation
        link = tag("a", "#", href=f"#{section.anchor}", class_="anchor", aria_label=f"Link to {section.summary}")
        first, *rest = section.path.split("/")
        path = join((first, ((Markup("/<wbr>"), part) for part in rest)))
        facts = (
            ("In Python", tag("code", section.call) if section.call else ""),
            ("Permission", " or ".join(operation.get("x-api-token-group", ()))),
            ("Sent again", _RETRIES.get(operation.get("x-retry", ""), "")),
        )
        deprecated = tag("p", tag("strong", "Deprecated."), " New programs should not call this.", class_="note")
        parameters = tag("h4", "Parameters"), self._fields.listing(section.parameters)
        media_type, body = self._request_body(operation)
        return tag(
            "section",
            tag(
                "div",
                tag("h3", section.summary, " ", link, id=title),
                tag("p", _method_badge(section.method), tag("code", path, class_="path"), class_="route"),
                deprecated if operation.get("deprecated") else None,
                tag("p", prose(operation.get("description", ""))),
                tag("dl", ((tag("dt", name), tag("dd", value)) for name, value in facts if value), class_="facts"),
                parameters if section.parameters else None,
                (tag("h4", "Body ", tag("span", media_type, class_="type")), self._content(body)) if body else None,
                tag("h4", "Answers"),
                self._answers(operation["responses"]),
                class_="described",
            ),
            tag("div", self._form(section, media_type, body), self._samples(section, body), class_="tried"),
            id=section.anchor,
            class_="operation",
            aria_labelledby=title,
        )

    def _request_body(self, operation: JsonObject) -> tuple[str, JsonObject]:
        body = self._fields.target(operation.get("requestBody", {}))
        for media_type, content in body.get("content", {}).items():
            described = {key: body[key] for key in ("description",) if key in body}
            return media_type, {**content, **described}
        return "", {}

    def _answers(self, responses: JsonObject) -> Markup:
        """Answers of this operation in full, and links to those that many operations share."""
        links: list[Any] = []
        own: list[Markup] = []
        for status, answer in sorted(responses.items(), key=lambda entry: str(entry[0])):
            if "$ref" in answer:
                name = answer["$ref"].rpartition("/")[2]
                title = self._fields.target(answer).get("description", "")
                links += [" ", tag("a", str(status), href=f"#answer-{name}", title=title, class_="status refused")]
            else:
                own.append(self._answer(str(status), answer, opened=str(status).startswith("2")))
        return join((own, tag("p", "Errors", links, class_="refusals") if links else None))

    def _answer(self, status: str, answer: JsonObject, *, opened: bool, anchor: str | None = None) -> Markup:
        answer = self._fields.target(answer)
        headers = [self._fields.parameter(header, name) for name, header in answer.get("headers", {}).items()]
        contents = (
            (tag("p", tag("span", media_type, class_="type")), self._content(content))
            for media_type, content in answer.get("content", {}).items()
        )
        return tag(
            "details",
            tag(
                "summary",
                tag("span", status, class_=f"status {'ok' if status.startswith('2') else 'refused'}"),
                " ",
                prose(answer.get("description", "")),
            ),
            contents,
            (tag("h5", "Headers"), self._fields.listing(headers)) if headers else None,
            id=anchor,
            class_="answer",
            open=opened,
        )

    def _content(self, content: JsonObject) -> Markup:
        """A body: the result before the envelope around it."""
        fields = sorted(self._fields.inside(content["schema"]), key=lambda field: field.name != "result")
        description = content.get("description", content["schema"].get("description", ""))
        return join(
            (
                tag("p", prose(description)) if description else None,
                self._fields.listing(fields) if fields else None,
                (
                    tag(
                        "details",
                        tag("summary", "Example: ", example.get("summary", name)),
                        _code_block(
                            example["value"]
                            if isinstance(example["value"], str)
                            else json.dumps(example["value"], indent=2, ensure_ascii=False)
                        ),
                    )
                    for name, example in content.get("examples", {}).items()
                ),
            )
        )

    # Trying an operation

    def _form(self, section: _Section, media_type: str, body: JsonObject) -> Markup | None:
        if self._caller is None:
            return None
        name = section.anchor
        text = json.dumps(_example_body(body), indent=2)
        area: dict[str, str | int] = {
            "id": f"{name}-body",
            "name": "body",
            "data_place": "body",
            "rows": text.count("\n") + 1,
            "spellcheck": "false",
        }
        label = tag("label", "Body ", tag("span", media_type, class_="type"), for_=f"{name}-body")
        return tag(
            "form",
            tag("h4", "Try it on this sandbox", id=f"{name}-try"),
            (self._control(field, name) for field in section.parameters),
            tag("p", label, tag("textarea", text, **area), class_="control") if body else None,
            tag(
                "p",
                tag("button", "Send", type="submit", class_="send"),
                tag("span", class_="state", role="status", aria_live="polite"),
            ),
            tag("div", class_="outcome", hidden=True),
            class_="try",
            method="post",
            aria_labelledby=f"{name}-try",
            data_method=section.method,
            data_path=section.path,
            data_call=section.call,
            novalidate=True,
        )

    def _control(self, field: NamedSchema, name: str) -> Markup:
        identity = f"{name}-{field.name}"
        optional = None if field.required else tag("span", " optional", class_="type")
        label = tag("label", tag("code", field.name), optional, for_=identity)
        control: dict[str, str | bool] = {
            "id": identity,
            "name": field.name,
            "data_place": field.place,
            "required": field.required,
        }
        if values := self._fields.enum(field):
            blank = None if field.required else tag("option", "(not sent)", value="")
            options = (tag("option", value, value=value) for value in values)
            return tag("p", label, tag("select", blank, options, **control), class_="control")
        # Times in the document's examples lie in the past of most readers: they show the form, not a value to send.
        example = str(field.beside.get("example", ""))
        hint = tag("span", prose(field.beside.get("description", "")), id=f"{identity}-hint", class_="hint")
        box = tag("input", type="text", placeholder=example, aria_describedby=f"{identity}-hint", **control)
        return tag("p", label, box, hint, class_="control")

    def _samples(self, section: _Section, body: JsonObject) -> Markup:
        """How to call it, with the document's examples; the script puts in what is typed into the form."""
        path = section.path
        query: dict[str, Any] = {}
        for field in section.parameters:
            if field.place == "path":
                path = path.replace(f"{{{field.name}}}", f"$CLOUDFLARE_{field.name.upper()}")
            elif field.place == "query" and "example" in field.beside:
                query[field.name] = field.beside["example"]
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        method = "" if section.method == "GET" else f" --request {section.method}"
        curl = [
            f'curl{method} "{self._server}{path}{f"?{asked}" if asked else ""}"',
            '  --header "Authorization: Bearer $CLOUDFLARE_API_TOKEN"',
            *([f"  --json '{json.dumps(_example_body(body))}'"] if body else []),
        ]
        example = _example_body(body)
        arguments = query | cast("dict[str, Any]", example) if isinstance(example, dict) else query
        call = f"{section.call}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"
        python = f"from aig_billing import Client\n\nwith Client() as client:\n    print(client.{call})"
        samples = ("curl", " \\\n".join(curl)), ("Python", python if section.call else "")
        return join((tag("h4", name), _code_block(text, class_=name.lower())) for name, text in samples if text)


def _example_body(body: JsonObject) -> Any:  # noqa: ANN401 - JSON
    for example in body.get("examples", {}).values():
        return example["value"]
    return {}


def _method_badge(method: str) -> Markup:
    return tag("span", method, class_=f"method {method.lower()}")


def _code_block(text: str, class_: str = "") -> Markup:
    copy = tag("button", "Copy", type="button", class_="copy")
    return tag("div", copy, tag("pre", tag("code", text), tabindex=0), class_=f"code {class_}".strip())


def _caller_form(caller: FormCaller) -> Markup:
    def control(label: str, name: str, value: str) -> Markup:
        box = tag("input", type="text", id=name, value=value, spellcheck="false", autocomplete="off")
        return tag("p", tag("label", label, for_=name), box, class_="control")

    buttons = (("Read and write", caller.token), ("Read only", caller.read_token))
    return tag(
        "form",
        tag("h2", "Call as"),
        control("Account id", "account_id", caller.account_id),
        control("Token", "token", caller.token),
        tag(
            "p",
            (tag("button", text, type="button", class_="quiet", data_token=token) for text, token in buttons if token),
        ),
        tag("p", "Nothing here costs money: the forms below call this sandbox.", class_="hint"),
        id="caller",
        data_base=caller.base_url,
        autocomplete="off",
    )
