"""The mistakes that people make most, and the words that come back: each says what to write, and that works."""

import pytest

import svclight

TEXT = """
svclight: 1
time_zone: {zone}
processes:
  p:
    title: P
    log:
      time: at
      customer: who
      fields: {{at: {{time: at}}, waited: {{number: q_time, unit: s}}, who: {{text: who}}, called: {{time: c}}}}
    criteria:
      c: {criterion}
"""
SOUND = '{measure: {value: waited}, green: "<= 5 s"}'


def problem(criterion: str = SOUND, zone: str = "UTC") -> str:
    with pytest.raises(svclight.DefinitionError) as error:
        svclight.loads(TEXT.format(zone=zone, criterion=criterion))
    (issue,) = error.value.issues  # one cause, one message
    return str(issue)


def loads(criterion: str = SOUND, zone: str = "UTC") -> bool:
    return bool(svclight.loads(TEXT.format(zone=zone, criterion=criterion)))


@pytest.mark.parametrize("zone", ["MSK", "GMT+3", "UTC+3", '"+03:00"'])
def test_a_distance_from_utc_hints_at_a_place(zone):
    assert "unknown time zone; found " in problem(zone=zone)
    assert 'name a place, such as "Europe/Moscow"' in problem(zone=zone)
    assert loads(zone="Europe/Moscow")


def test_an_abbreviation_that_iana_knows_is_no_place_either():
    assert problem(zone="EST").endswith(
        "this is an abbreviation, which knows no summer time; "
        'found "EST"; expected an IANA name such as Europe/Berlin or UTC; name a place, such as "America/New_York"'
    )


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("green: 80", "green: '>= 80 %'"),
        ("green: 0.8", "green: '>= 80 %'"),
        ("red: 5", "red: '<= 5 %'"),
        ("yellow: 0.05", "yellow: '<= 5 %'"),
        ("net: 30", "net: '>= 30'"),
    ],
)
def test_a_bare_number_hints_at_the_limit_that_is_good(target, meant):
    criterion = '{{measure: {{value: waited}}, green: "<= 5 s", targets: {{{}}}}}'
    limit = meant.partition("'")[2].removesuffix("'")
    assert problem(criterion.format(target)).endswith(f'did you mean "{limit}"?')
    assert loads(criterion.format(meant))


def test_a_missing_key_shows_an_example():
    assert problem('{measure: {repeat: {within: 7 d}}, green: "<= 0"}').endswith(
        'measure.repeat: the key "same" is missing; expected a key `same`, such as `same: [customer]`'
    )
    assert loads('{measure: {repeat: {within: 7 d, same: [customer]}}, green: "<= 0"}')


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("q_time", 'the field "waited" reads that column: name the field'),
        ("wait", 'did you mean "waited"?'),
        ("speed", "a column is declared under `log.fields` first: {speed: {number: speed}}"),
        ("w\u0430ited", "They look alike: sign 2 is CYRILLIC SMALL LETTER A, not LATIN SMALL LETTER A"),
    ],
)
def test_an_unknown_field_hints_at_what_to_name(name, hint):
    assert problem(f'{{measure: {{value: {name}}}, green: "<= 5 s"}}').endswith(hint)


def test_a_criterion_without_a_measure_is_told_beside_one_that_is_made_of_it():
    assert "a measure is exactly one thing; found nothing" in problem(
        '{measure: {}, green: "<= 5 s"}\n      w: {measure: {worst: [c]}}'
    )
