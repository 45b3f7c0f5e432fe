"""What is published is what was accepted, and no change of it goes unnoticed."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.wording import read_texts

from . import facts, manifest


@pytest.mark.parametrize(("kind", "lang"), manifest.EACH)
def test_what_is_published_is_what_was_accepted(kind, lang):
    found = list(manifest.changes(kind, lang, manifest.stored(kind, lang), manifest.now(kind, lang)))
    assert found == [], "after an intended change: make accepted"


def test_a_change_reads_as_a_sentence():
    before = {"fee_by_municipality, title": "Nykvarn betalar 44\u00a0056 kr", "a": "x", "b": "y"}
    after = {"b": "y", "fee_by_municipality, title": "Nykvarn betalar 44\u00a0057 kr", "c": "z"}
    assert list(manifest.changes("charts", "sv", before, after)) == [
        "fee_by_municipality, title (sv): 44\u00a0056 became 44\u00a0057",
        "a (sv) is gone: x",
        "c (sv) is new: z",
        "charts (sv) stand in another order",
    ]


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("", r"texts_sv\.txt is not there"),
        ("no tab here\n", "line 1 is damaged"),
        ('a\t"x"\na\t"y"\n', "line 2 is damaged"),
        ("a\tx\n", "line 1 is damaged"),
        ("a\t1\n", "line 1 is damaged"),
        ('a\t"x"\nb\t"cut o', "line 2 is damaged"),
        ('a\t"x"\n\nb\t"y"\n', "line 2 is damaged"),
    ],
)
def test_a_damaged_manifest_is_named(tmp_path, monkeypatch, damage, named):
    monkeypatch.setattr(manifest, "FOLDER", tmp_path)
    if damage:
        (tmp_path / "texts_sv.txt").write_text(damage, encoding="utf-8")
    with pytest.raises(ValueError, match=r"texts_sv\.txt.*make accepted") as raised:
        manifest.stored("texts", "sv")
    assert raised.match(named)


def test_what_is_stored_is_read_as_it_was(tmp_path, monkeypatch):
    said = {"a": "x\ty\nz\u00a0å", "b": "", "c": "two\u2028lines\x85of one text"}
    monkeypatch.setattr(manifest, "FOLDER", tmp_path)
    monkeypatch.setitem(manifest.KINDS, "texts", lambda lang: iter([*said.items()]))
    manifest.store("texts", "sv")
    assert manifest.stored("texts", "sv") == said
    said.clear()
    manifest.store("texts", "sv")
    assert manifest.stored("texts", "sv") == {}


@pytest.mark.parametrize(("old", "new"), [("<td>451,392", "<td>451,393"), ("<title>S", "<title>T")])
def test_a_cell_and_the_title_of_the_page_are_held(monkeypatch, old, new):
    before, page = dict(facts.web("en")), facts._page()
    assert old.encode() in page
    monkeypatch.setattr(facts, "_page", lambda: page.replace(old.encode(), new.encode(), 1))
    (change,) = manifest.changes("web", "en", before, dict(facts.web("en")))
    assert new.partition(">")[2] in change


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_held_also_those_in_waiting(lang):
    held = manifest.stored("texts", lang)
    assert len(held) > 600
    assert held == {
        f"{section}.{key}": text for section, keys in read_texts(lang).items() for key, text in keys.items()
    }


def test_a_bar_or_a_label_that_is_missing_is_seen(all_charts):
    """Each bar and each label of the plot in turn: its picture must differ, its own drawn again must not."""
    chart = all_charts["fee_by_municipality", "sv"]
    again = facts.grey(replace(chart).render("png", dpi=96))
    assert manifest.alike(facts.grey(chart.render("png", dpi=96)), again)
    figure = replace(chart).figure
    (axes,) = figure.axes
    parts = [*axes.patches, *(text for text in axes.texts if text.get_text()), *figure.texts]
    assert len(parts) > 2 * 8
    for part in parts:
        part.set_visible(False)
        assert not manifest.alike(again, facts.grey(pixels(figure))), part
        part.set_visible(True)


def pixels(figure) -> bytes:
    figure.canvas.draw()
    drawn, stored = np.asarray(figure.canvas.buffer_rgba()), io.BytesIO()
    Image.fromarray(drawn).resize((1280, 720)).save(stored, "png")
    return stored.getvalue()


def test_letters_with_other_edges_are_alike(all_charts):
    """Another edition of FreeType draws the edges of letters otherwise: here they are smeared by half a pixel."""
    chart = all_charts["fee_by_municipality", "sv"]
    drawn, smeared = chart.render("png", dpi=96), io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as image:
        sharp = image.convert("RGB")
        Image.blend(sharp, sharp.transform(sharp.size, Image.Transform.AFFINE, (1, 0, 1, 0, 1, 0)), 0.5).save(
            smeared, "png"
        )
    assert manifest.alike(facts.grey(drawn), facts.grey(smeared.getvalue()))
