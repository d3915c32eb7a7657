"""Overlays are applied as Overlay 1.0 has it, and what does not fit stops the build by file, action and reason."""

import copy
import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.errors import BuildError
from codegen.overlays import ABSENT, Change, apply, load_overlays
from codegen.paths import to_jsonpath
from codegen.yaml_io import parse_yaml
from tests.codegen.reverted import reverted

HEAD = 'overlay: "1.0.0"\ninfo: {title: Test, version: "1"}\n'


def written(folder: Path, *actions: str, name: str = "10-test.yaml") -> Path:
    """An overlay of these actions, each written as the YAML of one list item without its description."""
    entries = [
        "- description: so it is\n" + "".join(f"  {line}\n" for line in dedent(action).strip().splitlines())
        for action in actions
    ]
    (folder / name).write_text(f"{HEAD}actions:\n{''.join(entries)}", encoding="utf-8")
    return folder


def applied(folder: Path, document: str, *actions: str) -> dict[str, Any]:
    result, _ = apply(
        parse_yaml(dedent(document).encode(), Path("spec.yaml")), load_overlays(written(folder, *actions))
    )
    return result


def refusal(folder: Path, document: str, *actions: str) -> str:
    with pytest.raises(BuildError) as caught:
        applied(folder, document, *actions)
    return str(caught.value).removeprefix(f"{folder}/")


# The folder


def test_overlays_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("60-last.yaml", "10-first.yaml", "20-live-service.yaml"):
        written(tmp_path, "target: $\nremove: false\nupdate: {a: 1}", name=name)
    overlays = load_overlays(tmp_path)
    assert [overlay.file.name for overlay in overlays] == ["10-first.yaml", "20-live-service.yaml", "60-last.yaml"]
    assert [(action.number, action.target, action.description) for action in overlays[0].actions] == [
        (1, "$", "so it is")
    ]


def test_two_overlays_of_one_number_have_no_order(tmp_path: Path) -> None:
    written(tmp_path, "target: $\nupdate: {a: 1}", name="10-a.yaml")
    written(tmp_path, "target: $\nupdate: {b: 1}", name="10-b.yaml")
    with pytest.raises(BuildError) as caught:
        load_overlays(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/10-b.yaml: the number 10 is taken by 10-a.yaml, so their order is unclear; give one of them another number"
    )


@pytest.mark.parametrize(
    "name",
    [
        "1-a.yaml",
        "100-a.yaml",
        "10-A.yaml",
        "10_a.yaml",
        "10-a.yml",
        "a.yaml",
        "10-.yaml",
        "10-a-.yaml",
        ".10-a.yaml.swp",
    ],
)
def test_a_file_that_is_named_otherwise_is_not_passed_over(tmp_path: Path, name: str) -> None:
    written(tmp_path, "target: $\nupdate: {a: 1}", name=name)
    with pytest.raises(BuildError, match=r"this is not an overlay's name; name it NN-name\.yaml, or move it elsewhere"):
        load_overlays(tmp_path)


def test_a_folder_without_overlays_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"there is no overlay; overlays are files NN-name\.yaml in it"):
        load_overlays(tmp_path)
    with pytest.raises(BuildError, match="nowhere: there is no overlay"):
        load_overlays(tmp_path / "nowhere")


