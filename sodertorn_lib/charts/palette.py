"""The colours of the house on another ground than white: darker or lighter until they stand out from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text

from sodertorn_lib.charts.theme import BANDS, BLUE, CLASSES, GREY, GRID, INK, MUTED, ORANGE, PALE, PAPER, TEAL

Palette = Mapping[str, str]  # colours by those of the house

TONES = {INK: 4.5, MUTED: 4.5, BLUE: 4.5, ORANGE: 4.5, TEAL: 4.5, GREY: 3.0}  # contrast that each needs
HOUSE: Palette = {colour: colour for colour in (*TONES, GRID, *BANDS.values(), *PALE.values(), PAPER, *CLASSES)}
# As far apart under the three colour-vision deficiencies as those of the house, and of the same hues, as texts name
# them; light text on each class is at least 4.5:1.
ON_DARK: Palette = {
    INK: "#F7F9FB",
    MUTED: "#C1C6CD",
    BLUE: "#3791EE",
    ORANGE: "#ED9A4E",
    TEAL: "#33CA97",
    GREY: "#83878C",
    **dict(zip(CLASSES, ("#0F2E4D", "#17426D", "#1D558B", "#2464A2", "#2872B8"), strict=True)),
}
FURTHEST = 8  # twentieths towards black or white: further than that the hues are no longer told apart
TINT, PALER = 0.18, 0.7  # of a colour in its ground: intervals and grids, and what is not highlighted


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 reckons it.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return how light a colour is, from 0 to 1."""
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def linear(colour: str) -> list[float]:
    """Return how much light of each primary colour is in a colour."""
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]


def stands_out(colours: Sequence[str], grounds: Sequence[str], needed: float = 4.5) -> bool:
    """Return whether each colour has the contrast that is needed on each ground.

    >>> stands_out([INK], ["#FFFFFF", "#000000"])
    False
    """
    return all(contrast(colour, ground) >= needed for colour in colours for ground in grounds)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour with a share of another in it."""
    red, green, blue = (own + share * (more - own) for own, more in zip(to_rgb(one), to_rgb(other), strict=True))
    return to_hex((red, green, blue)).upper()


def palette_on(grounds: Sequence[str]) -> Palette | None:
    """Return the colours that stand out from all the grounds; None where the hues could not be told apart there.

    >>> palette_on(["#FFFFFF"]) == HOUSE
    True
    >>> palette_on(["#14213D"])[BLUE]
    '#3791EE'
    """
    for base, pole in ((HOUSE, "#000000"), (ON_DARK, "#FFFFFF")):
        tones = {colour: _shifted(base[colour], pole, grounds, needed) for colour, needed in TONES.items()}
        if None not in tones.values():
            return {**HOUSE, **base, **tones, **_tints(tones, grounds)}  # type: ignore[dict-item]
    return None


def recoloured(figure: Figure, palette: Palette) -> Figure:
    """Return the figure with every colour of the house as it is in a palette."""
    for artist in figure.findobj():
        if isinstance(artist, Text):
            artist.set_color(_new(artist.get_color(), palette))
        elif isinstance(artist, Line2D):
            artist.set_color(_new(artist.get_color(), palette))
            artist.set_markerfacecolor(_new(artist.get_markerfacecolor(), palette))
            artist.set_markeredgecolor(_new(artist.get_markeredgecolor(), palette))
        elif isinstance(artist, Patch | Collection):
            _refill(artist, palette)
        if isinstance(artist, Annotation) and artist.arrow_patch:
            _refill(artist.arrow_patch, palette)
    return figure


def _shifted(colour: str, pole: str, grounds: Sequence[str], needed: float) -> str | None:
    """Return the colour as near its own as stands out, mixed with black or white."""
    shades = (mixed(colour, pole, step / 20) if step else colour for step in range(FURTHEST + 1))
    return next((shade for shade in shades if stands_out([shade], grounds, needed)), None)


def _tints(tones: Mapping[str, str | None], grounds: Sequence[str]) -> Palette:
    """Return what is meant to lie behind: the ground itself, an interval, a grid, and what is not highlighted."""
    if set(grounds) == {PAPER}:
        return {}
    behind = {GRID: (INK, TINT)} | {band: (tone, TINT) for tone, band in BANDS.items()}
    shares = behind | {pale: (tone, PALER) for tone, pale in PALE.items()}
    return {PAPER: grounds[0]} | {own: mixed(grounds[0], str(tones[of]), much) for own, (of, much) in shares.items()}


def _refill(artist: Any, palette: Palette) -> None:
    """Change fill and edge of what has both; a collection may have several."""
    face, edge = artist.get_facecolor(), artist.get_edgecolor()
    several = isinstance(artist, Collection)
    artist.set_facecolor([_new(own, palette) for own in face] if several else _new(face, palette))
    artist.set_edgecolor([_new(own, palette) for own in edge] if several else _new(edge, palette))


def _new(colour: Any, palette: Palette) -> Any:
    *_, opacity = to_rgba(colour)
    own = to_hex(colour).upper()
    return palette.get(own, own) if opacity else "none"
