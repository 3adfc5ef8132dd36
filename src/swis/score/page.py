"""The page `docs/reference/fault-scores.md`: the score of validation on a simulated data set, as tables."""

from __future__ import annotations

from swis.score.planted import Score
from swis.simulate.faults import Kind, kinds
from swis.simulate.fixtures import stopping_kinds

MADE = "<!-- Made by `make score`; do not edit. -->\n"
# In a small data set nearly every kind is scarce, and a list of all says nothing.
MOST_NAMED = 10
NOT_EXPLAINED = "**not explained**"


def page_text(score: Score, *, dataset: str, seed: int, authorities: int) -> str:
    """The page as Markdown; the same score gives the same bytes."""
    return "\n".join([_head(dataset, seed, authorities), _totals(score), _found(score), _borne(score), _stopping()])


def _head(dataset: str, seed: int, authorities: int) -> str:
    return (
        f"{MADE}# How much of what was planted validation finds\n\n"
        f"Measured on the **simulated** data set `{dataset}` (seed {seed}, {authorities} authorities). Its returns are "
        "invented, and so are its faults: `swis simulate` planted them and wrote down the record of each. A fault "
        "counts as found only where one of the rules named for its kind raised an alarm on that very record (or, for "
        "what is missing, named the month or the return). Faults of real returns will be of other kinds too, and "
        "no score here says how many of those are found.\n\n"
        "Faults that stop a run are not in this data set, because one of them would end every run of it; the last "
        "table says where they are.\n"
    )


def _totals(score: Score) -> str:
    kind_of = kinds()
    named = [name for name in kind_of if score.planted.get(name)]
    faults = [name for name in named if kind_of[name].detectable != "tolerated"]
    findable = [name for name in faults if kind_of[name].detectable == "yes"]
    borne = [name for name in named if name not in faults]
    aside = [name for name in faults if kind_of[name].severity == "set aside"]
    lines = [
        _share("Faults", faults, score),
        _share("of these, of kinds that can be found", findable, score),
        _share("of these, of severity 'set aside'", aside, score),
        _share("of these, with the row taken out of use", aside, score, score.aside),
        _share("Oddities that must be borne, read as meant", borne, score),
    ]
    quiet = [
        f"| Rows without a planted fault that are not set aside | {score.rows:,} | "
        f"{score.rows - score.rows_aside:,} | {_percent(score.rows - score.rows_aside, score.rows, 3)} |",
        f"| Rows without a planted fault that raise no alarm at all | {score.rows:,} | "
        f"{score.rows - score.rows_alarmed:,} | {_percent(score.rows - score.rows_alarmed, score.rows, 3)} |",
    ]
    scarce = [f"`{name}` ({score.planted[name]})" for name in faults if score.planted[name] < 20]
    return "\n".join(
        [
            "## Totals\n",
            "| What | Number | Found or quiet | Share |",
            "|---|---:|---:|---:|",
            *lines,
            *quiet,
            "",
            f"{len(faults)} kinds of fault and {len(borne)} kinds of oddity; {len(faults) - len(scarce)} kinds of "
            f"fault planted 20 times or more{_fewer(scarce)}.\n",
            "Alarms about counts (a month, a school, an arm) name no row and are not in the last two lines. A row "
            "whose alarm is the shadow of a fault planted in another record (the child whose number was given to "
            "another, the same pupil in the next census) counts as an alarm on a sound row.\n",
        ]
    )


def _fewer(scarce: list[str]) -> str:
    return f"; fewer: {', '.join(scarce)}" if len(scarce) <= MOST_NAMED else ""


def _share(title: str, names: list[str], score: Score, counts: dict[str, int] | None = None) -> str:
    planted = sum(score.planted[name] for name in names)
    found = sum((score.found if counts is None else counts).get(name, 0) for name in names)
    return f"| {title} | {planted:,} | {found:,} | {_percent(found, planted, 1)} |"


def _percent(part: int, whole: int, digits: int) -> str:
    """A percentage, never rounded up to 100."""
    if not whole:
        return ""
    scale = 10**digits
    return f"{part * 100 * scale // whole / scale:.{digits}f} %"


def _found(score: Score) -> str:
    rows = [
        f"| `{name}` | {kind.layer} | {kind.table} | {kind.severity} | {kind.rules.replace(' ', ', ')} | "
        f"{score.planted[name]} | {score.found.get(name, 0)} | {_reason(kind, score)} |"
        for name, kind in sorted(kinds().items())
        if kind.detectable != "tolerated" and score.planted.get(name)
    ]
    head = [
        "## Faults by kind\n",
        "Rules are codes of the DfE, kinds of shape failure, or short names of the rules in "
        "`src/swis/validate/plausibility`; any one of those named is enough.\n",
        "| Kind | Layer | Table | Severity | Rules | Planted | Found | Why the rest is missed |",
        "|---|---|---|---|---|---:|---:|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _reason(kind: Kind, score: Score) -> str:
    if score.planted[kind.name] == score.found.get(kind.name, 0):
        return ""
    return kind.why or kind.when_missed or NOT_EXPLAINED


def _borne(score: Score) -> str:
    rows = [
        f"| `{name}` | {score.planted[name]} | {score.found.get(name, 0)} | {_noted(kind, score)} | {kind.why} |"
        for name, kind in sorted(kinds().items())
        if kind.detectable == "tolerated" and score.planted.get(name)
    ]
    head = [
        "## Oddities that a reader must bear\n",
        "These are no faults of content. 'Read as meant': the record raised no alarm (of a whole file: it was read, "
        "and hardly a row of it did). 'Noted': how many a reading note on the validation page names.\n",
        "| Kind | Planted | Read as meant | Noted | Why it is borne |",
        "|---|---:|---:|---:|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _noted(kind: Kind, score: Score) -> str:
    return str(score.noted.get(kind.name, 0)) if kind.note else "not noted"


def _stopping() -> str:
    rows = [
        f"| `{name}` | {kind.what} | {kind.by} | {kind.stops} | {', '.join(kind.rules)} |"
        for name, kind in stopping_kinds().items()
    ]
    head = [
        "## Faults that must stop a run\n",
        "Each is planted by itself in a copy of the demo by the tests in `tests/faults`, which fail unless it is "
        "found; all are. 'Refused': named in one line before anything is read, exit code 2. 'Stopped': the returns are "
        "validated, the verdict is `fail` by the rules named and no others, and no later stage starts. Where a refused "
        "kind has rules too, they would stop it if validation were run by itself. Swapped arms can be told only where "
        "a reason in the allocation or a record of delivery contradicts them; without either, a wrong allocation looks "
        "like a right one.\n",
        "| Kind | What is planted | Refused or stopped | What stops | Rules of severity 'stop' |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])
