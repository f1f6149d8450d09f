"""The information sheet (FINE): read by pdftotext, by GET and by mail the same bytes."""

import base64
import re
import subprocess

from lintel import mails, wait_for

SECTIONS = ["Mutuante", "Intermediário de crédito", "Características principais do empréstimo", "Taxa de juro",
            "Periodicidade", "Montante de cada prestação", "Quadro de reembolso", "Obrigações adicionais",
            "Reembolso antecipado", "Características flexíveis", "Outros direitos do mutuário", "Reclamações",
            "Incumprimento", "Informações adicionais", "Supervisor"]

def sections(pdf):
    """The numbered headings of a sheet, as pdftotext reads them."""
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True,
                          timeout=60)
    return [(int(n), title) for n, title in re.findall(r"^\f?(\d{1,2})\. (\S.*)$", done.stdout.decode(), re.M)]


def sheet_reads(checks, what, pdf):
    checks.true(f"{what}: a PDF", pdf.startswith(b"%PDF-"))
    found = sections(pdf)
    checks.same(f"{what}: sections in order", list(range(1, 16)), [n for n, _ in found])
    for (_, title), wanted in zip(found, SECTIONS):
        checks.true(f"{what}: {wanted}", title.startswith(wanted), title)


def sheets(checks, server, partner, path, address):
    """The information sheet by GET and by mail: the same bytes."""
    first, second = partner.get(f"{path}/esis"), partner.get(f"{path}/esis")
    checks.same("sheet", 200, first.status)
    pdf = base64.b64decode(first.json["esis"])
    checks.same("the same bytes again", first.body, second.body)
    sheet_reads(checks, path.split("/")[1], pdf)
    sent = partner.post(f"{path}/esis/email?sendAddress={address}")
    checks.same("mailed", 200, sent.status)
    came = wait_for(lambda: mails(server, address), 20)
    checks.same("one mail", 1, len(came))
    if came:
        files = list(came[0].iter_attachments())
        checks.same("one attachment", ["application/pdf"], [file.get_content_type() for file in files])
        checks.true("mailed: the same bytes", files and files[0].get_content() == pdf)
    return pdf
