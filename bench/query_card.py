"""Questions to a rate card, asked of DuckDB and of DataFusion: `query_card.py CARD [--show N]`.

CARD is the folder or the s3://bucket/prefix that `lintel ratecard` wrote, as Parquet or CSV. Every
question is one SQL text for both engines. Exit status 1 when their answers differ.

An address in S3 is read with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for a store of
one's own, AWS_ENDPOINT_URL.
"""
import argparse
import glob
import os
import sys
import time
from decimal import Decimal

import datafusion
import duckdb
import pyarrow as pa

TEXTS = ("product_code", "purpose", "zip", "county_fips", "state")
DECIMALS = {
    "loan_amount": (12, 2),
    "home_price": (12, 2),
    "ltv": (9, 3),
    "note_rate": (9, 6),
    "price": (9, 3),
    "points": (9, 3),
    "points_amount": (12, 2),
    "fees_amount": (12, 2),
    "monthly_payment": (12, 2),
    "mortgage_insurance": (12, 2),
    "apr": (12, 9),
}
COLUMNS = (
    "product_code purpose zip county_fips state loan_amount home_price ltv score note_rate lock_days price "
    "points points_amount fees_amount monthly_payment mortgage_insurance apr is_hpml"
).split()

QUESTIONS = {
    "rows, ZIP codes and products": """
        SELECT purpose, count(*) AS offers, count(DISTINCT zip) AS zips, count(DISTINCT product_code) AS products,
               min(apr) AS least_apr, max(apr) AS most_apr
        FROM card GROUP BY purpose ORDER BY purpose""",
    "least note rate without points, by state": """
        SELECT state, min(note_rate) AS note_rate, min(apr) AS apr, count(DISTINCT zip) AS zips
        FROM card WHERE points <= 0 GROUP BY state ORDER BY note_rate, apr, state""",
    "APR above the note rate, by product": """
        SELECT product_code, count(*) AS offers, min(apr - note_rate) AS least, max(apr - note_rate) AS most,
               sum(apr - note_rate) / count(*) AS mean
        FROM card GROUP BY product_code ORDER BY mean, product_code""",
    "cheapest product for each score, by APR": """
        SELECT score, product_code, ltv, note_rate, points, apr, monthly_payment + mortgage_insurance AS monthly
        FROM (SELECT *, row_number() OVER (PARTITION BY score ORDER BY apr, monthly_payment, product_code,
                     points, fees_amount, purpose, loan_amount, home_price, zip) AS place FROM card) AS ranked
        WHERE place = 1 ORDER BY score""",
    "what more of the home's price costs, by loan": """
        SELECT loan_amount, home_price, ltv, count(*) AS offers, min(apr) AS least_apr,
               min(monthly_payment + mortgage_insurance) AS least_monthly
        FROM card WHERE points <= 0 GROUP BY loan_amount, home_price, ltv ORDER BY loan_amount, ltv""",
    "what the same loan costs a month, dearest less cheapest ZIP code of a state": """
        SELECT state, max(least) - min(least) AS difference, min(least) AS cheapest, max(least) AS dearest
        FROM (SELECT state, zip, min(monthly_payment + mortgage_insurance) AS least FROM card
              WHERE points <= 0 AND loan_amount = (SELECT min(loan_amount) FROM card)
                AND ltv = (SELECT min(ltv) FROM card)
              GROUP BY state, zip) AS zips
        GROUP BY state ORDER BY difference DESC, state""",
    "fees at closing in percent of the loan, by state": """
        SELECT state, sum(fees_amount) * 100 / sum(loan_amount) AS percent, min(fees_amount) AS least,
               max(fees_amount) AS most
        FROM card GROUP BY state ORDER BY percent DESC, state""",
}


class Card:
    """Where the parts of a card lie."""

    def __init__(self, address):
        self.address = address.rstrip("/")
        self.is_s3 = self.address.startswith("s3://")
        names = self.names_in_s3() if self.is_s3 else self.names_in_folder()
        parts = [name for name in names if name.startswith("part-")]
        kinds = {name.rsplit(".", 1)[-1] for name in parts}
        if len(kinds) != 1 or not kinds <= {"parquet", "csv"}:
            sys.exit(f"{address}: no parts of a rate card")
        self.kind = kinds.pop()
        self.parts = len(parts)
        if "manifest.json" not in names:
            print("There is no manifest yet: this card is not finished.", file=sys.stderr)

    def names_in_folder(self):
        return [os.path.basename(path) for path in glob.glob(os.path.join(glob.escape(self.address), "*"))]

    def names_in_s3(self):
        listed = s3_files().ls(self.address[len("s3://"):], detail=False)
        return [name.rsplit("/", 1)[-1] for name in listed]