# The file


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("overlay: '1.1.0'\ninfo: {title: T, version: '1'}\nactions: [{target: $, update: {}}]", "10-test.yaml: $.overlay: not an Overlay 1.0 document: '1.1.0' does not match"),
        ("overlay: '1.0.0'\nactions: [{target: $, update: {}}]", "10-test.yaml: $: not an Overlay 1.0 document: 'info' is a required property"),
        (f"{HEAD}actions: []", "10-test.yaml: $.actions: not an Overlay 1.0 document: [] should be non-empty"),
        (f"{HEAD}actions: [{{update: {{}}}}]", "10-test.yaml: action 1 (no target): not an Overlay 1.0 document: 'target' is a required property"),
        (f"{HEAD}actions: [{{target: $.a, update: {{}}}}, {{target: paths, update: {{}}}}]", "10-test.yaml: action 2 (paths): not an Overlay 1.0 document: 'paths' does not match"),
        (f"{HEAD}actions: [{{target: $.a, remove: 'yes'}}]", "10-test.yaml: action 1 ($.a): not an Overlay 1.0 document: 'yes' is not of type 'boolean'"),
        (f"{HEAD}actions: [{{target: $.a, updates: {{}}}}]", "10-test.yaml: action 1 ($.a): not an Overlay 1.0 document: Unevaluated properties are not allowed ('updates' was unexpected)"),
        (f"{HEAD}actions: [{{target: $.a, remove: true}}, {{target: $.a, remove: true}}]", "has non-unique elements"),
        (f"{HEAD}extra: 1\nactions: [{{target: $.a, remove: true}}]", "'extra' was unexpected"),
        (f"{HEAD}actions: [{{target: $.a, description: d, remove: true, update: {{}}}}]", "10-test.yaml: action 1 ($.a): it says both update and remove, or neither; say one of the two in each action"),
        (f"{HEAD}actions: [{{target: $.a, description: d}}]", "10-test.yaml: action 1 ($.a): it says both update and remove, or neither"),
        (f"{HEAD}actions: [{{target: $.a, description: d, remove: false}}]", "10-test.yaml: action 1 ($.a): it says both update and remove, or neither"),
        (f"{HEAD}actions: [{{target: $.a, remove: true}}]", "10-test.yaml: action 1 ($.a): it has no description; say what is so and what the evidence is"),
        (f"{HEAD}actions: [{{target: $.a, description: ' ', remove: true}}]", "10-test.yaml: action 1 ($.a): it has no description"),
        (f"{HEAD}actions: [{{target: $.a, target: $.b}}]", "10-test.yaml: line 3: the key 'target' is there already, on line 3; keep one of the two"),
        (f"{HEAD}actions: [{{target: $.a, description: d, remove: true}}, 5]", "10-test.yaml: action 2: it is 5; give an object with target and description"),
        (f"{HEAD}actions: [", ": this is not YAML: "),
    ],
)  # fmt: skip
def test_what_is_no_overlay_is_refused_by_action(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "10-test.yaml").write_text(text)
    with pytest.raises(BuildError) as caught:
        load_overlays(tmp_path)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize(
    "target",
    [
        "$.paths./a",
        "$['a'",
        "$.a[?n == 1]",
        "$.a | $.b",
        "$.a.",
        "$ ",
        "$..",
        "$.a[?nope(@.b)]",
        "$.a[?length(@.b)]",
        "$.a['\\x']",
        "$a",
        "$.a~",
    ],
)
def test_a_target_that_is_not_a_json_path_is_refused(tmp_path: Path, target: str) -> None:
    with pytest.raises(BuildError) as caught:
        load_overlays(written(tmp_path, f"target: {json.dumps(target)}\nupdate: {{c: 1}}"))
    message = str(caught.value)
    assert message.startswith(f"{tmp_path}/10-test.yaml: action 1 ({target}): the target is not an RFC 9535 JSONPath: ")
    assert message.endswith("; correct the target")


# Updates


def test_objects_are_merged_all_the_way_down(tmp_path: Path) -> None:
    document = """
        info: {title: A, contact: {name: me, x-at: {x: 1, y: 2}}}
        servers: []
        """
    update = "target: $.info\nupdate: {title: B, contact: {url: u, x-at: {y: 3}}, license: {name: MIT}}"
    assert applied(tmp_path, document, update) == {
        "info": {
            "title": "B",
            "contact": {"name": "me", "x-at": {"x": 1, "y": 3}, "url": "u"},
            "license": {"name": "MIT"},
        },
        "servers": [],
    }


def test_lists_inside_an_updated_object_are_concatenated(tmp_path: Path) -> None:
    assert applied(tmp_path, "a: {tags: [x]}", "target: $.a\nupdate: {tags: [y, z]}") == {
        "a": {"tags": ["x", "y", "z"]}
    }


def test_an_updated_list_gains_one_entry(tmp_path: Path) -> None:
    assert applied(tmp_path, "a: [{n: 1}]", "target: $.a\nupdate: {n: 2}") == {"a": [{"n": 1}, {"n": 2}]}
    assert applied(tmp_path, "a: [x]", "target: $.a\nupdate: y") == {"a": ["x", "y"]}
    assert applied(tmp_path, "a: [x]", "target: $.a\nupdate: null") == {"a": ["x", None]}


