"""What openapi-python-client's parser made of the document, as the templates print it; and what the parser drops, looked up beside it.

Types, names, requiredness and defaults are read from its own objects. The document is asked for the rest alone: units, limits,
deprecations, secrets, permissions, servers, security; by the JSON pointer that `codegen.prepare` gave to each schema.
"""

# pyright: reportPrivateImportUsage=false
# The generator exports its property classes without declaring it.

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define, field, frozen
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import (
    AnyProperty,
    BooleanProperty,
    ConstProperty,
    DateProperty,
    DateTimeProperty,
    EnumProperty,
    FileProperty,
    FloatProperty,
    IntProperty,
    ListProperty,
    LiteralEnumProperty,
    ModelProperty,
    NoneProperty,
    StringProperty,
    UnionProperty,
    UuidProperty,
)
from openapi_python_client.parser.responses import BYTES_SOURCE, JSON_SOURCE, TEXT_SOURCE, Response
from openapi_python_client.strings import PythonIdentifier

from codegen.errors import BuildError
from codegen.names import (
    CLIENT_MEMBERS,
    MODEL_MEMBERS,
    calls_of,
    name_in_python,
    resource_class,
)
from codegen.paths import node_at, resolve_pointer, to_jsonpath
from codegen.prepare import PLACE
from codegen.schemas import LIMITS, Way, all_in, below
from codegen.views import (
    UNITS_IN_WORDS,
    AnswerView,
    ArgumentView,
    FieldView,
    ModelView,
    OperationView,
    ResourceView,
    Type,
    Views,
    in_code,
)

Node = Mapping[str, Any]
_SCALARS: Mapping[type[Any], str] = {
    StringProperty: "str",
    FloatProperty: "float",
    IntProperty: "int",
    BooleanProperty: "bool",
    DateTimeProperty: "dt.datetime",
    DateProperty: "dt.date",
    UuidProperty: "UUID",
    FileProperty: "bytes",
    AnyProperty: "object",
}
_CHECKS = {"str": "text", "float": "number", "int": "integer", "bool": "flag"}
_TWINS = {
    "cents": "money_of",
    "dollars": "money_of",
    "unix-s": "datetime_of",
    "unix-ms": "datetime_of",
    "unix-auto": "datetime_of",
}
_ENVELOPE = frozenset({"success", "errors", "messages", "result", "result_info"})
_CREDENTIALS = {
    frozenset[str](): "",
    frozenset({"authorization"}): "token",
    frozenset({"x-auth-email", "x-auth-key"}): "email and key",
}
"""The kinds of credentials that a client can have, by the headers that they are sent in."""
_SEPARATORS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


@frozen
class Facts:
    """What the document says of one value, wherever it says it: beside a reference, behind it, in a list, in a union with null."""

    nodes: tuple[Node, ...]
    """The schemas that describe the value or what is in it, the nearest first."""
    own: tuple[Node, ...]
    """Those of them that are about the value itself."""
    roots: tuple[Node, ...]
    """Those of them that stand where the value does."""

    def first(self, keyword: str) -> Any:  # noqa: ANN401 - JSON
        """What the nearest of them says."""
        return next((node[keyword] for node in (*self.own, *self.nodes) if keyword in node), None)

    def of_itself(self, keyword: str) -> Any:  # noqa: ANN401 - JSON
        """What is said of the value itself, and not of what is in it."""
        return next((node[keyword] for node in self.own if keyword in node), None)

    @property
    def unit(self) -> str | None:
        """What its numbers count."""
        unit: str | None = self.first("x-unit")
        return unit

    @property
    def secret(self) -> bool:
        """Whether it may not be shown."""
        return any(node.get("format") == "password" for node in self.nodes)

    @property
    def deprecated(self) -> bool:
        """Whether it should not be used any more: said of the value itself, or of what it refers to."""
        return bool(self.of_itself("deprecated"))

    @property
    def default(self) -> Any:  # noqa: ANN401 - JSON
        """What the service takes where the value is left out."""
        return self.of_itself("default") if self.of_itself("x-default") is None else self.of_itself("x-default")

    def text(self) -> str:
        """Its meaning, its unit if that is not said, and what else a person has to know."""
        said = [one_line(self.first("description"))]
        words = UNITS_IN_WORDS.get(self.unit or "", "")
        if words and words.split(" ")[-1] not in said[0]:
            unsure = ", unconfirmed" if self.first("x-unit-confidence") else ""
            said.append(f"In {words}{unsure}.")
        if self.deprecated and "deprecated" not in said[0].lower():
            said.append("Deprecated.")
        if self.default is not None:
            said.append(f"Default: {self.default!r}.")
        return " ".join(part for part in said if part)


