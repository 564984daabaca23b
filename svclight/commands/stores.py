"""Stores on the command line: `score --into` adds a run, `runs` lists them.

In: a store, what a call is to be answered from. Out: the card, with a line that says what the store did; the table of
runs.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer evaluates the annotations of options when it runs
from typing import TYPE_CHECKING, Annotated, Any

import typer

from svclight.commands.common import (
    Given,
    card_of,
    check_files,
    give_table,
    load_definitions,
    named_logs,
    print_notices,
)
from svclight.commands.options import Output
from svclight.commands.terminal import print_rejected
from svclight.errors import printable_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svclight.scorecard import Scorecard
    from svclight.store.answers import Answer
    from svclight.store.same_call import Question


def runs(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="A store, such as service.duckdb.")],
    output: Output = None,
) -> None:
    """Lists the runs of a store: when each was seen, its periods, and by which definition they were counted.

    Example: svclight runs service.duckdb
    """
    from svclight import store as stores

    check_files(Given(None, card=store), [output])
    give_table(stores.runs_of(store), output)


def counted_into(into: Path, given: Given, say: Callable[[str], None], **options: Any) -> Scorecard:
    """The card of a call, added to a store, or found there where no file has changed; `say` is told what was done.

    Raises:
        SvclightError: The call does not hold together, what was given cannot be read, or the store cannot be used.
    """
    from svclight.store.answers import keep_answer

    answer = keep_answer(into, _question_of(given, options), lambda: card_of(given, **options))
    if not answer.is_read:  # what was said of its logs is said again
        print_notices(answer.card.provenance.notices)
        print_rejected(answer.card.rejected)
    say(_kept_in_words(answer, printable_text(into, 200)))
    return answer.card


def _question_of(given: Given, options: dict[str, Any]) -> Question | None:
    """What a call asks of which files; None where its logs are no files, or it counts nothing itself."""
    from svclight.logs.logs_of_call import sources_of
    from svclight.store.same_call import question_of

    if given.card is not None or given.definition is None:
        return None
    definitions = load_definitions(given.definition)
    files: dict[str, Sequence[Path]] = {"": given.tables or ()}
    if given.logs:
        sources = sources_of(named_logs(given.logs, definitions), definitions)
        joined = {".".join(names): source for names, source in sources.joined.items()}
        all_sources = {**sources.logs, **joined}
        if any(source.table is not None for source in all_sources.values()):
            return None
        files |= {name: source.paths for name, source in all_sources.items()}
    customers = options["customers"]
    files["customers"] = [] if customers is None else [customers]
    return question_of(definitions, files, **{**options, "customers": customers is not None})


def _kept_in_words(answer: Answer, name: str) -> str:
    """What a store did with a call, in a line."""
    from svclight.wording.short_phrases import count_text

    if not answer.is_read:
        return f"{name}: nothing was read: no file of this call has changed since run {answer.run} counted it"
    if not answer.is_new:
        return f"{name}: run {answer.run} has the same counts: nothing was added"
    new, replaced, older = answer.periods
    words = [
        f"{count_text(new, 'new period')}" if new else "",
        f"{count_text(replaced, 'period')} in the place of earlier counts" if replaced else "",
        f"{count_text(older, 'period')} of which later counts are there already" if older else "",
    ]
    return f"{name}: added as run {answer.run}: {', '.join(filter(None, words)) or 'no period'}"