def test_every_match_is_updated_and_they_share_nothing(tmp_path: Path) -> None:
    actions = ["target: $.paths.*.get\nupdate: {x: {deep: [1]}}", "target: $.paths['/a'].get.x.deep\nupdate: 2"]
    result = applied(tmp_path, "paths: {/a: {get: {}}, /b: {get: {}, post: {}}}", *actions)
    assert result == {
        "paths": {"/a": {"get": {"x": {"deep": [1, 2]}}}, "/b": {"get": {"x": {"deep": [1]}}, "post": {}}}
    }


def test_every_list_gains_its_own_entry(tmp_path: Path) -> None:
    actions = ["target: $.*\nupdate: {n: {}}", "target: $.a[0]\nupdate: {n: {m: 1}}"]
    assert applied(tmp_path, "a: []\nb: []", *actions) == {"a": [{"n": {"m": 1}}], "b": [{"n": {}}]}


def test_the_order_of_what_is_there_is_kept(tmp_path: Path) -> None:
    result = applied(tmp_path, "a: {z: 1, y: {b: 1, a: 1}, x: 1}", "target: $.a\nupdate: {w: 1, y: {c: 1, b: 2}, z: 2}")
    assert json.dumps(result) == '{"a": {"z": 2, "y": {"b": 2, "a": 1, "c": 1}, "x": 1, "w": 1}}'


def test_actions_see_what_the_actions_before_them_did(tmp_path: Path) -> None:
    actions = ["target: $.a\nupdate: {b: {c: 1}}", "target: $.a.b\nupdate: {d: 1}", "target: $.a.b\nremove: true"]
    assert applied(tmp_path, "a: {x: 1}", *actions[:2]) == {"a": {"x": 1, "b": {"c": 1, "d": 1}}}
    assert applied(tmp_path, "a: {x: 1}", *actions) == {"a": {"x": 1}}


def test_null_true_and_numbers_replace_each_other(tmp_path: Path) -> None:
    assert applied(tmp_path, "a: {b: 1}", "target: $.a\nupdate: {b: null}") == {"a": {"b": None}}
    assert applied(tmp_path, "a: {b: 1}", "target: $.a\nupdate: {b: true}")["a"]["b"] is True
    assert applied(tmp_path, "a: {b: 0}", "target: $.a\nupdate: {b: 0.0}") == {"a": {"b": 0.0}}


@pytest.mark.parametrize(
    ("document", "action", "message"),
    [
        ("a: {b: 1}", "target: $.c\nupdate: {x: 1}", "($.c): the target matches nothing: the document has moved under the overlay; correct the target or drop the action"),
        ("a: {b: 1}", "target: $.c\nremove: true", "($.c): the target matches nothing: the document has moved under the overlay; correct the target or drop the action"),
        ("a: {b: 1}", "target: $.a.b\nupdate: 2", "($.a.b): the target selects 1 at $.a.b, and Overlay 1.0 knows objects and lists only; select the object that holds it"),
        ("a: {b: 1}", "target: $.a.b\nremove: true", "($.a.b): the target selects 1 at $.a.b, and Overlay 1.0 knows objects and lists only; select the object that holds it"),
        ("a: {b: [x]}", "target: $.a.b[0]\nremove: true", '($.a.b[0]): the target selects "x" at $.a.b[0], and Overlay 1.0 knows objects and lists only'),
        ("a: {b: null}", "target: $.a.b\nupdate: {}", "($.a.b): the target selects null at $.a.b"),
        ("a: {b: 1}", "target: $.a\nupdate: 2", "($.a): the update is 2, but $.a is an object; an object takes an object of properties to merge"),
        ("a: {b: 1}", "target: $.a\nupdate: [x]", "($.a): the update is a list, but $.a is an object"),
        ("a: [x]", "target: $.a\nupdate: [y]", "($.a): the update is a list, but what $.a takes is one entry; append the entries by an action each, or update the object that holds the list"),
        ("a: {b: {c: 1}}", "target: $.a\nupdate: {b: 1}", "($.a): the update has 1 for $.a.b, which is an object; remove what is there in an action before, or give a value of the same kind"),
        ("a: {b: [1]}", "target: $.a\nupdate: {b: {c: 1}}", "($.a): the update has an object for $.a.b, which is a list"),
        ("a: {b: number}", "target: $.a\nupdate: {b: [number, 'null']}", '($.a): the update has a list for $.a.b, which is "number"'),
        ("a: {b: {c: null}}", "target: $.a\nupdate: {b: {c: {}}}", "($.a): the update has an object for $.a.b.c, which is null"),
        ("a: {b: 1}", "target: $.a\nupdate: {b: 1}", "($.a): the update changes nothing at $.a: it says what is there already; drop the action, or narrow the target"),
        ("a: {b: 1}", "target: $.a\nupdate: {}", "($.a): the update changes nothing at $.a"),
        ("a: {b: {c: [1]}}", "target: $.a\nupdate: {b: {c: []}}", "($.a): the update changes nothing at $.a"),
        ("a: {p: {b: 2}, q: {b: 1}}", "target: $.a.*\nupdate: {b: 1}", "($.a.*): the update changes nothing at $.a.q"),
        ("a: {p: {}, q: []}", "target: $.a.*\nupdate: {b: 1}", "($.a.*): the target selects both objects and lists; make two actions of it"),
        ("a: 1", "target: $\nremove: true", "($): the target is the whole document; remove a part of it"),
    ],
)  # fmt: skip
def test_an_action_that_does_not_fit_stops_the_build(tmp_path: Path, document: str, action: str, message: str) -> None:
    assert f"10-test.yaml: action 1 {message}" in refusal(tmp_path, document, action)


