"""What openapi-python-client's parser made of the document, as the templates print it; and what the parser drops, looked up beside it.

Types, names, requiredness and defaults are read from its own objects. The document is asked for the rest alone: units, limits,
deprecations, secrets, permissions, servers, security; by the JSON pointer that `codegen.prepare` gave to each schema.
"""

# pyright: reportPrivateImportUsage=false
# The generator exports its property classes without declaring it.

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from attrs import define, evolve, field
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser import properties as parsed
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.responses import JSON_SOURCE, Response
from openapi_python_client.strings import PythonIdentifier

from aig_billing_runtime.operation import ENVELOPE
from codegen.errors import BuildError
from codegen.extensions import UNITS
from codegen.names import CLIENT_MEMBERS, MODEL_MEMBERS, Call, calls_of, doubled, name_in_python, resource_class
from codegen.paths import resolve_pointer, target, to_jsonpath
from codegen.prepare import PLACE
from codegen.schemas import LIMITS, Way, all_in, below
from codegen.views import NULL, ArgumentView, FieldView, ModelView, OperationView, ResourceView, Type, Views

Node = Mapping[str, Any]
_SCALARS = {"datetime.datetime": "dt.datetime", "datetime.date": "dt.date", "File": "bytes", "Any": "object"}
"""The parser's names of types that generated modules name otherwise."""
_CHECKS = {"str": "text", "float": "number", "int": "integer", "bool": "flag"}
_ENVELOPE = frozenset({"success", "errors", "messages", "result", "result_info"})
_CREDENTIALS = {
    frozenset[str](): "",
    frozenset({"authorization"}): "token",
    frozenset({"x-auth-email", "x-auth-key"}): "email and key",
}
"""The kinds of credentials that a client can have, by the headers that they are sent in."""
_SEPARATORS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


class Facts:
    """What the document says of one value, wherever it says it: beside a reference, behind it, in a list, in a union with null."""

    def __init__(self, roots: Sequence[Any], own: Sequence[Node], inside: Sequence[Node]) -> None:
        """The schemas that stand where the value is; all that are about itself; and those about what is in it too; the nearest first."""
        self.roots = roots
        self.nodes = [*own, *inside]
        self.description = one_line(_first(self.nodes, "description"))
        self.unit = _first(self.nodes, "x-unit")
        self.unsure = _first(self.nodes, "x-unit-confidence") is not None
        self.secret = any(node.get("format") == "password" for node in self.nodes)
        self.deprecated = bool(_first(own, "deprecated"))
        self.default = _first(own, "x-default", "default")

    def text(self, name: str) -> str:
        """Its meaning, its unit if that is not said, and what else a person has to know."""
        said = [self.description]
        words = UNITS.get(self.unit, "")
        if words and words.split(" ")[-1] not in self.description:
            said.append(f"In {words}{', unconfirmed' if self.unsure else ''}.")
        if self.deprecated and "deprecated" not in self.description.lower():
            said.append("Deprecated.")
        if self.default is not None:
            said.append(f"Default: {self.default!r}.")
        return " ".join(filter(None, said)) or f"`{name}`, of which the document says nothing."


