"""Reads every GET of the resolved document, and the status of one top-up, through the user's own client."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aig_billing import APIResponseValidationError, APIStatusError, AuthenticationError
from attrs import frozen

from aig_billing_runtime.operation import Call, Operation, Success

from .schema import Json, Schema, as_object, as_objects, resolved

if TYPE_CHECKING:
    from aig_billing import Client

_STATUS = "/accounts/{account_id}/ai-gateway/billing/topup/status"
_PREFIX = "/accounts/{account_id}/ai-gateway"
_DAY_MS = 86_400_000


@frozen
class Answer:
    """One answer, or why there is none."""

    where: str
    """The operation."""
    query: Mapping[str, object] = {}
    status: int = 0
    headers: Mapping[str, str] = {}
    body: Json = None
    refusal: str = ""
    """Status and codes of an error."""
    documented: Mapping[str, Any] = {}
    """The response that the document has for the status that came."""

    @property
    def result(self) -> Json:
        """What stands in the envelope."""
        return as_object(self.body).get("result")

    @property
    def schema(self) -> Schema | None:
        """The documented schema of the whole body."""
        schema: Schema | None = self.documented.get("content", {}).get("application/json", {}).get("schema")
        return schema


class AnswerReader:
    """Sends what reads, and nothing else."""

    def __init__(self, client: Client) -> None:
        import yaml

        text = importlib.resources.files("aig_billing").joinpath("openapi.yaml").read_text(encoding="utf-8")
        self._client = client
        self.document: Schema = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - either is a safe one

    def read_all(self) -> Iterator[Answer]:
        """Every GET, with the queries that show most, and the status of the top-up that the newest invoice is about."""
        now_ms = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
        gateway: str | None = None
        for path, item in self.document["paths"].items():
            if "get" not in item:
                continue
            others = [name for name in _path_parameters(path) if name != "account_id"]
            if others and (others != ["id"] or gateway is None):
                yield Answer(_shown("GET", path), refusal=f"no {others[0]} to ask with")
                continue
            for query in _queries(path, now_ms):
                answer = self.read(path, query, gateway)
                yield answer
                if path == f"{_PREFIX}/gateways" and (listed := as_objects(answer.result)):
                    gateway = str(listed[0].get("id"))
                if path.endswith("/invoice-history") and not query:
                    yield from self._status(answer)

    def usage(self, start: float, end: float) -> Answer:
        """The usage between two moments in Unix seconds, by day."""
        query = {"value_grouping_window": "day", "start_time": int(start * 1000), "end_time": int(end * 1000)}
        return self.read(f"{_PREFIX}/billing/usage-history", query)

    def _status(self, history: Answer) -> Iterator[Answer]:
        ids = [str(invoice.get("id")) for invoice in as_objects(as_object(history.result).get("invoices"))]
        for payment_id in [one for one in ids if one.startswith("in_")][:1]:
            yield self.read(_STATUS, payment_id=payment_id)

    def read(
        self, path: str, query: Mapping[str, object] = {}, gateway: str | None = None, payment_id: str | None = None
    ) -> Answer:
        """Ask one question. An error that is about the credentials is raised: then there is nothing to verify."""
        method = "GET" if payment_id is None else "POST"
        body = None if payment_id is None else json.dumps({"payment_intent_id": payment_id}).encode()
        plain: Operation[Any] = Operation(
            call="verify", method=method, path=path, retry="safe", successes=(Success(object),)
        )
        given = tuple(gateway if name == "id" else None for name in _path_parameters(path))
        where = _shown(method, path)
        try:
            response = self._client.send_detailed(Call(plain, given, urlencode(query), body))
            came = json.loads(response.content)
        except APIStatusError as error:
            if isinstance(error, AuthenticationError) and "/tokens/verify" not in path:
                raise
            codes = ", ".join(f"{code:g}" for code in error.codes)
            return Answer(where, query, refusal=f"{error.status_code} ({codes or 'no code'})")
        except (APIResponseValidationError, ValueError):
            return Answer(where, query, refusal="an answer that is not JSON")
        responses = self.document["paths"][path][method.lower()]["responses"]
        documented = resolved(responses.get(str(response.status_code), {}), self.document)
        return Answer(where, query, response.status_code, response.headers, came, documented=documented)


def _queries(path: str, now_ms: int) -> list[dict[str, object]]:
    if path.endswith("/billing/usage-history"):
        return [
            {"value_grouping_window": unit, "start_time": now_ms - days * _DAY_MS, "end_time": now_ms}
            for unit, days in (("day", 30), ("hour", 2))
        ]
    if path.endswith("/billing/invoice-history"):
        # The last is not documented: whether it is taken shows in how many invoices come.
        return [{}, {"type": "all"}, {"type": "auto"}, {"type": "manual"}, {"per_page": 1}]
    return [{}]


def _path_parameters(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _shown(method: str, path: str) -> str:
    return f"{method} {path.removeprefix(_PREFIX).removeprefix('/accounts/{account_id}')}"