def test_an_error_counts_the_actions_as_a_person_does(tmp_path: Path) -> None:
    good = "target: $.a\nupdate: {c: 1}"
    assert refusal(tmp_path, "a: {b: 1}", good, "target: $.zz\nremove: true").startswith(
        "10-test.yaml: action 2 ($.zz): "
    )


def test_the_document_that_was_given_stays_as_it_was(tmp_path: Path) -> None:
    document = {"a": {"b": [1]}}
    before = copy.deepcopy(document)
    overlays = load_overlays(written(tmp_path, "target: $.a\nupdate: {b: [2]}", "target: $.a.b\nremove: true"))
    assert apply(document, overlays)[0] == {"a": {}}
    assert document == before


def test_an_overlay_applies_alike_again_and_again(tmp_path: Path) -> None:
    overlays = load_overlays(written(tmp_path, "target: $.a\nupdate: {n: {m: [1]}}", "target: $.a.n.m\nupdate: 2"))
    first, second = (apply({"a": {}}, overlays)[0] for _ in range(2))
    assert first == second == {"a": {"n": {"m": [1, 2]}}}


# Removals


def test_several_items_of_a_list_are_removed_without_touching_the_others(tmp_path: Path) -> None:
    document = "a: [{n: 0, x: true}, {n: 1}, {n: 2, x: true}, {n: 3, x: true}, {n: 4}]"
    assert applied(tmp_path, document, "target: $.a[?@.x]\nremove: true") == {"a": [{"n": 1}, {"n": 4}]}
    assert applied(tmp_path, document, "target: $.a[4, 0, 2]\nremove: true") == {"a": [{"n": 1}, {"n": 3, "x": True}]}
    twelve = "a: [" + ", ".join(f"{{n: {n}}}" for n in range(12)) + "]"
    assert applied(tmp_path, twelve, "target: $.a[?@.n != 5]\nremove: true") == {"a": [{"n": 5}]}


def test_what_lies_inside_something_removed_goes_with_it(tmp_path: Path) -> None:
    document = "a: {x: {y: {x: {z: 1}}}, b: 1}"
    assert applied(tmp_path, document, "target: $..x\nremove: true") == {"a": {"b": 1}}
    assert [to_jsonpath(change.path) for change in changes_of(tmp_path, document, "target: $..x\nremove: true")] == [
        "$.a.x"
    ]


def test_objects_and_lists_may_be_removed_together(tmp_path: Path) -> None:
    assert applied(tmp_path, "a: {x: {y: 1}}\nb: {x: [1]}", "target: $..x\nremove: true") == {"a": {}, "b": {}}


def test_a_list_is_replaced_by_removing_it_first(tmp_path: Path) -> None:
    actions = ["target: $.a.required\nremove: true", "target: $.a\nupdate: {required: [z]}"]
    assert applied(tmp_path, "a: {required: [x, y]}", *actions) == {"a": {"required": ["z"]}}


# The standard's own examples: Overlay 1.0.0, section 4.5, done again on a small document

