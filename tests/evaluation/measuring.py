"""Summarisers measured over the set, before the check and after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.ports import ModelUnavailableError, ModelUnusableError, Summariser
from services.rules.summaries import Summary, checked
from tests.evaluation.cases import SESSION, Case
from tests.evaluation.scoring import Fault, Score, score

NOTHING = Score()


@dataclass(frozen=True)
class Measured:
    """What a summariser wrote, as it was and as readers would see it."""

    draft: Score = NOTHING
    shown: Score = NOTHING
    answered: int = 0
    failed: tuple[str, ...] = ()
    """Cases to which there was no answer, with the error's name."""

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(
            self.draft + other.draft,
            self.shown + other.shown,
            self.answered + other.answered,
            self.failed + other.failed,
        )


def measured(draft: Summary, readings: Mapping[int, str], case: Case) -> Measured:
    """One answer."""
    shown = checked(draft, case.sources(readings), SESSION)
    return Measured(score(draft, case, readings), score(shown, case, readings), answered=1)


async def measure(summariser: Summariser, cases: Iterable[Case]) -> Measured:
    """Its answers to all cases that are not too short; one that fails is counted."""
    total = Measured()
    for case in cases:
        if case.too_short:
            continue
        try:
            reply = await summariser.summarise(case.request)
        except (ModelUnavailableError, ModelUnusableError) as error:
            total += Measured(failed=(f"{case.id}: {type(error).__name__}",))
        else:
            total += measured(reply.draft, reply.readings, case)
    return total


def table(total: Measured) -> str:
    """The figures, one metric a line."""
    rows = [
        ("", "draft", "after the check"),
        ("statements", str(total.draft.statements), str(total.shown.statements)),
        ("quotes", str(total.draft.quotes), str(total.shown.quotes)),
        ("levels that the notes tell", str(total.draft.told), str(total.shown.told)),
        ("quote precision", f"{total.draft.precision:.3f}", f"{total.shown.precision:.3f}"),
        *(
            (fault.value, str(total.draft.counts[fault]), str(total.shown.counts[fault]))
            for fault in Fault
        ),
    ]
    width = max(len(name) for name, *_ in rows)
    return "\n".join(f"{name:<{width}}  {draft:>6}  {shown:>15}" for name, draft, shown in rows)
