"""XES: rows of events with the keys of their traces; what is no XES, and XML that would grow or fetch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.raw_logs import read_both, words

import svclight
from svclight.errors import LogError
from svclight.reading import xes

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="none"/></global>
  <string key="concept:name" value="the log"/>
  <trace>
    <string key="concept:name" value="case &amp; 1"><string key="inner" value="no key of the case"/></string>
    <event><string key="concept:name" value="open"/>
           <date key="time:timestamp" value="2026-01-05T09:00:00.000+01:00"/></event>
    <event><string key="concept:name" value="close"/><boolean key="ok" value="true"/>
           <date key="time:timestamp" value="2026-01-05T10:30:00.000+01:00"/>
           <list key="tags"><values><string key="concept:name" value="no key of the event"/></values></list></event>
  </trace>
  <trace><string key="concept:name" value="2"/><float key="cost" value="1.5"/></trace>
  <event><string key="concept:name" value="of no case"/></event>
</log>
"""


def test_events_with_the_keys_of_their_traces(write):
    raw = read_both(write(LOG, "log.xes"), ["case:concept:name", "concept:name", "time:timestamp", "ok", "case:cost"])
    assert words(raw) == [
        ["case & 1", "open", "2026-01-05T09:00:00.000+01:00", "", ""],
        ["case & 1", "close", "2026-01-05T10:30:00.000+01:00", "true", ""],
        ["", "of no case", "", "", ""],
    ]
    assert raw.lines.tolist() == [1, 2, 3]  # the numbers of the events


def test_an_event_log_is_scored(write):
    """From `open` at 9:00 to `close` at 10:30 are 5,400 s."""
    yaml = """
svclight: 1
time_zone: Europe/Berlin
processes:
  p:
    title: P
    log:
      rows: events
      id: "case:concept:name"
      time: at
      step: "concept:name"
      steps: {opened: open, closed: close}
      fields: {at: {time: "time:timestamp"}}
      exclude: [{where: {"concept:name": of no case}, reason: no case}]
    criteria:
      w: {measure: {duration: {from: opened, to: closed}}, green: "<= 1 h", yellow: "<= 2 h"}
"""
    card = svclight.score(
        write(LOG.replace('<event><string key="concept:name" value="of no case"/></event>', ""), "log.xes"),
        svclight.loads(yaml),
    )
    found = card.interactions()
    assert found[["id", "value", "zone"]].to_numpy().tolist() == [["case & 1", 5400.0, "yellow"]]


def test_absent_keys_are_one_message(write):
    message = (
        r'log.xes: the log has no columns "case:name" \(log.case:name\), "name" \(log.name\); .*; these columns are there: '
        '"concept:name", "time:timestamp", "ok", "case:concept:name"'
    )
    with pytest.raises(LogError, match=message) as caught:
        read_both(write(LOG, "log.xes"), ["case:name", "name"])
    assert len(caught.value.issues) == 1


def test_encodings(write):
    for name in ("utf-8", "utf-16", "iso-8859-1", "cp1251"):
        text = f'<?xml version="1.0" encoding="{name}"?><log><event><string key="x" value="{{}}"/></event></log>'
        word = "Ж" if name == "cp1251" else "é"
        assert words(read_both(write(text.format(word).encode(name), "log.xes"), ["x"])) == [[word]]
    text = '<log><event><string key="x" value="é"/></event></log>'.encode("cp1252")
    assert words(read_both(write(text, "log.xes"), ["x"], encoding="cp1252")) == [["é"]]
    with pytest.raises(LogError, match=r"log.xes:1: this is no XES file that can be read; found not well-formed"):
        read_both(write(text, "log.xes"), ["x"])


BOMB = (
    '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + ']><log><event><string key="x" value="&i;"/></event></log>'
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, "an XML file with a document type is not read"),
        ('<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>', "an XML file with a document type is not read"),
        ('<log><event><string key="x" value="&b;"/></event></log>', "found undefined entity"),
        ("<html><body/></html>", "this is no XES event log; found an XML file of <html>; expected <log>"),
        ("garbage", "log.xes:1: this is no XES file that can be read; found syntax error"),
        ("", "log.xes: the file is empty"),
        ("<log>" + "<list>" * 200, "the XML is nested too deep"),
        ('<log><trace><event/><string key="x" value="1"/></trace></log>', "a key of a trace stands behind its events"),
        ('<?xml version="1.0" encoding="nothing"?><log/>', "found unknown encoding"),
    ],
)
def test_files_that_are_not_read(write, content, message):
    with pytest.raises(LogError, match=message):
        read_both(write(content, "log.xes"), ["x"])


def test_a_tag_without_end_is_not_held(write, monkeypatch):
    monkeypatch.setattr(xes, "_LONGEST", 1 << 18)
    with pytest.raises(LogError, match="a tag of the XML is too long"):
        read_both(write(f'<log><event><string key="x" value="{"a" * (1 << 19)}"/></event></log>', "log.xes"), ["x"])


def test_a_file_that_ends_anywhere_is_a_log_error(write):
    for end in range(1, len(LOG.rstrip()), 61):
        with pytest.raises(LogError, match=r"log\.xes"):
            read_both(write(LOG[:end], "log.xes"), ["ok"])


@given(st.lists(st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=5)), max_size=4))
def test_whatever_values_are_and_however_long_traces_are(tmp_path_factory, traces):
    """Parts of two rows: traces go over several."""
    from xml.sax.saxutils import quoteattr

    path = tmp_path_factory.mktemp("xes") / "log.xes"
    cases = (
        f'<trace><int key="n" value="{number}"/>'
        + "".join(f'<event><string key="x" value={quoteattr(word)}/></event>' for word in words_of)
        + "</trace>"
        for number, words_of in enumerate(traces)
    )
    path.write_text(f"<log>{''.join(cases)}<event><string key='x' value='end'/></event></log>", encoding="utf-8")
    with pytest.MonkeyPatch().context() as patch:
        patch.setattr(xes, "_BATCH", 2)
        raw = read_both(path, ["x"])
    assert words(raw) == [[word] for words_of in traces for word in words_of] + [["end"]]
