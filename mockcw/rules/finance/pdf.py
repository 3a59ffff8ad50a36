"""Lines of text as a PDF of A4 pages in Helvetica: just enough that every reader opens it. Knows no record."""

from __future__ import annotations

from collections.abc import Sequence

LINES_A_PAGE = 50
CATALOG, PAGES, FONT, FIRST_PAGE = 1, 2, 3, 4  # object numbers; each page takes two: itself and its text


def pdf(lines: Sequence[str]) -> bytes:
    """A document of these lines; characters outside Windows-1252 become question marks."""
    texts = [lines[at : at + LINES_A_PAGE] for at in range(0, max(1, len(lines)), LINES_A_PAGE)]
    kids = " ".join(f"{FIRST_PAGE + 2 * at} 0 R" for at in range(len(texts)))
    objects = [
        f"<< /Type /Catalog /Pages {PAGES} 0 R >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, text in enumerate(texts):
        content = FIRST_PAGE + 2 * at + 1
        page = f"/MediaBox [0 0 595 842] /Resources << /Font << /F1 {FONT} 0 R >> >> /Contents {content} 0 R"
        objects.append(f"<< /Type /Page /Parent {PAGES} 0 R {page} >>".encode())
        shown = b"".join(b"(" + escaped(line) + b") Tj T*\n" for line in text)
        drawn = b"BT /F1 11 Tf 15 TL 56 786 Td\n" + shown + b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn))
    return assembled(objects)


def escaped(line: str) -> bytes:
    """A line as the inside of a PDF string."""
    plain = "".join(one if one.isprintable() else " " for one in line).encode("cp1252", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def assembled(objects: Sequence[bytes]) -> bytes:
    """Numbered objects with the table of where each begins."""
    document, begins = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        begins.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    size, start = len(objects) + 1, len(document)
    trailer = f"trailer\n<< /Size {size} /Root {CATALOG} 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return bytes(document) + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer.encode()
