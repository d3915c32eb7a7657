"""The answers that are served: the document's own examples, with as many invoices as a figure asks for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).resolve().parent.parent / "generated" / "aig_billing" / "openapi.yaml"
INVOICES = (10, 100, 1_000, 10_000)
IRREGULAR_IN_TEN = (2, 5, 8)
"""Three in ten invoices lack documented fields or bring one that no document knows."""

_BILLING = "/accounts/{account_id}/ai-gateway/billing"


def account_with(invoices: int) -> str:
    """Name the account that has so many invoices."""
    return f"{invoices:032d}"


def routes() -> dict[str, str]:
    """Make the path and the body of every answer."""
    import yaml  # the peers' interpreter has none, and needs none: it only asks for account_with()

    document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    balance = _example(document, f"{_BILLING}/credit-balance", "autoTopup")
    served: dict[str, str] = {}
    for count in INVOICES:
        mine = _BILLING.format(account_id=account_with(count))
        served[f"{mine}/credit-balance"] = _text(balance)
        served[f"{mine}/invoice-history"] = _text(_invoice_history(document, count))
    return served


def _example(document: Any, path: str, name: str) -> Any:  # noqa: ANN401 - JSON
    content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    return content["examples"][name]["value"]


def _invoice_history(document: Any, count: int) -> Any:  # noqa: ANN401 - JSON
    whole = _example(document, f"{_BILLING}/invoice-history", "paidAndOpen")
    least = _example(document, f"{_BILLING}/invoice-history", "sparse")["result"]["invoices"][0]
    page = {"has_more": False, "page": 1, "per_page": count, "total_count": count}
    invoices = list(_invoices(whole["result"]["invoices"], least, count))
    return {**whole, "result": {"invoices": invoices, "pagination": page}, "result_info": page}


def _invoices(regular: list[dict[str, Any]], least: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    for index in range(count):
        invoice = {**regular[index % 2], "id": f"in_1SUo2P{index:08d}", "created": 1794492202 + 3607 * index}
        if index % 10 not in IRREGULAR_IN_TEN:
            yield invoice
        elif index % 10 == IRREGULAR_IN_TEN[0]:
            yield {**least, "id": invoice["id"]}
        elif index % 10 == IRREGULAR_IN_TEN[1]:
            yield {name: value for name, value in invoice.items() if name not in {"created_by", "invoice_pdf"}}
        else:
            yield {**invoice, "customer_reference": f"cost centre {index % 7}"}


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
