"""`CriterionId`: which criterion of which process, as one value.

In: ids, or a name such as `hotline.wait`. Out: the value that views, decisions, plots and commands hand on.
"""

from __future__ import annotations

from typing import NamedTuple

from svclight.errors import Issue, SvclightError, quoted_text


class CriterionId(NamedTuple):
    """A criterion and the process that it belongs to; written `process.criterion`."""

    process: str
    criterion: str

    def __str__(self) -> str:
        return f"{self.process}.{self.criterion}"

    @classmethod
    def parse(cls, name: str) -> CriterionId:
        """The criterion of a name such as `hotline.wait`; the item of a quality card is `process.card.item`.

        Raises:
            SvclightError: The name has no process, or no criterion.
        """
        process, _, criterion = name.partition(".")
        if not (process and criterion):
            expected = "PROCESS.CRITERION such as hotline.wait"
            raise SvclightError(
                Issue("a criterion is named with its process", found=quoted_text(name), expected=expected)
            )
        return cls(process, criterion)
