"""The drawn parts of a certificate: fret border, guilloche, kapok blossom. No seal, ever.

Everything is one SVG in millimetres; what repeats is drawn once and used many times. The files in
`template/` are written by `write`, and a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin, tau
from pathlib import Path

RED, GOLD, PALE_GOLD, PALE_RED, PAPER = "#a61e17", "#a97f2f", "#dcc48d", "#e9b9b0", "#fffdf7"
STAMEN = "#ffe3a6"
TEMPLATES = Path(__file__).parent / "template"

Point = tuple[float, float]
_MARGIN, _BAND, _RIBBON, _CORNER = 8.5, 7.0, 4.2, 10.0


def landscape() -> str:
    """The frame of a certificate on A4 landscape."""
    width, height = 297.0, 210.0
    waves = f'<path id="wide" d="{_wave(32, 0.17)}"/><path id="core" d="{_wave(16, 0.34)}"/>'
    frets = f'<path id="fret" d="{_FRET}"/><path id="corner" d="{_FRET_CORNER}"/>'
    ground = _paper(width, height) + _rosettes(width / 2, height / 2 + 9)
    border = _border(width, height, _MARGIN)
    return _svg(width, height, waves + frets + _twist(), ground + border)


def portrait() -> str:
    """The quieter frame of a statement on A4 portrait: the gold ribbon alone."""
    width, height = 210.0, 297.0
    border = _ribbons(width, height, _MARGIN)
    return _svg(width, height, _twist(), _paper(width, height) + border)


def emblem() -> str:
    """The kapok blossom, the flower of the city."""
    return _svg(20, 20, "", _blossom(10, 10.4, 9.4, -90))


def write(folder: Path = TEMPLATES) -> None:
    for name, drawing in drawings().items():
        (folder / name).write_text(drawing, encoding="utf-8")


def drawings() -> dict[str, str]:
    return {"frame.svg": landscape(), "sheet.svg": portrait(), "emblem.svg": emblem()}


def _svg(width: float, height: float, defs: str, body: str) -> str:
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    size = f'width="{_n(width)}mm" height="{_n(height)}mm" viewBox="0 0 {_n(width)} {_n(height)}"'
    return f"{head} {size}><defs>{defs}</defs>{body}</svg>\n"


def _paper(width: float, height: float) -> str:
    return f'<rect width="{_n(width)}" height="{_n(height)}" fill="{PAPER}"/>'


# --- guilloche ---------------------------------------------------------------------------------


def _wave(waves: int, depth: float) -> str:
    """A closed curve of so many waves around a circle of radius 100."""
    points: list[Point] = []
    steps = waves * 8
    for step in range(steps):
        angle = tau * step / steps
        reach = 100 * (1 + depth * sin(waves * angle))
        points.append((reach * cos(angle), reach * sin(angle)))
    return _smooth(points)


def _rosettes(x: float, y: float) -> str:
    """Two families of waves that turn against each other weave the lattice."""
    wide = "".join(
        _turned("wide", turn * step * 0.85, 0.96 - 0.046 * step)
        for step in range(12)
        for turn in (1, -1)
    )
    core = "".join(
        _turned("core", turn * step * 1.9, 0.4 - 0.03 * step)
        for step in range(10)
        for turn in (1, -1)
    )
    place = f'transform="translate({_n(x)} {_n(y)}) scale(1 .6)" fill="none"'
    return (
        f'<g {place} stroke="{PALE_GOLD}" stroke-width=".16" opacity=".6">{wide}</g>'
        f'<g {place} stroke="{PALE_RED}" stroke-width=".42" opacity=".38">{core}</g>'
    )


def _turned(name: str, angle: float, scale: float) -> str:
    return f'<use xlink:href="#{name}" transform="rotate({_n(angle)}) scale({_n(scale)})"/>'


def _twist() -> str:
    """One period of the ribbon: three strands of a sine, each a third of a period later."""
    strands: list[str] = []
    for strand in range(3):
        points = [(step / 12 * 6, 1.55 * sin(tau * (step / 12 + strand / 3))) for step in range(13)]
        strands.append(_smooth(points, closed=False))
    return f'<path id="twist" d="{"".join(strands)}"/>'


def _smooth(points: Sequence[Point], *, closed: bool = True) -> str:
    """A path through the points, each piece a cubic whose handles follow its neighbours."""
    count = len(points)
    pieces = [f"M{_n(points[0][0])} {_n(points[0][1])}c"]
    for index in range(count if closed else count - 1):
        before, start, end, after = (_at(points, index + step, closed) for step in (-1, 0, 1, 2))
        first = ((end[0] - before[0]) / 6, (end[1] - before[1]) / 6)
        last = (end[0] - start[0], end[1] - start[1])
        second = (last[0] - (after[0] - start[0]) / 6, last[1] - (after[1] - start[1]) / 6)
        pieces.append(" ".join(_n(value) for value in (*first, *second, *last)))
    return " ".join(pieces).replace("c ", "c").replace(" -", "-") + ("z" if closed else "")


def _at(points: Sequence[Point], index: int, closed: bool) -> Point:
    return points[index % len(points)] if closed else points[max(0, min(index, len(points) - 1))]


# --- border ------------------------------------------------------------------------------------

# A square spiral in a cell of 8 by 6, and the one for corners in a cell of 6 by 6.
_FRET = "M1 5V1H7V5H3V3H5"
_FRET_CORNER = "M1 1H5V5H1V2.5H3.5V3.7H2.5"


def _border(width: float, height: float, margin: float) -> str:
    inner = margin + _BAND + 2
    lines = _rect(margin, width, height, RED, 0.9) + _rect(inner, width, height, RED, 0.45)
    return lines + _frets(width, height, margin + 1) + _ribbons(width, height, inner + 1.3)


def _frets(width: float, height: float, margin: float) -> str:
    unit = _BAND / 6
    across, down = width - 2 * margin, height - 2 * margin
    far_x, far_y = width - margin, height - margin
    sides = (
        _side("fret", across, unit, margin, margin, 0)
        + _side("fret", down, unit, far_x, margin, 90)
        + _side("fret", across, unit, far_x, far_y, 180)
        + _side("fret", down, unit, margin, far_y, 270)
    )
    corners = "".join(
        f'<use xlink:href="#corner" transform="translate({_n(x)} {_n(y)})'
        f' rotate({turn}) scale({_n(unit)})"/>'
        for x, y, turn in (
            (margin, margin, 0),
            (far_x, margin, 90),
            (far_x, far_y, 180),
            (margin, far_y, 270),
        )
    )
    style = f'fill="none" stroke="{RED}" stroke-width=".5" stroke-linecap="square"'
    return f"<g {style}>{sides}{corners}</g>"


def _side(name: str, length: float, unit: float, x: float, y: float, turn: int) -> str:
    """Frets along one side between its corners, stretched a little so that they come out even."""
    room = length - 2 * _BAND
    count = round(room / (8 * unit))
    stretch = room / (8 * count)
    cells = "".join(
        f'<use xlink:href="#{name}" transform="translate({_n(_BAND + step * 8 * stretch)} 0)'
        f' scale({_n(stretch)} {_n(unit)})"/>'
        for step in range(count)
    )
    return f'<g transform="translate({_n(x)} {_n(y)}) rotate({turn})">{cells}</g>'


def _ribbons(width: float, height: float, margin: float) -> str:
    far_x, far_y = width - margin, height - margin
    across, down = width - 2 * margin, height - 2 * margin
    strands = (
        _strand(across, margin, margin, 0)
        + _strand(down, far_x, margin, 90)
        + _strand(across, far_x, far_y, 180)
        + _strand(down, margin, far_y, 270)
    )
    hairlines = _rect(margin, width, height, GOLD, 0.28) + _rect(
        margin + _RIBBON, width, height, GOLD, 0.28
    )
    ribbon = f'<g fill="none" stroke="{GOLD}" stroke-width=".16">{strands}</g>'
    return ribbon + hairlines + _tiles(margin, far_x, far_y)


def _strand(length: float, x: float, y: float, turn: int) -> str:
    room = length - 2 * _RIBBON
    count = round(room / 6)
    stretch = room / (6 * count)
    twists = "".join(
        f'<use xlink:href="#twist" transform="translate({_n(_RIBBON + step * 6 * stretch)}'
        f' {_n(_RIBBON / 2)}) scale({_n(stretch)} 1)"/>'
        for step in range(count)
    )
    return f'<g transform="translate({_n(x)} {_n(y)}) rotate({turn})">{twists}</g>'


def _tiles(near: float, far_x: float, far_y: float) -> str:
    """Four corner tiles with a blossom that looks inwards."""
    corners = (
        (near, near, 45),
        (far_x - _CORNER, near, 135),
        (far_x - _CORNER, far_y - _CORNER, 225),
        (near, far_y - _CORNER, 315),
    )
    return "".join(_tile(x, y, turn) for x, y, turn in corners)


def _tile(x: float, y: float, turn: int) -> str:
    half = _CORNER / 2
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(_CORNER)}" height="{_n(_CORNER)}"'
        f' fill="{PAPER}" stroke="{GOLD}" stroke-width=".28"/>'
        f'<rect x="{_n(x + 0.8)}" y="{_n(y + 0.8)}" width="{_n(_CORNER - 1.6)}"'
        f' height="{_n(_CORNER - 1.6)}" fill="none" stroke="{GOLD}" stroke-width=".14"/>'
        + _blossom(x + half, y + half, 3.8, turn)
    )


def _rect(margin: float, width: float, height: float, colour: str, stroke: float) -> str:
    return (
        f'<rect x="{_n(margin)}" y="{_n(margin)}" width="{_n(width - 2 * margin)}"'
        f' height="{_n(height - 2 * margin)}" fill="none" stroke="{colour}"'
        f' stroke-width="{_n(stroke)}"/>'
    )


# --- blossom -----------------------------------------------------------------------------------


def _blossom(x: float, y: float, radius: float, turn: float) -> str:
    """Five petals, three stamens in each, and the heart."""
    angles = [turn + 72 * petal for petal in range(5)]
    petals = "".join(_petal(x, y, radius, angle * pi / 180) for angle in angles)
    stamens = "".join(_stamens(x, y, radius, angle * pi / 180) for angle in angles)
    return (
        f'<path fill="{RED}" d="{petals}"/>'
        f'<path fill="none" stroke="{STAMEN}" stroke-linecap="round"'
        f' stroke-width="{_n(radius * 0.055)}" d="{stamens}"/>'
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius * 0.1)}" fill="{STAMEN}"/>'
    )


def _petal(x: float, y: float, radius: float, angle: float) -> str:
    foot, tip = _polar(x, y, radius * 0.16, angle), _polar(x, y, radius, angle)
    left = (_polar(x, y, radius * 0.42, angle - 0.64), _polar(x, y, radius * 1.0, angle - 0.43))
    right = (_polar(x, y, radius * 1.0, angle + 0.43), _polar(x, y, radius * 0.42, angle + 0.64))
    return f"M{_p(foot)}C{_p(*left, tip)} {_p(*right, foot)}Z"


def _stamens(x: float, y: float, radius: float, angle: float) -> str:
    return "".join(
        f"M{_p(_polar(x, y, radius * 0.2, angle + lean * 1.2))}"
        f"L{_p(_polar(x, y, radius * 0.48, angle + lean * 0.5))}"
        for lean in (-0.36, 0.0, 0.36)
    )


def _polar(x: float, y: float, radius: float, angle: float) -> Point:
    return x + radius * cos(angle), y + radius * sin(angle)


def _p(*points: Point) -> str:
    return " ".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """A number on a grid of 0.001, spelled as shortly as it goes."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return {"-0": "0", "": "0"}.get(text, text)