PETS = """
    openapi: "3.1.0"
    info: {title: Pets, version: "1"}
    paths:
      /:
        get: {responses: {}}
      /pets:
        get:
          description: All pets
          parameters:
            - {name: filter, in: query, schema: {type: string}}
            - {name: dummy, in: query}
            - {name: dummy, in: header}
          responses: {}
    tags: []
    """


def test_a_structured_overlay_mirrors_the_document(tmp_path: Path) -> None:
    update = """
        target: $
        update:
          info: {x-overlay-applied: structured-overlay}
          paths:
            /: {summary: The root, get: {summary: Get the root, x-rate-limit: 100}}
            /pets: {get: {summary: List pets, x-rate-limit: 100}}
        """
    result = applied(tmp_path, PETS, update)
    assert result["info"] == {"title": "Pets", "version": "1", "x-overlay-applied": "structured-overlay"}
    assert result["paths"]["/"] == {
        "get": {"responses": {}, "summary": "Get the root", "x-rate-limit": 100},
        "summary": "The root",
    }
    assert result["paths"]["/pets"]["get"]["description"] == "All pets"
    assert result["paths"]["/pets"]["get"]["x-rate-limit"] == 100


def test_a_targeted_overlay_changes_a_few_places(tmp_path: Path) -> None:
    actions = [
        "target: $.paths['/pets'].get\nupdate: {description: New}",
        "target: $.paths['/pets']\nupdate: {post: {description: A child, x-safe: false}}",
    ]
    pets = applied(tmp_path, PETS, *actions)["paths"]["/pets"]
    assert pets["get"]["description"] == "New"
    assert pets["post"] == {"description": "A child", "x-safe": False}


def test_a_wildcard_overlay_changes_many_objects_at_once(tmp_path: Path) -> None:
    actions = [
        "target: $.paths.*.get\nupdate: {x-safe: true}",
        "target: $.paths.*.get.parameters[?@.name=='filter' && @.in=='query']\nupdate: {schema: {$ref: '#/components/schemas/filterSchema'}}",
    ]
    result = applied(tmp_path, PETS, *actions)
    assert [item["get"]["x-safe"] for item in result["paths"].values()] == [True, True]
    assert result["paths"]["/pets"]["get"]["parameters"][0]["schema"] == {
        "type": "string",
        "$ref": "#/components/schemas/filterSchema",
    }


def test_lists_are_modified_item_by_item(tmp_path: Path) -> None:
    actions = [
        "target: $.paths.*.get.parameters\nupdate: {name: newParam, in: query}",
        "target: $.paths.*.get.parameters[?@.name == 'dummy']\nremove: true",
    ]
    parameters = applied(tmp_path, PETS, *actions)["paths"]["/pets"]["get"]["parameters"]
    assert [parameter["name"] for parameter in parameters] == ["filter", "newParam"]


def test_traits_bring_their_parameters_with_them(tmp_path: Path) -> None:
    document = """
        paths:
          /items: {get: {x-oai-traits: [paged]}}
          /items/{id}/subitems: {get: {x-oai-traits: [paged], parameters: [{name: id, in: path}]}}
          /other: {get: {responses: {}}}
        """
    action = """
        target: $.paths[?@.get['x-oai-traits'][?@ == 'paged']].get
        update: {parameters: [{name: top, in: query}, {name: skip, in: query}]}
        """
    paths = applied(tmp_path, document, action)["paths"]
    names = {path: [p["name"] for p in item["get"].get("parameters", [])] for path, item in paths.items()}
    assert names == {"/items": ["top", "skip"], "/items/{id}/subitems": ["id", "top", "skip"], "/other": []}


# Changes


def changes_of(folder: Path, document: str, *actions: str) -> list[Change]:
    return apply(parse_yaml(dedent(document).encode(), Path("spec.yaml")), load_overlays(written(folder, *actions)))[1]


def test_each_change_says_where_and_what_was_there_before_and_after(tmp_path: Path) -> None:
    actions = [
        "target: $.a\nupdate: {b: 2, new: {x: 1}, list: [2], same: 1}",
        "target: $.a['the list'][?@.x]\nremove: true",
    ]
    changes = changes_of(tmp_path, "a: {b: 1, list: [1], same: 1, the list: [{x: 1}, {x: 2}]}", *actions)
    assert [(change.action.number, to_jsonpath(change.path), change.before, change.after) for change in changes] == [
        (1, "$.a.b", 1, 2),
        (1, "$.a.new", ABSENT, {"x": 1}),
        (1, "$.a.list", [1], [1, 2]),
        (2, "$.a['the list'][1]", {"x": 2}, ABSENT),
        (2, "$.a['the list'][0]", {"x": 1}, ABSENT),
    ]