def s3_files():
    import s3fs

    return s3fs.S3FileSystem(
        key=os.environ.get("AWS_ACCESS_KEY_ID"),
        secret=os.environ.get("AWS_SECRET_ACCESS_KEY"),
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL"),
        client_kwargs={"region_name": os.environ.get("AWS_REGION", "us-east-1")},
    )


def open_duckdb(card):
    engine = duckdb.connect()
    if card.is_s3:
        engine.register_filesystem(s3_files())
    files = f"{card.address}/part-*.{card.kind}".replace("'", "''")
    if card.kind == "parquet":
        source = f"read_parquet('{files}')"
    else:
        types = {name: "VARCHAR" for name in TEXTS}
        types.update({name: f"DECIMAL({p},{s})" for name, (p, s) in DECIMALS.items()})
        types.update(score="INTEGER", lock_days="INTEGER", is_hpml="BOOLEAN")
        source = f"read_csv('{files}', header = true, columns = {({c: types[c] for c in COLUMNS})!r})"
    engine.sql(f"CREATE VIEW card AS SELECT * FROM {source}")
    return lambda sql: engine.sql(sql).fetchall()


def open_datafusion(card):
    context = datafusion.SessionContext()
    if card.is_s3:
        from datafusion.object_store import AmazonS3

        bucket = card.address[len("s3://"):].split("/", 1)[0]
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        context.register_object_store("s3://", AmazonS3(
            bucket_name=bucket,
            region=os.environ.get("AWS_REGION", "us-east-1"),
            access_key_id=os.environ.get("AWS_ACCESS_KEY_ID"),
            secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY"),
            endpoint=endpoint,
            allow_http=bool(endpoint and endpoint.startswith("http://")),
        ), host=bucket)
    place = f"{card.address}/"
    if card.kind == "parquet":
        context.register_parquet("card", place, file_extension=".parquet")
    else:
        fields = [pa.field(name, csv_type(name)) for name in COLUMNS]
        context.register_csv("card", place, schema=pa.schema(fields), file_extension=".csv")

    def ask(sql):
        table = context.sql(sql).to_arrow_table()
        return list(zip(*(column.to_pylist() for column in table.columns))) if table.num_rows else []

    return ask


def csv_type(name):
    if name in TEXTS:
        return pa.string()
    if name in DECIMALS:
        return pa.decimal128(*DECIMALS[name])
    return pa.bool_() if name == "is_hpml" else pa.int32()


def agree(first, second):
    """Equal, but that engines give the digits of a quotient they like: up to two millionths."""
    if len(first) != len(second):
        return False
    for a, b in zip(first, second):
        if isinstance(a, (Decimal, float)) and isinstance(b, (Decimal, float)):
            if abs(float(a) - float(b)) > 2e-6:
                return False
        elif a != b:
            return False
    return True


def text(value):
    if isinstance(value, (Decimal, float)):
        return f"{value:.5f}".rstrip("0").rstrip(".")
    return str(value)


def show(rows, names, most):
    cells = [names] + [list(map(text, row)) for row in rows[:most]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(names))]
    for row in cells:
        print("  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths)))
    if len(rows) > most:
        print(f"  … {len(rows) - most:,} more")


def column_names(sql):
    engine = duckdb.connect()
    columns = ", ".join(f"CAST(NULL AS {'VARCHAR' if name in TEXTS else 'DECIMAL(12,2)'}) AS {name}" for name in COLUMNS)
    engine.sql(f"CREATE VIEW card AS SELECT {columns} LIMIT 0")
    return engine.sql(sql).columns


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("card", metavar="CARD")
    parser.add_argument("--show", type=int, default=8, help="rows shown of each answer")
    options = parser.parse_args()
    card = Card(options.card)
    print(f"{card.address}: {card.parts} parts, {card.kind}; "
          f"DuckDB {duckdb.__version__}, DataFusion {datafusion.__version__}")
    engines = {"DuckDB": open_duckdb(card), "DataFusion": open_datafusion(card)}
    differing = 0
    for title, sql in QUESTIONS.items():
        answers, times = {}, []
        for name, ask in engines.items():
            started = time.perf_counter()
            rows = ask(sql)
            times.append(f"{name} {(time.perf_counter() - started) * 1e3:,.0f} ms")
            answers[name] = rows
        first, second = answers.values()
        is_same = len(first) == len(second) and all(map(agree, first, second))
        differing += not is_same
        print(f"\n{title} ({', '.join(times)}; {'the same answer' if is_same else 'THE ANSWERS DIFFER'})")
        show(first, column_names(sql), options.show)
        if not is_same:
            print("  DataFusion:")
            show(second, column_names(sql), options.show)
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
