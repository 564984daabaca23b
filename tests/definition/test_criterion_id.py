"""Which criterion of which process, as one value."""

import pytest

from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError


@pytest.mark.parametrize("name", ["hotline.wait", "quality.card.polite"])
def test_a_name_is_read_and_written(name):
    which = CriterionId.parse(name)
    assert str(which) == f"{which}" == name
    assert which == (which.process, which.criterion) == tuple(name.split(".", 1))


@pytest.mark.parametrize("name", ["hotline", "hotline.", ".wait", ""])
def test_half_a_name_is_refused(name):
    words = f'a criterion is named with its process; found "{name}"; expected PROCESS.CRITERION such as hotline.wait'
    with pytest.raises(SvclightError, match=words):
        CriterionId.parse(name)