VALUES = st.recursive(
    st.sampled_from([0, 1, "x", None, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
ACTIONS = st.tuples(
    st.sampled_from(["$", "$.a", "$.a.b", "$.*", "$..a", "$..b", "$.a[0]", "$..[1]", "$..*", "$.a[?@.b]", "$.c"]),
    st.one_of(st.just(ABSENT), st.dictionaries(st.sampled_from("abc"), VALUES, min_size=1, max_size=2), VALUES),
)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3), st.lists(ACTIONS, min_size=1, max_size=6))
def test_replaying_the_changes_gives_the_resolved_document(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], actions: list[tuple[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("overlays")
    resolved = document
    replayed = copy.deepcopy(document)
    for target, update in actions:
        what = "remove: true" if update is ABSENT else f"update: {json.dumps(update)}"
        overlays = load_overlays(written(folder, f"target: {json.dumps(target)}\n{what}"))
        before = copy.deepcopy(resolved)
        try:
            resolved, changes = apply(resolved, overlays)
        except BuildError:
            assert resolved == before
            continue
        for change in changes:
            replay(replayed, change)
        assert json.dumps(replayed) == json.dumps(resolved)
        assert not shared(resolved)


def replay(document: dict[str, Any], change: Change) -> None:
    node: Any = document
    for step in change.path[:-1]:
        node = node[step]
    last = change.path[-1]
    present = last in node if isinstance(node, dict) else isinstance(last, int) and last < len(node)
    assert present is (change.before is not ABSENT)
    if change.before is not ABSENT:
        assert node[last] == change.before
    if change.after is ABSENT:
        del node[last]
    else:
        node[last] = copy.deepcopy(change.after)


def shared(value: object) -> bool:
    """Whether two places in it are one object."""
    seen: set[int] = set()
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, (dict, list)):
            if id(item) in seen:
                return True
            seen.add(id(item))
            pending += item.values() if isinstance(item, dict) else item
    return False


# Reverted actions


def undoing(folder: Path, document: str, *overlays: list[str]) -> list[tuple[str, str]]:
    for number, actions in enumerate(overlays, 1):
        written(folder, *actions, name=f"{number}0-test.yaml")
    _, changes = apply(parse_yaml(dedent(document).encode(), Path("spec.yaml")), load_overlays(folder))
    return [
        (
            f"{u.earlier.action.file.name[:2]}:{to_jsonpath(u.earlier.path)}",
            f"{u.later.action.file.name[:2]}:{to_jsonpath(u.later.path)}",
        )
        for u in reverted(changes)
    ]


A_REPLACED = ["target: $.a.required\nremove: true", "target: $.a\nupdate: {required: [z]}"]


def test_replacing_a_list_in_two_actions_undoes_nothing(tmp_path: Path) -> None:
    assert undoing(tmp_path, "a: {required: [x, y]}", A_REPLACED) == []


@pytest.mark.parametrize(
    ("document", "overlays", "found"),
    [
        # a value set twice
        ("a: {b: 1}", [["target: $.a\nupdate: {b: 2}"], ["target: $.a\nupdate: {b: 3}"]], [("10:$.a.b", "20:$.a.b")]),
        # set, and removed again: itself, what holds it, or a part of it
        ("a: {x: 1}", [["target: $.a\nupdate: {b: {c: 1}}"], ["target: $.a.b\nremove: true"]], [("10:$.a.b", "20:$.a.b")]),
        ("a: {b: {}}", [["target: $.a.b\nupdate: {c: 1}"], ["target: $.a.b\nremove: true"]], [("10:$.a.b.c", "20:$.a.b")]),
        ("a: {}", [["target: $.a\nupdate: {b: {c: {d: 1}, e: 1}}"], ["target: $.a.b.c\nremove: true"]], [("10:$.a.b", "20:$.a.b.c")]),
        ("a: {}", [["target: $.a\nupdate: {b: {c: 1}}"], ["target: $.a.b\nupdate: {c: 2}"]], [("10:$.a.b", "20:$.a.b.c")]),
        # removed, and put back as it was, or by another overlay as something else
        ("a: {b: {c: 1}}", [["target: $.a.b\nremove: true", "target: $.a\nupdate: {b: {c: 1}}"]], [("10:$.a.b", "10:$.a.b")]),
        ("a: {b: {c: 1}}", [["target: $.a.b\nremove: true"], ["target: $.a\nupdate: {b: {c: 2}}"]], [("10:$.a.b", "20:$.a.b")]),
        # appended, and removed; the item is found wherever it has moved to
        ("a: [{n: 0}]", [["target: $.a\nupdate: {n: 1}"], ["target: $.a[?@.n == 1]\nremove: true"]], [("10:$.a", "20:$.a[1]")]),
        ("a: [{n: 0}]", [["target: $.a[0]\nremove: true"], ["target: $.a\nupdate: {n: 0}"]], [("10:$.a[0]", "20:$.a")]),
        ("a: [{n: 0}, {n: 1}]", [["target: $.a[1]\nupdate: {x: 1}"], ["target: $.a[0]\nremove: true"], ["target: $.a[0]\nremove: true"]], [("10:$.a[1].x", "30:$.a[0]")]),
    ],
)  # fmt: skip
def test_what_a_later_action_takes_back_is_found(
    tmp_path: Path, document: str, overlays: list[list[str]], found: list[tuple[str, str]]
) -> None:
    assert undoing(tmp_path, document, *overlays) == found


@pytest.mark.parametrize(
    ("document", "overlays"),
    [
        # adding beside, or inside, what was added
        ("a: {}", [["target: $.a\nupdate: {b: {c: 1}}"], ["target: $.a.b\nupdate: {d: 1}"]]),
        ("a: {}", [["target: $.a\nupdate: {b: [1]}"], ["target: $.a.b\nupdate: 2"], ["target: $.a\nupdate: {b: [3]}"]]),
        # a removal that leaves what the first one added
        ("a: [{n: 0}]", [["target: $.a\nupdate: {n: 1}"], ["target: $.a[?@.n == 0]\nremove: true"]]),
        ("a: [{n: 0}, {n: 1}]", [["target: $.a[0]\nremove: true"], ["target: $.a\nupdate: {n: 2}"]]),
        ("a: [{n: 0}, {n: 1}]", [["target: $.a[1]\nupdate: {x: 1}"], ["target: $.a[0]\nremove: true"]]),
        # two removals, one around the other
        ("a: {b: {c: {}}}", [["target: $.a.b.c\nremove: true"], ["target: $.a.b\nremove: true"]]),
        # a replaced list that keeps what another overlay added to it
        ("a: {required: [x]}", [["target: $.a\nupdate: {required: [z]}"], A_REPLACED]),
        # elsewhere
        ("a: {b: 1}\nc: {b: 1}", [["target: $.a\nupdate: {b: 2}"], ["target: $.c\nupdate: {b: 3}"]]),
    ],
)
def test_what_is_added_to_is_not_taken_back(tmp_path: Path, document: str, overlays: list[list[str]]) -> None:
    assert undoing(tmp_path, document, *overlays) == []


def test_a_reverted_action_is_reported_with_both_places(tmp_path: Path) -> None:
    written(tmp_path, "target: $.a\nupdate: {b: 2}", name="10-one.yaml")
    written(tmp_path, "target: $.a\nupdate: {b: 3}", name="20-two.yaml")
    _, changes = apply({"a": {"b": 1}}, load_overlays(tmp_path))
    assert [str(found) for found in reverted(changes)] == [
        "10-one.yaml: action 1 ($.a) sets $.a.b, which 20-two.yaml: action 1 ($.a) takes back; drop one of the two"
    ]


def test_a_place_is_shown_as_a_json_path_that_finds_it(tmp_path: Path) -> None:
    names = ["plain", "it's", 'a "b"', "back\\slash", "new\nline", "", "200", "/a/{b}", "x-y", "ü"]
    document: dict[str, Any] = {"a": {name: {"n": 0} for name in names}}
    for name in names:
        place = to_jsonpath(("a", name))
        overlays = load_overlays(written(tmp_path, f"target: {json.dumps(place)}\nupdate: {{n: 1}}"))
        assert [change.path for change in apply(document, overlays)[1]] == [("a", name, "n")]
    assert to_jsonpath(("a", "it's", 0, "b")) == "$.a['it\\'s'][0].b"
