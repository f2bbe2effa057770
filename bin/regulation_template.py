"""Makes procurement/tenders/regulation/template.docx anew: the tags docxtpl fills in, with the styles of a text.

`python -m bin.regulation_template`. Whoever wants another look restyles the file in a word processor instead.
"""

from pathlib import Path

from docx import Document
from docx.document import Document as Text
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

PLACE = Path(__file__).parent.parent / "procurement/tenders/regulation/template.docx"
INK = RGBColor(0, 0, 0)


def make() -> None:
    """Write the template."""
    text = Document()
    _styles(text)
    _page(text)
    text.add_paragraph("{{ title }}", style="Title")
    text.add_paragraph("{{ subtitle }}")
    text.add_paragraph("{%p for section in sections %}")
    text.add_paragraph("{{ section.title }}", style="Heading 1")
    text.add_paragraph("{%p for block in section.blocks %}")
    text.add_paragraph("{%p if block.table %}")
    text.add_paragraph("{{ block.table.caption }}", style="Caption")
    _table(text)
    text.add_paragraph("{%p else %}")
    text.add_paragraph("{{ block.paragraph }}")
    text.add_paragraph("{%p endif %}")
    text.add_paragraph("{%p endfor %}")
    text.add_paragraph("{%p endfor %}")
    text.save(str(PLACE))


def _styles(text: Text) -> None:
    for name, size in (("Normal", 10.5), ("Title", 18), ("Heading 1", 13), ("Caption", 10)):
        font = text.styles[name].font
        font.name, font.size, font.color.rgb = "Liberation Sans", Pt(size), INK
        fonts = font.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    text.styles["Caption"].paragraph_format.keep_with_next = True


def _page(text: Text) -> None:
    """A4, with the reference, the hash and the page number at the foot."""
    section = text.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("{{ foot }} – ").font.size = Pt(8)
    _field(foot, "PAGE")
    foot.add_run(" / ").font.size = Pt(8)
    _field(foot, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    run.font.size = Pt(8)
    field.append(run._r)
    paragraph._p.append(field)


def _table(text: Text) -> None:
    """A heading row that every page repeats, then the rows; the columns are those of the block."""
    table: Table = text.add_table(rows=4, cols=3, style="Table Grid")
    _tags(table, 0, "{%tc for cell in block.table.head %}", "{{ cell }}", "{%tc endfor %}")
    _tags(table, 1, "{%tr for row in block.table.rows %}", "", "")
    _tags(table, 2, "{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}")
    _tags(table, 3, "{%tr endfor %}", "", "")
    heading = table.rows[0]._tr.get_or_add_trPr()
    heading.append(OxmlElement("w:tblHeader"))
    table.rows[0].cells[1].paragraphs[0].runs[0].bold = True


def _tags(table: Table, row: int, *tags: str) -> None:
    for cell, tag in zip(table.rows[row].cells, tags, strict=True):
        cell.paragraphs[0].add_run(tag)


if __name__ == "__main__":
    make()
