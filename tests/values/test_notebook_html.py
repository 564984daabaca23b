"""What notebooks show: sentences, tables, folds; texts stay texts."""

from hypothesis import given
from hypothesis import strategies as st

from svclight.values import notebook_html
from svclight.values.notebook_html import TextTable


def test_a_fragment_holds_its_styles_and_no_script():
    html = notebook_html.fragment("a", "b")
    assert html.startswith('<div class="svclight-shown"><style>.svclight-shown{')
    assert html.endswith("</style>ab</div>")
    assert "\n" not in html


def test_a_short_first_sentence_is_a_heading():
    assert notebook_html.paragraphs(["One", "Two", " "]) == '<p class="head">One</p><p>Two</p>'
    assert notebook_html.paragraphs(["x" * 121]) == f"<p>{'x' * 121}</p>"


def test_numbers_stand_at_the_right():
    made = TextTable(("a", "b"), (("x", "1"),), frozenset({1}))
    html = notebook_html.table(made)
    assert '<th scope="col">a</th><th scope="col" class="n">b</th>' in html
    assert '<tr><td>x</td><td class="n">1</td></tr>' in html
    assert notebook_html.table(TextTable(("a",), ())) == ""


def test_a_fold_without_content_is_none():
    assert notebook_html.fold("a", "") == ""
    assert notebook_html.fold("a & b", "c") == "<details><summary>a &amp; b</summary>c</details>"


def test_lines_of_code_stay_lines():
    assert notebook_html.code("a:\n  <b>\x1b") == "<pre>a:\n  &lt;b&gt;\\x1b</pre>"


def test_blanks_that_do_not_break_stay():
    assert notebook_html.shown("86\xa0% of 1\u202f000\nb") == "86\xa0% of 1\xa0000<br>b"


@given(st.text())
def test_no_text_is_markup(text):
    html = notebook_html.shown(text).replace("<br>", "")
    assert not {"<", ">", '"', "'"} & set(html)
    assert "&" not in html.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "").replace("&quot;", "").replace(
        "&#x27;", ""
    )
