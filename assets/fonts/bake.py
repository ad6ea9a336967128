"""Bakes the bundled fonts: see README.md beside this file."""

import sys

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FAMILY = "DAWG Sans"
# Vertical and horizontal stroke of the three accidentals, in units of 1/2048 em.
WEIGHTS = {"Regular": (132, 190), "Medium": (156, 220), "SemiBold": (186, 256)}
# These stand in columns and change while one looks: always as wide as each other.
TABULAR = "0123456789+−=×÷±<>≤≥≈"
KEPT = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2B0, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218B),
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2423, 0x2423), (0x25A0, 0x25FF), (0x2600, 0x26FF),
    (0x2713, 0x2717), (0xFB01, 0xFB02), (0xFFFD, 0xFFFD),
]


def quad(pen, *points):
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def bar(pen, left, right, y, rise, thick):
    """A beam that rises to the right."""
    quad(pen, (left, y - thick // 2), (left, y + thick // 2), (right, y + rise + thick // 2),
         (right, y + rise - thick // 2))


def stem(pen, x, low, high, thin):
    quad(pen, (x - thin // 2, low), (x - thin // 2, high), (x + thin // 2, high), (x + thin // 2, low))


def sharp(thin, thick):
    pen = TTGlyphPen(None)
    stem(pen, 380, -150, 1540, thin)
    stem(pen, 760, -50, 1640, thin)
    bar(pen, 130, 1010, 410, 170, thick)
    bar(pen, 130, 1010, 910, 170, thick)
    return pen.glyph(), 1140


def natural(thin, thick):
    pen = TTGlyphPen(None)
    stem(pen, 250, 330, 1640, thin)
    stem(pen, 690, -150, 1160, thin)
    edge = thin // 2
    bar(pen, 250 - edge, 690 + edge, 410, 120, thick)
    bar(pen, 250 - edge, 690 + edge, 960, 120, thick)
    return pen.glyph(), 940


def flat(thin, thick):
    pen = TTGlyphPen(None)
    stem(pen, 240, 0, 1640, thin)
    left, inner = 240 - thin // 2, 240 + thin // 2
    top, right = 1010, 860
    # The belly: outer edge clockwise, then its counter the other way.
    pen.moveTo((left, 0))
    pen.lineTo((inner, 800))
    pen.qCurveTo((400, top), (580, top))
    pen.qCurveTo((right, top), (right, 720))
    pen.qCurveTo((right, 400), (inner, 0))
    pen.closePath()
    pen.moveTo((inner, 190))
    pen.qCurveTo((right - thick, 470), (right - thick, 700))
    pen.qCurveTo((right - thick, 850), (540, 850))
    pen.qCurveTo((400, 850), (inner, 640))
    pen.closePath()
    return pen.glyph(), 960


def triangle(up):
    pen = TTGlyphPen(None)
    if up:
        quad(pen, (160, 480), (560, 1060), (960, 480))
    else:
        quad(pen, (160, 1060), (960, 1060), (560, 480))
    return pen.glyph(), 1120


def add(font, char, name, drawn):
    glyph, width = drawn
    font.setGlyphOrder(font.getGlyphOrder() + [name])
    font["glyf"][name] = glyph
    font["hmtx"][name] = (width, 0)
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, glyph.xMin)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(char)] = name


def tabular(font):
    """Points the figures at their tabular twins, and takes kerning away from all that stands in numbers."""
    for table in font["cmap"].tables:
        for char in TABULAR:
            twin = table.cmap.get(ord(char), "") + ".tf"
            if twin in font["glyf"].keys():
                table.cmap[ord(char)] = twin
    width = font["hmtx"]["zero.tf"][0]
    for table in font["cmap"].tables:
        table.cmap[0x2007] = "figurespace.tf"  # the blank as wide as a figure
    font.setGlyphOrder(font.getGlyphOrder() + ["figurespace.tf"])
    font["glyf"]["figurespace.tf"] = TTGlyphPen(None).glyph()
    font["hmtx"]["figurespace.tf"] = (width, 0)
    cmap = font.getBestCmap()
    still = {cmap[ord(char)] for char in TABULAR + ".,:;%-/ " if ord(char) in cmap}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for sub in lookup.SubTable:
            sub = getattr(sub, "ExtSubTable", sub)
            if sub.LookupType == 2:
                without_kerning(sub, still)


def without_kerning(sub, still):
    """Numbers keep their width: no pair that begins or ends with one of `still` is kerned."""
    if sub.Format == 1:
        for pairs in sub.PairSet:
            pairs.PairValueRecord = [pair for pair in pairs.PairValueRecord if pair.SecondGlyph not in still]
        kept = [(g, p) for g, p in zip(sub.Coverage.glyphs, sub.PairSet) if g not in still]
        sub.Coverage.glyphs = [g for g, _ in kept]
        sub.PairSet = [p for _, p in kept]
    else:
        sub.Coverage.glyphs = [g for g in sub.Coverage.glyphs if g not in still]
        for classes in (sub.ClassDef1.classDefs, sub.ClassDef2.classDefs):
            for glyph in still & set(classes):
                del classes[glyph]


def rename(font, weight):
    for record in font["name"].names:
        new = {1: FAMILY if weight == "Regular" else f"{FAMILY} {weight}", 3: f"{FAMILY} {weight} (Inter 4.1)",
               4: f"{FAMILY} {weight}", 6: f"{FAMILY.replace(' ', '')}-{weight}", 16: FAMILY}.get(record.nameID)
        if new:
            record.string = new


def bake(source, target, weight):
    font = TTFont(source)
    thin, thick = WEIGHTS[weight]
    add(font, "♯", "musicsharp", sharp(thin, thick))
    add(font, "♭", "musicflat", flat(thin, thick))
    add(font, "♮", "musicnatural", natural(thin, thick))
    add(font, "▾", "smalldown", triangle(False))
    add(font, "▴", "smallup", triangle(True))
    tabular(font)
    rename(font, weight)
    options = subset.Options(layout_features=["ccmp", "locl", "kern", "mark", "mkmk"], name_IDs=["*"],
                             notdef_outline=True, hinting=False, glyph_names=False)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=[code for low, high in KEPT for code in range(low, high + 1)])
    chosen.subset(font)
    font.flavor = None
    font.save(target)


bake(*sys.argv[1:4])
