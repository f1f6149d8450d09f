"""ReportLab on the figures of `lintel bench fine`: `fine.py MONTHS TABLES`, one JSON line.

The repayment tables of the information sheet and nothing else of it, as ReportLab's users make tables: a header repeated on each
page, a rule under each row. The built-in Helvetica; no tags, no fonts in the file, no metadata of PDF/A. CPU time of the
process, the middle of several rounds.
"""
import io
import json
import statistics
import sys
import time

import reportlab
from reportlab.platypus import PageBreak, SimpleDocTemplate, Table

MONTHS, TABLES, ROUNDS = int(sys.argv[1]), int(sys.argv[2]), 5
HEAD = ["Prestação n.º", "A pagar (€)", "Juros (€)", "Capital (€)", "Outros custos (€)", "Em dívida (€)"]


def rows():
    balance, out = 18_000_000, []
    for month in range(1, MONTHS + 1):
        capital = balance // (MONTHS - month + 1)
        interest = round(balance * 0.03037 / 12)
        balance -= capital
        figures = (capital + interest + 4211, interest, capital, 4211, balance)
        out.append([str(month)] + [f"{x / 100:,.2f}".replace(",", " ").replace(".", ",") for x in figures])
    return out


def paper():
    out, parts = io.BytesIO(), []
    style = [("LINEBELOW", (0, 0), (-1, -1), 0.4, "grey"), ("ALIGN", (1, 0), (-1, -1), "RIGHT"), ("FONTSIZE", (0, 0), (-1, -1), 7.5)]
    for _ in range(TABLES):
        parts += [Table([HEAD] + rows(), repeatRows=1, style=style), PageBreak()]
    SimpleDocTemplate(out).build(parts)
    return out.getvalue()


paper()
spans = []
for _ in range(ROUNDS):
    start = time.process_time()
    size = len(paper())
    spans.append(time.process_time() - start)
print(json.dumps({"seconds": statistics.median(spans), "bytes": size, "version": reportlab.Version}))
