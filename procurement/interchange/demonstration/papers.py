"""Invented documents as PDF: one page that says what it stands for, and that nobody issued it."""

LINE = "BT /F1 {size} Tf 60 {height} Td ({text}) Tj ET"
NOTICE = "Document inventé pour la démonstration ; il ne prouve rien."
OBJECTS = (
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    "<< /Length {length} >>\nstream\n{lines}\nendstream",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
)


def paper(title: str, tenderer: str) -> bytes:
    """A PDF of one page with ``title``, whose letters WinAnsi has, and the name of the tenderer that sent it."""
    rows = ((20, 760, title), (13, 725, tenderer), (11, 690, NOTICE))
    lines = "\n".join(LINE.format(size=size, height=height, text=_spelled(text)) for size, height, text in rows)
    made, places = "%PDF-1.4\n", []
    for number, content in enumerate(OBJECTS, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content.format(length=len(lines), lines=lines)}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(places) + 1
    head = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n"
    return f"{made}{head}startxref\n{len(made)}\n%%EOF\n".encode("cp1252")


def _spelled(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