@define
class ViewReader:
    """One reading of the parser's result."""

    document: Node
    """The prepared document."""
    data: GeneratorData
    spec: Path
    models: dict[str, ModelProperty] = field(init=False)
    used: set[str] = field(init=False, factory=set)
    """The names of the models that calls take or return."""

    def __attrs_post_init__(self) -> None:
        self.models = {model.class_info.name: model for model in self.data.models}

    def views(self) -> Views:
        """Make all views. The parser's data are left with the models that are used, and with endpoints named after their calls.

        Raises:
            BuildError: When the document says something that cannot be expressed.
        """
        endpoints = [one for group in self.data.endpoint_collections_by_tag.values() for one in group.endpoints]
        read = [(endpoint, *self._operation_node(endpoint)) for endpoint in endpoints]
        calls = calls_of((node, str(endpoint.tags[0]), str(endpoint.name)) for endpoint, _, node in read)
        operations = [self._operation(*one, *call) for one, call in zip(read, calls, strict=True)]
        resources = self._resources(operations)
        models: dict[str, ModelView] = {}
        while waiting := self.used - models.keys():
            models |= {name: self._model(self.models[name]) for name in waiting}
        self.data.models[:] = [model for name, model in self.models.items() if name in models]
        self.data.enums.clear()  # their values stand where they are used
        servers = self.document.get("servers") or [{"url": ""}]
        return Views(
            operations=tuple(operations),
            models=tuple(models[name] for name in self.models if name in models),
            resources=resources,
            server=servers[0]["url"],
            title=one_line(self.document["info"]["title"]),
        )

    # The document, looked up

    def _operation_node(self, endpoint: Endpoint) -> tuple[str, Node]:
        path = endpoint.path.get_untrusted_value()
        for parameter in endpoint.path_parameters:
            path = path.replace(f"{{{parameter.python_name}}}", f"{{{parameter.name.get_untrusted_value()}}}")
        item = self.document["paths"][path]
        own = item[endpoint.method]
        parameters = {(one["in"], one["name"]): one for at in (item, own) for one in at.get("parameters", ())}
        node = {"servers": item.get("servers"), **own, "path": path, "parameters": parameters}
        return to_jsonpath(("paths", path, endpoint.method)), node

    def _node(self, pointer: str) -> Node:
        found: Node = node_at(self.document, resolve_pointer(self.document, pointer) or ())
        return found

    def facts(self, *nodes: Node) -> Facts:
        """Gather what the document says of a value."""
        return Facts(tuple(self._spread(nodes, inside=True)), tuple(self._spread(nodes)), nodes)

    def _spread(self, nodes: Sequence[Node], seen: tuple[int, ...] = (), *, inside: bool = False) -> Iterator[Node]:
        """Follow references and options; and, where asked for, what is in a list or a map."""
        for node in nodes:
            if id(node) in seen or not isinstance(node, Mapping):
                continue
            yield node
            inner = [self._node(node["$ref"])] if "$ref" in node else []
            inner += node.get("allOf", []) if len(node.get("allOf", [])) == 1 else []
            options = [
                one for keyword in ("oneOf", "anyOf") for one in node.get(keyword, []) if one.get("type") != "null"
            ]
            inner += options if inside or len(options) == 1 else []
            is_map = not {"properties", "allOf"} & node.keys()
            for keyword in ("items", "additionalProperties") if is_map else ("items",):
                inner += [node[keyword]] if inside and keyword in node else []
            yield from self._spread(inner, (*seen, id(node)), inside=inside)

    def _properties(self, node: Node) -> dict[str, list[Node]]:
        """Give the schemas of each property of an object, through references and `allOf`; what is said later comes first."""
        found: dict[str, list[Node]] = {}
        for part in all_in(self.document, node, itself=True):
            for name, inner in part.get("properties", {}).items():
                found.setdefault(name, []).append(inner)
        return found

    # Types

    def type_of(self, prop: Any, facts: Facts, *, sent: bool) -> Type:  # noqa: ANN401 - any of the parser's properties
        """Give the Python type of a value that is sent, or that is a part of an answer."""
        if isinstance(prop, UnionProperty):
            return Type.either([self.type_of(inner, facts, sent=sent) for inner in prop.inner_properties])
        if isinstance(prop, NoneProperty):
            return Type(nullable=True)
        if isinstance(prop, ListProperty):
            return Type((f"list[{self.type_of(prop.inner_property, facts, sent=sent)}]",))
        if isinstance(prop, ModelProperty):
            return self._object(prop, facts, sent=sent)
        if isinstance(prop, (LiteralEnumProperty, EnumProperty)):
            values = set(prop.values if isinstance(prop, LiteralEnumProperty) else prop.values.values())
            stated = [word for node in facts.nodes for word in node.get("enum", ()) if word in values]
            words = ", ".join(map(repr, dict.fromkeys([*stated, *sorted(values)])))
            return Type((f"Literal[{words}]", *([] if sent else [prop.value_type.__name__])))
        if isinstance(prop, ConstProperty):
            if not isinstance(prop.value.raw_value, float):
                return Type((f"Literal[{prop.value.raw_value!r}]",))
            place = self._place(facts.roots[-1]) if facts.roots else ""
            reason = "a constant with a fraction is known of a property and of an argument alone"
            raise BuildError(self.spec, place, reason, "write it as a number with a minimum and a maximum")
        return Type((_SCALARS[type(prop)],))

    def _described(self, prop: ModelProperty) -> dict[str, Any]:
        """Give the parser's properties of an object by name."""
        model = self.models[str(prop.class_info.name)]
        both = [*(model.required_properties or []), *(model.optional_properties or [])]
        return {one.name.get_untrusted_value(): one for one in both}

    def _object(self, prop: ModelProperty, facts: Facts, *, sent: bool) -> Type:
        model = self.models[str(prop.class_info.name)]
        if model.additional_properties is not None and not self._described(model):
            node = self._node(self._pointer(model))
            values = node.get("additionalProperties")
            inner = self.facts(values) if isinstance(values, dict) else facts
            return Type((f"dict[str, {self.type_of(model.additional_properties, inner, sent=sent)}]",))
        self.used.add(model.class_info.name)
        return Type((str(model.class_info.name),))

    # Models

    def _model(self, model: ModelProperty) -> ModelView:
        node = self._node(self._pointer(model))
        place = self._place(node)
        nodes = self._properties(node)
        properties = self._described(model)
        required = {name for one in all_in(self.document, node, itself=True) for name in one.get("required", ())}
        if missing := sorted(required - properties.keys()):
            reason = f"{missing[0]!r} is required and not described"
            raise BuildError(self.spec, place, reason, "describe it, or correct its name")
        fields = [self._field(name, prop, self.facts(*nodes.get(name, []))) for name, prop in properties.items()]
        twins = {view.twin_name for view in fields if view.twin}
        for view in fields:
            if view.attribute in twins:
                reason = f"the property {view.name!r} has the name of what says another one in money or as a date"
                raise BuildError(self.spec, place, reason, "rename it in an overlay, or drop the unit of the other")
        extra, discriminator = None, None
        if model.additional_properties is not None:
            values = node.get("additionalProperties")
            inner = self.facts(values) if isinstance(values, dict) else self.facts()
            extra, discriminator = (
                self.type_of(model.additional_properties, inner, sent=False),
                self._discriminator(inner),
            )
            if inner.secret:
                reason = "properties of any name cannot be hidden beside others"
                raise BuildError(
                    self.spec, f"{place}.additionalProperties", reason, "make them a property that is a map"
                )
        return ModelView(
            name=str(model.class_info.name),
            module=str(model.class_info.module_name),
            description=" ".join(
                filter(None, [one_line(node.get("description")), "Deprecated." * bool(node.get("deprecated"))])
            ),
            fields=tuple(sorted(fields, key=lambda view: "default=" in view.options)),
            extra=extra,
            extra_options=_keywords({"discriminator": discriminator}) if discriminator else "",
        )

    def _field(self, name: str, prop: Any, facts: Facts) -> FieldView:  # noqa: ANN401 - any of the parser's properties
        constant = _fraction(prop)
        type_ = Type(("float",)) if constant else self.type_of(prop, facts, sent=False)
        attribute = name_in_python(str(prop.python_name), MODEL_MEMBERS | {"dt", "prop", "money_of", "datetime_of"})
        options: dict[str, object] = {}
        if attribute != name:
            options["name"] = name
        if not prop.required:
            options["default"] = None
            if type_.nullable:
                options["nullable"] = True
        if facts.unit in _TWINS:
            options["unit"] = facts.unit
        if facts.secret:
            options["secret"] = True
        if facts.deprecated:
            options["deprecated"] = facts.text()
        if constant:
            options["constant"] = constant
        if discriminator := self._discriminator(facts):
            options["discriminator"] = discriminator
        numeric = set(type_.options) <= {"int", "float"} and bool(type_.options)
        return FieldView(
            name=name,
            attribute=attribute,
            type=type_ if prop.required else type_.or_none(),
            options=_keywords(options),
            text=facts.text() or f"`{name}`, of which the document says nothing.",
            twin=_TWINS.get(facts.unit or "", "") if numeric else "",
        )

    def _discriminator(self, facts: Facts) -> tuple[str, dict[str, str]] | None:
        node = next(
            (node for node in facts.nodes if "discriminator" in node and ("oneOf" in node or "anyOf" in node)), None
        )
        if node is None:
            return None
        classes = {self._pointer(model): str(model.class_info.name) for model in self.models.values()}
        options = [option["$ref"] for option in node.get("oneOf", node.get("anyOf", [])) if "$ref" in option]
        stated = node["discriminator"].get("mapping", {})
        targets = {value: ref if "/" in ref else f"#/components/schemas/{ref}" for value, ref in stated.items()}
        for ref in options:
            if ref not in targets.values():
                targets[ref.rpartition("/")[2]] = ref
        return node["discriminator"]["propertyName"], {value: classes[ref] for value, ref in targets.items()}

    def _pointer(self, model: ModelProperty) -> str:
        extra: Mapping[str, Any] = model.data.model_extra or {}
        pointer: str = extra[PLACE]
        return pointer

    # Operations

    def _operation(
        self, endpoint: Endpoint, place: str, node: Node, group: tuple[str, ...], name: str
    ) -> OperationView:
        endpoint.name = PythonIdentifier("_".join((*group, name)).removeprefix(f"{endpoint.tags[0]}_"), "field_")
        arguments, body = self._arguments(endpoint, place, node)
        said = one_line(node.get("description"))
        deprecated = (said[max(said.find("Deprecated"), 0) :] or "Deprecated.") if node.get("deprecated") else ""
        optional = bool(endpoint.bodies) and not endpoint.bodies[0].prop.required and not body
        fields = self._fields_of(endpoint.bodies[0].prop) if optional else {}
        return OperationView(
            method=endpoint.method.upper(),
            path=node["path"],
            endpoint=endpoint,
            node=node,
            group=group,
            name=name,
            summary=one_line(node.get("summary")).rstrip(".") or f"Call {endpoint.method.upper()} {node['path']}",
            description=said,
            retry=node.get("x-retry", "once"),
            deprecated=deprecated,
            credentials=self._credentials(place, node),
            arguments=tuple(arguments),
            body=body,
            body_required=tuple(name for name, one in fields.items() if one.required) if optional else None,
            answers=tuple(self._answers(endpoint, node)),
        )

    def _credentials(self, place: str, node: Node) -> tuple[str, ...] | None:
        """Give the kinds of credentials that an operation takes, none for `security: []`; None where any is taken, or nothing is said."""
        place, stated = (place, node["security"]) if "security" in node else ("$", self.document.get("security"))
        if stated is None:
            return None
        kinds: list[str] = []
        schemes = self.document.get("components", {}).get("securitySchemes", {})
        for requirement in stated:
            kind = _CREDENTIALS.get(frozenset(_header_of(schemes.get(name, {})) for name in requirement))
            if kind is None:
                reason = f"the client has no credentials of the kind {' with '.join(requirement)}"
                raise BuildError(self.spec, f"{place}.security", reason, "describe them, or leave that requirement out")
            kinds.append(kind)
        return None if {*_CREDENTIALS.values()} - {""} <= {*kinds} else tuple(dict.fromkeys(kinds))

    def _arguments(self, endpoint: Endpoint, place: str, node: Node) -> tuple[list[ArgumentView], ArgumentView | None]:
        """Give all arguments, and the one among them that is the body, if one is."""
        views: list[ArgumentView] = []
        body = None
        for location, prop in endpoint.iter_all_parameters():
            parameter = node["parameters"][location.value, prop.name.get_untrusted_value()]
            about = {key: parameter[key] for key in ("description", "deprecated") if key in parameter}
            facts = self.facts(about, parameter["schema"])
            where = f"{place}.parameters[?@.name == {parameter['name']!r}]"
            views.append(self._argument(prop, location.value, facts, where, style=_style(parameter)))
        if endpoint.bodies:
            prop, request, where = endpoint.bodies[0].prop, node["requestBody"], f"{place}.requestBody"
            schema = next(iter(request["content"].values()))["schema"]
            nodes, taken = self._properties(schema), frozenset(view.argument for view in views) | {"client"}
            for name, inner in self._fields_of(prop).items():
                facts, optional = self.facts(*nodes[name]), not prop.required
                views.append(self._argument(inner, "body", facts, f"{where}.{name}", taken=taken, optional=optional))
            if not self._fields_of(prop):
                about = {"description": request["description"]} if request.get("description") else {}
                body = self._argument(prop, "body", self.facts(about, schema), where, taken=taken, whole=True)
                views.append(body)
        # Python takes letters that look alike for one another: the ligature of fi is fi.
        names = [unicodedata.normalize("NFKC", view.argument) for view in views]
        if again := next((one for one in names if names.count(one) > 1), None):
            raise BuildError(self.spec, place, f"two names would both become {again!r}", "rename one of them")
        return views, body

    def _fields_of(self, body: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the parser's properties
        """Give the fields of a body that are an argument each; none where the body is one argument."""
        if not isinstance(body, ModelProperty):
            return {}
        closed = self._node(self._pointer(body)).get("additionalProperties", False) is False
        return self._described(body) if closed else {}

    def _argument(
        self,
        prop: Any,  # noqa: ANN401 - any of the parser's properties
        location: str,
        facts: Facts,
        place: str,
        *,
        style: str = "",
        taken: frozenset[str] = frozenset(),
        optional: bool = False,
        whole: bool = False,
    ) -> ArgumentView:
        name = prop.name.get_untrusted_value()
        constant = _fraction(prop)
        type_ = Type(("float",)) if constant else self.type_of(prop, facts, sent=True)
        argument = name_in_python(str(prop.python_name), {"dt"})
        argument = f"{argument}_body" if argument in taken else argument
        required = prop.required and not optional
        default = "UNSET" if location == "body" and type_.nullable and not required else "None"
        text = facts.text() or f"`{name}`, of which the document says nothing."
        if facts.default is not None and location in {"query", "header"} and _is_shown(prop.default, type_):
            default = repr(facts.default)
        plain = set(type_.options) <= {"str", "int", "bool", "UUID", "dt.date"} or "Literal" in str(type_)
        if location == "path" and not plain:
            raise BuildError(self.spec, place, f"{type_} cannot stand in a path", "describe it as a string")
        choice = Type((f"Literal[{constant!r}]",)) if constant else type_
        check = self._check(argument, choice, facts, place)
        if facts.unit == "unix-ms" and set(type_.options) <= {"int", "float"}:
            type_ = Type(("dt.datetime", "float"), nullable=type_.nullable)
        return ArgumentView(
            name="" if whole else name,
            argument=argument,
            location=location,
            type=type_,
            check=check,
            text=text,
            required=required,
            default=default,
            unit=facts.unit,
            deprecated=facts.deprecated,
            style=style,
        )

    def _check(self, argument: str, type_: Type, facts: Facts, place: str) -> str:
        """Write the code that checks an argument."""
        limits = self._limits(facts.roots, place)
        given, only, scalar = f"{argument!r}, {argument}", type_.only, limits.get((), {})
        secret = ", secret=True" if facts.secret else ""
        if facts.unit == "unix-ms" and only in {"int", "float"}:
            code = f"_check.unix_ms({given})"
        elif only in {"int", "float"} and not secret:
            own: dict[str, object] = {name: scalar.pop(name) for name in ("minimum", "maximum") if name in scalar}
            unit: dict[str, object] = {"unit": "cents"} if facts.unit == "cents" else {}
            code = f"_check.{_CHECKS[only]}({', '.join(filter(None, [given, _keywords(own | unit)]))})"
        elif only in {"str", "bool"}:
            code = f"_check.{_CHECKS[only]}({given})"
        elif only.startswith("Literal["):
            code = f"_check.choice({given}, ({only[8:-1]},){secret})"
        else:
            discriminator = f", {in_code(found)}" if (found := self._discriminator(facts)) else ""
            code = f"_check.value({given}, {Type(type_.options)}{discriminator}{secret})"
        limits = {at: one for at, one in limits.items() if one.keys() - {"secret"}}
        return f"_check.within({argument!r}, {code}, {limits!r})" if limits else code

    def _limits(self, nodes: Sequence[Node], place: str) -> dict[Way, dict[str, Any]]:
        """Gather the limits of a value and of all that is in it, by the way to each (see `aig_billing_runtime.arguments.Way`)."""
        found: dict[Way, dict[str, Any]] = {}
        waiting: list[tuple[Node, Way, tuple[int, ...]]] = [(node, (), ()) for node in nodes]
        while waiting:
            node, way, above = waiting.pop(0)
            if id(node) in above:
                if any(limit in inner for inner in all_in(self.document, node) for limit in LIMITS):
                    reason = "limits in a schema that contains itself would be checked at the first level only"
                    raise BuildError(self.spec, place, reason, "take the limits out")
                continue
            limits = {LIMITS[key]: limit for key, limit in node.items() if key in LIMITS}
            there = found.setdefault(way, {})
            if node.get("format") == "password":
                there["secret"] = True
            if any(there.get(name, limit) != limit for name, limit in limits.items()):
                reason = f"two limits for one place ({_shown_way(way)}) cannot be distinguished"
                raise BuildError(self.spec, place, reason, "keep one of them")
            there |= limits
            waiting += [(one, (*way, *step), (*above, id(node))) for one, step in below(self.document, node)]
        return found

    def _answers(self, endpoint: Endpoint, node: Node) -> Iterator[AnswerView]:
        responses = endpoint.responses
        found = [one for one in responses.patterns if one.status_code.pattern.startswith("2")]
        for response in found or ([responses.default] if responses.default else []):
            content = node["responses"][response.status_code.pattern].get("content", {})
            yield self._answer(response, next(iter(content.items()), ("", {})), only=len(found) <= 1)

    def _answer(self, response: Response, content: tuple[str, Node], *, only: bool) -> AnswerView:
        media_type, media = content
        statuses = response.status_code.range or (200, 299)
        if response.source == JSON_SOURCE:
            envelope = self._envelope(response.prop, media["schema"])
            required, prop, declared = envelope or (None, response.prop, {})
            nodes = [media["schema"]] if envelope is None else self._properties(media["schema"]).get("result", [])
            facts = self.facts(*nodes)
            type_ = Type(nullable=True) if prop is None else self.type_of(prop, facts, sent=False)
            if prop is not None and not prop.required:
                type_ = type_.or_none()
            discriminator = self._discriminator(facts)
            return AnswerView(statuses, media_type, type_, required, declared, discriminator, only=only)
        kinds = [(TEXT_SOURCE, Type(("str",))), (BYTES_SOURCE, Type(("bytes",)))]
        type_ = next((type_ for source, type_ in kinds if source == response.source), Type(nullable=True))
        return AnswerView(statuses, media_type, type_, None, only=only)

    def _envelope(self, prop: Any, schema: Node) -> tuple[tuple[str, ...], Any, dict[str, Type]] | None:  # noqa: ANN401 - any of the parser's properties
        """Give what Cloudflare's envelope requires, the result in it, and what it declares of the rest; None for any other answer."""
        if not isinstance(prop, ModelProperty):
            return None
        found = self._described(prop)
        success = found.get("success")
        says_success = isinstance(success, BooleanProperty) or (
            isinstance(success, ConstProperty) and success.value.raw_value is True
        )
        if not says_success or not found.keys() & {"result", "errors"}:
            return None
        place, nodes = self._place(self._node(self._pointer(prop))), self._properties(schema)
        if others := sorted(found.keys() - _ENVELOPE):
            reason = f"{others[0]} beside the API's envelope would be lost"
            raise BuildError(self.spec, place, reason, "move it into the result, or remove it in an overlay")
        declared = {
            name: self.type_of(one, self.facts(*nodes[name]), sent=False)
            for name, one in found.items()
            if name not in {"success", "result"} and not self._is_usual(one)
        }
        return tuple(name for name, one in found.items() if one.required), found.get("result"), declared

    def _is_usual(self, prop: Any) -> bool:  # noqa: ANN401 - any of the parser's properties
        """Say whether errors or messages are what the API's envelope has: a list of objects with a code and a text."""
        entry = prop.inner_property if isinstance(prop, ListProperty) else None
        if not isinstance(entry, ModelProperty):
            return False
        parts = {name: one for name, one in self._described(entry).items() if one.required}
        numeric = isinstance(parts.get("code"), (IntProperty, FloatProperty))
        return parts.keys() == {"code", "message"} and numeric and isinstance(parts["message"], StringProperty)

    # The tree

    def _resources(self, operations: list[OperationView]) -> tuple[ResourceView, ...]:
        groups = sorted({one.group[:depth] for one in operations for depth in range(1, len(one.group) + 1)})
        names, gains = [".".join(group) for group in groups], self.document.get("x-resources", {})
        self._refuse_doubles(operations, names)
        for name in sorted(gains.keys() - names):
            reason = f"no operation lies in the group {name}"
            raise BuildError(self.spec, to_jsonpath(("x-resources", name)), reason, f"known are {', '.join(names)}")
        made: dict[tuple[str, ...], ResourceView] = {}
        for group in reversed(groups):  # those below a group stand behind it
            made[group] = ResourceView(
                group=group,
                name=resource_class(".".join(group)),
                operations=tuple(operation for operation in operations if operation.group == group),
                children=tuple(made[child] for child in groups if child[:-1] == group),
                mixin=gains.get(".".join(group), {}).get("x-python-mixin", ""),
            )
        return tuple(made[group] for group in groups)

    def _refuse_doubles(self, operations: list[OperationView], groups: list[str]) -> None:
        classes: dict[str, str] = {}
        for group in groups:
            other = classes.setdefault(resource_class(group), group)
            if other != group:
                reason = f"{other} and {group} both make the class {resource_class(group)}"
                raise BuildError(self.spec, "$.paths", reason, "rename one of the two groups")
            if group in CLIENT_MEMBERS:
                raise BuildError(self.spec, "$.paths", f"a client has a {group} of another kind", "rename the group")
        seen = dict.fromkeys(groups, "a group of the same name")
        for operation in operations:
            place = to_jsonpath(("paths", operation.path, operation.method.lower()))
            if operation.call in seen or operation.name == "with_raw_response":
                reason = f"{operation.call} is the name of {seen.get(operation.call, 'something else')} already"
                hint = "name it by x-fern-sdk-group-name and x-fern-sdk-method-name"
                raise BuildError(self.spec, place, reason, hint)
            seen[operation.call] = place

    def _place(self, node: Node) -> str:
        return to_jsonpath(resolve_pointer(self.document, node.get(PLACE, "#")) or ())


def one_line(text: object) -> str:
    """Give a text on one line."""
    return " ".join(str(text or "").split())


def _is_shown(default: Any, type_: Type) -> bool:  # noqa: ANN401 - the parser's Value
    """Say whether a default can stand in a signature: that of a date is given in words alone."""
    known = {"str", "int", "float", "bool"}
    return default is not None and all(one in known or one.startswith("Literal[") for one in type_.options)


def _keywords(options: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in options.items())


def _style(parameter: Node) -> str:
    style = parameter.get("style", "form")
    if style == "deepObject":
        return "deepObject"
    explode = parameter.get("explode", style == "form")
    return "" if explode or parameter.get("in") != "query" else _SEPARATORS[style]


def _header_of(scheme: Node) -> str:
    if scheme.get("type") == "http" and scheme.get("scheme", "").lower() == "bearer":
        return "authorization"
    return str(scheme["name"]).lower() if scheme.get("type") == "apiKey" and scheme["in"] == "header" else "another"


def _shown_way(way: Way) -> str:
    steps = ("[]" if step is None else f".{step}" if isinstance(step, str) else ".*" for step in way)
    return "".join(steps).removeprefix(".") or "the value itself"


def _fraction(prop: Any) -> float | None:  # noqa: ANN401 - any of the parser's properties
    """Give the value of a constant with a fraction, which a type cannot name."""
    value = prop.value.raw_value if isinstance(prop, ConstProperty) else None
    return value if isinstance(value, float) else None
