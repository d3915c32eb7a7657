"""The result of a schedule of chaos, judged by the sandbox's own log of charges."""

import collections
from dataclasses import dataclass, field
from typing import Any

from tests.charges.schedules import SMALL_JUMP, Schedule

Counts = collections.Counter[str]
Entry = dict[str, Any]
BAD = ("DOUBLE CHARGES", "LOST", "INVENTED", "CONTRADICTED")


@dataclass
class Figures:
    """What was done and how it ended."""

    counts: Counts = field(default_factory=collections.Counter)
    deaths: Counts = field(default_factory=collections.Counter)
    complaints: list[str] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        self.counts.update(other.counts)
        self.deaths.update(other.deaths)
        self.complaints += other.complaints


def judge(
    figures: Figures, schedule: Schedule, received: list[Entry], shown: list[Entry], last: dict[str, Entry]
) -> None:
    """Compare what the sandbox received with what was reported, along the way and at last."""
    counts, complain = figures.counts, figures.complaints
    counts["charges received"] += len(received)
    counts["charges accepted"] += sum(charge["outcome"] == "accepted" for charge in received)
    counts["keys"] += len(schedule.amounts)
    outcomes = {key: entry for key, entry in last.items() if entry["end"] == "outcome"}
    counts["reported as made"] += len(outcomes)
    counts["reported as not found"] += sum(entry["end"] == "ChargeNotFound" for entry in last.values())
    counts["reported as refused"] += sum(
        entry["end"] not in {"outcome", "ChargeNotFound", "ChargeOutcomeUnknown"} for entry in last.values()
    )
    for amount in set(schedule.amounts.values()):
        keys = [key for key, its in schedule.amounts.items() if its == amount]
        here = [charge for charge in received if charge["amount_cents"] == amount]
        accepted = {charge["invoice_id"] for charge in here if charge["outcome"] == "accepted"}
        known = [outcomes[key]["payment_id"] for key in keys if key in outcomes]
        unknown = [key for key in keys if last.get(key, {}).get("end") == "ChargeOutcomeUnknown"]
        about = f"schedule {schedule.number}: {schedule}\n  received {here}\n  last {last}\n  reported {shown}"
        if len(here) > len(keys):
            counts["DOUBLE CHARGES"] += len(here) - len(keys)
            complain.append(f"double charge, {about}")
        if set(known) - accepted or len(set(known)) != len(known):
            counts["INVENTED"] += 1
            complain.append(f"invented outcome, {about}")
        if any(abs(contender.clock_ahead) > SMALL_JUMP for contender in schedule.contenders):
            # What became of a charge may be reported wrongly then, as docs/charges.md says; that it is sent once rests on no clock.
            continue
        missing = len(accepted - set(known))
        counts["left unknown"] += len(unknown)
        if missing > len(unknown):
            counts["LOST"] += missing - len(unknown)
            complain.append(f"lost outcome, {about}")
        elif unknown and len(keys) == 1:
            # With one key of this amount the evidence decides.
            counts["LOST"] += 1
            complain.append(f"unknown for no reason, {about}")
    for entry in shown:
        final = outcomes.get(entry["key"])
        if entry["end"] == "outcome" and (final is None or final["payment_id"] != entry["payment_id"]):
            counts["CONTRADICTED"] += 1
            complain.append(f"an outcome that was reported is another later, schedule {schedule.number}: {shown}")


def report(figures: Figures, elapsed: float, journal: str) -> str:
    """Write the figures down."""
    counts = figures.counts
    double, lost, invented, contradicted = (counts[name] for name in BAD)
    sentences = (
        f"chaos on {journal}: {counts['schedules']:,} schedules, {counts['processes']:,} processes, {counts['faults']:,} faults,",
        f" {counts['sandbox restarts']} sandbox restarts, {counts['postgresql restarts']} of PostgreSQL, {counts['paused']} paused,",
        f" {counts['forks']} forked while reading, {counts['mounts']} by another mount, {counts['clock jumps']} with a jumped clock,",
        f" {counts['contradicting lists']} contradicting lists, in {elapsed:.0f} s\n",
        f"  killed: {sum(figures.deaths.values()):,}, of which\n",
        *(f"    {place:24} {number:6,}\n" for place, number in sorted(figures.deaths.items())),
        f"  keys {counts['keys']:,}; charges received {counts['charges received']:,}, accepted {counts['charges accepted']:,};",
        f" reported as made {counts['reported as made']:,}, not found {counts['reported as not found']:,},",
        f" refused {counts['reported as refused']:,}, left unknown {counts['left unknown']:,} (of two keys of one amount)\n",
        f"  double charges {double}, outcomes lost {lost}, invented {invented}, contradicted {contradicted},",
        f" complaints {len(figures.complaints)}",
    )
    return "".join(sentences)