@define
class ViewReader:
    """One reading of the parser's result."""

    document: Node
    """The prepared document."""
    data: GeneratorData
    spec: Path
    models: dict[str, parsed.ModelProperty] = field(init=False)
    used: set[str] = field(init=False, factory=set)
    """The names of the models that calls take or return."""

    def __attrs_post_init__(self) -> None:
        self.models = {model.class_info.name: model for model in self.data.models}

    def views(self) -> Views:
        """Make all views. The parser's data are left with the models that are used, and with endpoints named after their calls."""
        endpoints = [one for group in self.data.endpoint_collections_by_tag.values() for one in group.endpoints]
        nodes = [self._operation_node(endpoint) for endpoint in endpoints]
        calls = calls_of((node, str(one.tags[0]), str(one.name)) for one, node in zip(endpoints, nodes, strict=True))
        operations = [self._operation(*one) for one in zip(endpoints, nodes, calls, strict=True)]
        resources = self._resources(operations)
        models: dict[str, ModelView] = {}
        while waiting := self.used - models.keys():
            models |= {name: self._model(self.models[name]) for name in waiting}
        self.data.models[:] = [model for name, model in self.models.items() if name in models]
        modules = [f"api/{one.tags[0]}/{one.name}.py" for one in endpoints]
        modules += [f"models/{view.module}.py" for view in models.values()]
        if again := doubled([*modules, *(resource.name for resource in resources)]):
            raise BuildError(self.spec, again, "two things would both have this name", "rename one of them")
        self.data.enums.clear()  # their values stand where they are used
        return Views(
            operations=tuple(operations),
            models=tuple(models[name] for name in self.models if name in models),
            resources=resources,
            server=self.document["servers"][0]["url"],
            title=one_line(self.document["info"]["title"]),
        )

    # The document, looked up

    def _operation_node(self, endpoint: Endpoint) -> Node:
        path = endpoint.path.get_untrusted_value()
        for parameter in endpoint.path_parameters:
            path = path.replace(f"{{{parameter.python_name}}}", f"{{{parameter.name.get_untrusted_value()}}}")
        item = self.document["paths"][path]
        own = item[endpoint.method]
        return {
            "servers": item.get("servers"),
            "x-retry": "once",
            **own,
            "parameters": {(one["in"], one["name"]): one for at in (item, own) for one in at.get("parameters", ())},
            "method": endpoint.method.upper(),
            "path": path,
            "place": to_jsonpath(("paths", path, endpoint.method)),
        }

    def _node(self, prop: PropertyProtocol) -> Node:
        found: Node = target(self.document, _pointer(prop))
        return found

    def facts(self, *roots: Any) -> Facts:  # noqa: ANN401 - true and false are schemas, too
        """Gather what the document says of a value."""
        return Facts(roots, list(self._spread(roots)), list(self._spread(roots, inside=True)))

    def _spread(self, nodes: Iterable[Any], seen: tuple[int, ...] = (), *, inside: bool = False) -> Iterator[Node]:
        """Follow references and options; and, where asked for, what is in a list or a map."""
        for node in nodes:
            if id(node) in seen or not isinstance(node, Mapping):
                continue
            yield node
            inner = [target(self.document, node["$ref"])] if "$ref" in node else []
            inner += node.get("allOf", []) if len(node.get("allOf", [])) == 1 else []
            options = [one for one in _options(node) if one.get("type") != "null"]
            inner += options if inside or len(options) == 1 else []
            is_map = not {"properties", "allOf"} & node.keys()
            keywords = ("items", "additionalProperties") if is_map else ("items",)
            inner += [node[keyword] for keyword in keywords if inside and keyword in node]
            yield from self._spread(inner, (*seen, id(node)), inside=inside)

    def _properties(self, node: Node) -> dict[str, list[Node]]:
        """Give the schemas of each property of an object, through references and `allOf`; what is said later comes first."""
        found: dict[str, list[Node]] = {}
        for part in all_in(self.document, node, itself=True):
            for name, inner in part.get("properties", {}).items():
                found.setdefault(name, []).append(inner)
        return found

    # Types

    def type_of(self, prop: PropertyProtocol, facts: Facts, *, sent: bool) -> Type:
        """Give the Python type of a value that is sent, or that is a part of an answer."""
        match prop:
            case parsed.UnionProperty():
                return reduce(or_, (self.type_of(inner, facts, sent=sent) for inner in prop.inner_properties))
            case parsed.NoneProperty():
                return NULL
            case parsed.ListProperty():
                return Type((f"list[{self.type_of(prop.inner_property, facts, sent=sent)}]",))
            case parsed.ModelProperty():
                return self._object(prop, sent=sent)
            case parsed.LiteralEnumProperty() | parsed.EnumProperty():
                values = set(prop.values.values() if isinstance(prop.values, dict) else prop.values)
                stated = [word for node in facts.nodes for word in node.get("enum", ()) if word in values]
                words = ", ".join(map(repr, dict.fromkeys([*stated, *sorted(values)])))
                return Type((f"Literal[{words}]", *([] if sent else [prop.value_type.__name__])))
            case parsed.ConstProperty() if _fraction(prop) is not None:
                place = self._place(facts.roots[-1]) if facts.roots else ""
                reason = "a constant with a fraction is known of a property and of an argument alone"
                raise BuildError(self.spec, place, reason, "write it as a number with a minimum and a maximum")
            case parsed.ConstProperty():
                return Type((f"Literal[{prop.value.raw_value!r}]",))
        named = prop.get_base_type_string().as_unembedded_code()
        return Type((_SCALARS.get(named, named),))

    def _described(self, prop: PropertyProtocol | None) -> dict[str, Any]:
        """Give the parser's properties of an object by name; none of what is not an object."""
        if not isinstance(prop, parsed.ModelProperty):
            return {}
        model = self.models[str(prop.class_info.name)]
        both = [*(model.required_properties or []), *(model.optional_properties or [])]
        return {one.name.get_untrusted_value(): one for one in both}

    def _object(self, prop: parsed.ModelProperty, *, sent: bool) -> Type:
        model = self.models[str(prop.class_info.name)]
        if model.additional_properties is not None and not self._described(model):
            inner = self.facts(self._node(model).get("additionalProperties"))
            return Type((f"dict[str, {self.type_of(model.additional_properties, inner, sent=sent)}]",))
        self.used.add(model.class_info.name)
        return Type((str(model.class_info.name),))

    # Models

    def _model(self, model: parsed.ModelProperty) -> ModelView:
        node, properties = self._node(model), self._described(model)
        place, nodes = self._place(node), self._properties(node)
        fields = [self._field(name, prop, self.facts(*nodes.get(name, []))) for name, prop in properties.items()]
        twins = {f"{view.attribute}_{view.twin}" for view in fields if view.twin}
        for view in fields:
            if view.attribute in twins:
                reason = f"the property {view.name!r} has the name of what says another one in money or as a date"
                raise BuildError(self.spec, place, reason, "rename it in an overlay, or drop the unit of the other")
        inner = self.facts(node.get("additionalProperties"))
        extra = model.additional_properties and self.type_of(model.additional_properties, inner, sent=False)
        if inner.secret:
            place, reason = f"{place}.additionalProperties", "properties of any name cannot be hidden beside others"
            raise BuildError(self.spec, place, reason, "make them a property that is a map")
        said = [one_line(node.get("description")), "Deprecated." if node.get("deprecated") else ""]
        return ModelView(
            name=str(model.class_info.name),
            module=str(model.class_info.module_name),
            base="ClosedModel" if extra is None else "Model" if str(extra) == "object" else "AnyModel",
            description=" ".join(filter(None, said)),
            fields=tuple(sorted(fields, key=lambda view: "default=" in view.options)),
            extra=extra,
            extra_options="".join(_keywords(discriminator=self._discriminator(inner))),
        )

    def _field(self, name: str, prop: PropertyProtocol, facts: Facts) -> FieldView:
        constant = _fraction(prop)
        type_ = Type(("float",)) if constant is not None else self.type_of(prop, facts, sent=False)
        attribute = name_in_python(str(prop.python_name), MODEL_MEMBERS | {"dt", "prop", "money_of", "datetime_of"})
        is_number = type_.within("int", "float")
        options = [
            "" if attribute == name else f"name={name!r}",
            "" if prop.required else "default=None",
            *_keywords(
                nullable=True if type_.nullable and not prop.required else None,
                unit=facts.unit,
                secret=facts.secret or None,
                deprecated=facts.text(name) if facts.deprecated else None,
                constant=constant,
                discriminator=self._discriminator(facts),
            ),
        ]
        return FieldView(
            name=name,
            attribute=attribute,
            type=type_ if prop.required else type_ | NULL,
            options=", ".join(filter(None, options)),
            text=facts.text(name),
            twin=("money" if facts.unit == "cents" else "datetime") if facts.unit and is_number else "",
        )

    def _discriminator(self, facts: Facts) -> tuple[str, dict[str, str]] | None:
        """Give the property that says which class an object has, and the name of the class for each value of it."""
        node = next((node for node in facts.nodes if "discriminator" in node and _options(node)), None)
        if node is None:
            return None
        classes = {_pointer(model): str(model.class_info.name) for model in self.models.values()}
        stated = node["discriminator"].get("mapping", {})
        targets = {value: ref if "/" in ref else f"#/components/schemas/{ref}" for value, ref in stated.items()}
        for ref in (option["$ref"] for option in _options(node) if "$ref" in option):
            if ref not in targets.values():
                targets[ref.rpartition("/")[2]] = ref
        return node["discriminator"]["propertyName"], {value: classes[ref] for value, ref in targets.items()}

    def _discriminator_code(self, facts: Facts) -> Iterator[str]:
        """Write a discriminator, if there is one, with the models that it names, and not with their names."""
        if found := self._discriminator(facts):
            models = ", ".join(f"{value!r}: {model}" for value, model in found[1].items())
            yield f"({found[0]!r}, {{{models}}})"

    # Operations

    def _operation(self, endpoint: Endpoint, node: Node, call: Call) -> OperationView:
        group, name = call
        endpoint.name = PythonIdentifier("_".join((*group, name)).removeprefix(f"{endpoint.tags[0]}_"), "field_")
        arguments = tuple(self._arguments(endpoint, node))
        fields = self._fields_of(endpoint.bodies[0].prop) if endpoint.bodies else {}
        optional = bool(fields) and not endpoint.bodies[0].prop.required
        said = one_line(node.get("description"))
        answers = list(self._answers(endpoint, node))
        return OperationView(
            endpoint=endpoint,
            node=node,
            group=group,
            name=name,
            summary=one_line(node.get("summary")).rstrip(".") or f"Call {node['method']} {node['path']}",
            description=said,
            deprecated=(said[max(said.find("Deprecated"), 0) :] or "Deprecated.") if node.get("deprecated") else "",
            credentials=self._credentials(node),
            arguments=arguments,
            body=next((view for view in arguments if view.location == "body" and not view.name), None),
            body_required=tuple(name for name, one in fields.items() if one.required) if optional else None,
            result=reduce(or_, (type_ for type_, _ in answers)),
            successes=tuple(code for _, code in answers),
            styles={name: style for (_, name), one in node["parameters"].items() if (style := _style(one))},
        )

    def _credentials(self, node: Node) -> tuple[str, ...] | None:
        """Give the kinds of credentials that an operation takes, none for `security: []`; None where any is taken, or nothing is said."""
        holder = node if "security" in node else {"place": "$", **self.document}
        stated = holder.get("security")
        if stated is None:
            return None
        kinds: list[str] = []
        schemes = self.document.get("components", {}).get("securitySchemes", {})
        for requirement in stated:
            kind = _CREDENTIALS.get(frozenset(_header_of(schemes.get(name, {})) for name in requirement))
            if kind is None:
                place = f"{holder['place']}.security"
                reason = f"the client has no credentials of the kind {' with '.join(requirement)}"
                raise BuildError(self.spec, place, reason, "describe them, or leave that requirement out")
            kinds.append(kind)
        return None if {*_CREDENTIALS.values()} - {""} <= {*kinds} else tuple(dict.fromkeys(kinds))

    def _arguments(self, endpoint: Endpoint, node: Node) -> list[ArgumentView]:
        """Give all arguments; the body is one without a name, where it is not one for each of its fields."""
        views: list[ArgumentView] = []
        place = node["place"]
        for location, prop in endpoint.iter_all_parameters():
            parameter = node["parameters"][location.value, prop.name.get_untrusted_value()]
            about = {key: parameter[key] for key in ("description", "deprecated") if key in parameter}
            facts = self.facts(about, parameter["schema"])
            where = f"{place}.parameters[?@.name == {parameter['name']!r}]"
            views.append(self._argument(prop, location.value, facts, where))
        for body in endpoint.bodies:
            prop, request, where = body.prop, node["requestBody"], f"{place}.requestBody"
            schema = next(iter(request["content"].values()))["schema"]
            nodes, taken = self._properties(schema), frozenset(view.argument for view in views) | {"client"}
            fields = self._fields_of(prop)
            for name, inner in fields.items():
                facts, optional = self.facts(*nodes[name]), not prop.required
                views.append(self._argument(inner, "body", facts, f"{where}.{name}", taken=taken, optional=optional))
            if not fields:
                about = {"description": request["description"]} if request.get("description") else {}
                view = self._argument(prop, "body", self.facts(about, schema), where, taken=taken)
                views.append(evolve(view, name=""))
        if again := doubled(view.argument for view in views):
            raise BuildError(self.spec, place, f"two names would both become {again!r}", "rename one of them")
        return views

    def _fields_of(self, body: PropertyProtocol) -> dict[str, Any]:
        """Give the fields of a body that are an argument each; none where the body is one argument."""
        found = self._described(body)
        return found if found and self._node(body).get("additionalProperties", False) is False else {}

    def _argument(
        self,
        prop: PropertyProtocol,
        location: str,
        facts: Facts,
        place: str,
        *,
        taken: frozenset[str] = frozenset(),
        optional: bool = False,
    ) -> ArgumentView:
        name = prop.name.get_untrusted_value()
        constant = _fraction(prop)
        type_ = Type(("float",)) if constant is not None else self.type_of(prop, facts, sent=True)
        argument = name_in_python(str(prop.python_name), {"dt"})
        argument = f"{argument}_body" if argument in taken else argument
        required = prop.required and not optional
        default = "UNSET" if location == "body" and type_.nullable and not required else "None"
        # That of a date is given in words alone.
        shown = prop.default is not None and all(one in _CHECKS or one.startswith("Literal[") for one in type_.options)
        if facts.default is not None and location in {"query", "header"} and shown:
            default = repr(facts.default)
        plain = type_.within("str", "int", "bool", "UUID", "dt.date") or "Literal" in str(type_)
        if location == "path" and not plain:
            raise BuildError(self.spec, place, f"{type_} cannot stand in a path", "describe it as a string")
        choice = type_ if constant is None else Type((f"Literal[{constant!r}]",))
        check = self._check(argument, choice, facts, place)
        if facts.unit == "unix-ms" and type_.within("int", "float"):
            type_ = Type(("dt.datetime", "float"), nullable=type_.nullable)
        return ArgumentView(
            name=name,
            argument=argument,
            location=location,
            type=type_,
            check=check,
            text=facts.text(name),
            required=required,
            default=default,
            unit=facts.unit,
            deprecated=facts.deprecated,
        )

    def _check(self, argument: str, type_: Type, facts: Facts, place: str) -> str:
        """Write the code that checks an argument."""
        limits = self._limits(facts.roots, place)
        given, scalar = f"{argument!r}, {argument}", limits.get((), {})
        only = type_.options[0] if len(type_.options) == 1 else ""
        secret = ", secret=True" if facts.secret else ""
        if facts.unit == "unix-ms" and only in {"int", "float"}:
            code = f"_check.unix_ms({given})"
        elif only in {"int", "float"} and not secret:
            bounds = {name: scalar.pop(name, None) for name in ("minimum", "maximum")}
            unit = "cents" if facts.unit == "cents" else None
            code = f"_check.{_CHECKS[only]}({', '.join([given, *_keywords(**bounds, unit=unit)])})"
        elif only in {"str", "bool"}:
            code = f"_check.{_CHECKS[only]}({given})"
        elif only.startswith("Literal["):
            code = f"_check.choice({given}, ({only[8:-1]},){secret})"
        else:
            parts = [given, str(Type(type_.options)), *self._discriminator_code(facts)]
            code = f"_check.value({', '.join(parts)}{secret})"
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

    def _answers(self, endpoint: Endpoint, node: Node) -> Iterator[tuple[Type, str]]:
        """Give the type of each successful answer, and what `Success` is given for it, as code."""
        found = endpoint.responses.patterns
        for response in found or filter(None, [endpoint.responses.default]):
            content: Node = node["responses"][response.status_code.pattern].get("content", {})
            media_type = next(iter(content), "")
            type_, options = self._answer(response, content[media_type]["schema"] if content else {})
            statuses = f"statuses={response.status_code.range or (200, 299)!r}" if len(found) > 1 else ""
            media_type = "" if media_type == "application/json" else f"media_type={media_type!r}"
            yield type_, ", ".join(filter(None, [str(type_), statuses, media_type, *options]))

    def _answer(self, response: Response, schema: Node) -> tuple[Type, list[str]]:
        kind = response.source["return_type"]
        if kind != JSON_SOURCE["return_type"]:
            return NULL if kind == "None" else Type((kind,)), []
        prop, facts = response.prop, self.facts(schema)
        options: list[str] = []
        if envelope := self._envelope(prop):
            required = tuple(name for name, one in envelope.items() if one.required)
            options.append(f"envelope={'ENVELOPE' if required == ENVELOPE else repr(required)}")
            nodes = self._properties(schema)
            declared = [
                f"({name!r}, {self.type_of(one, self.facts(*nodes[name]), sent=False)}), "
                for name, one in envelope.items()
                if name not in {"success", "result"} and not self._is_usual(one)
            ]
            options += [f"declared=({''.join(declared)})"] if declared else []
            prop, facts = envelope.get("result"), self.facts(*nodes.get("result", []))
        type_ = self.type_of(prop, facts, sent=False) if prop else NULL
        options += [f"discriminator={code}" for code in self._discriminator_code(facts)]
        return type_ if prop and prop.required else type_ | NULL, options

    def _envelope(self, prop: PropertyProtocol) -> dict[str, Any]:
        """Give the properties of Cloudflare's envelope; none where the answer is another."""
        found = self._described(prop)
        success = found.get("success")
        says_success = isinstance(success, parsed.BooleanProperty) or _constant(success) is True
        if not says_success or not found.keys() & {"result", "errors"}:
            return {}
        if others := sorted(found.keys() - _ENVELOPE):
            place, reason = self._place(self._node(prop)), f"{others[0]} beside the API's envelope would be lost"
            raise BuildError(self.spec, place, reason, "move it into the result, or remove it in an overlay")
        return found

    def _is_usual(self, prop: PropertyProtocol) -> bool:
        """Say whether errors or messages are what the API's envelope has: a list of objects with a code and a text."""
        entry = prop.inner_property if isinstance(prop, parsed.ListProperty) else None
        types = {name: type(one) for name, one in self._described(entry).items() if one.required}
        numeric = types.pop("code", None) in {parsed.IntProperty, parsed.FloatProperty}
        return numeric and types == {"message": parsed.StringProperty}

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
        if of_client := next((group for group in groups if group in CLIENT_MEMBERS), None):
            raise BuildError(self.spec, "$.paths", f"a client has a {of_client} of another kind", "rename the group")
        seen = dict.fromkeys(groups, "a group of the same name")
        for operation in operations:
            if operation.call in seen or operation.name == "with_raw_response":
                reason = f"{operation.call} is the name of {seen.get(operation.call, 'something else')} already"
                hint = "name it by x-fern-sdk-group-name and x-fern-sdk-method-name"
                raise BuildError(self.spec, operation.node["place"], reason, hint)
            seen[operation.call] = operation.node["place"]

    def _place(self, node: Node) -> str:
        return to_jsonpath(resolve_pointer(self.document, node.get(PLACE, "#")) or ())


def one_line(text: object) -> str:
    """Give a text on one line."""
    return " ".join(str(text or "").split())


def _pointer(prop: PropertyProtocol) -> str:
    """Give the JSON pointer of the schema that an object was made of."""
    extra = prop.data.model_extra if isinstance(prop, parsed.ModelProperty) else None
    return str((extra or {})[PLACE])


def _first(nodes: Iterable[Node], *keywords: str) -> Any:  # noqa: ANN401 - JSON
    return next((node[keyword] for node in nodes for keyword in keywords if keyword in node), None)


def _options(schema: Node) -> list[Any]:
    return list(schema.get("oneOf") or schema.get("anyOf") or [])


def _constant(prop: object) -> Any:  # noqa: ANN401 - JSON
    return prop.value.raw_value if isinstance(prop, parsed.ConstProperty) else None


def _fraction(prop: object) -> float | None:
    """Give the value of a constant with a fraction, which a type cannot name."""
    value = _constant(prop)
    return value if isinstance(value, float) else None


def _keywords(**options: object) -> list[str]:
    """Write keyword arguments as code, without those that are None."""
    return [f"{name}={value!r}" for name, value in options.items() if value is not None]


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
