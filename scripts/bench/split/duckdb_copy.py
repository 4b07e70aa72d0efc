"""DuckDB's partitioned COPY of a file to k folders: python duckdb_copy.py DATA FOLDER K csv|jsonl"""
import sys

import duckdb

data, folder, k, form = sys.argv[1:]
source = f"read_csv('{data}', header = false)" if form == "csv" else f"read_json('{data}', format = 'newline_delimited')"
target = "csv" if form == "csv" else "json"
duckdb.sql(
    f"COPY (SELECT *, CAST(floor(random() * {k}) AS INTEGER) AS fold FROM {source}) "
    f"TO '{folder}' (FORMAT {target}, PARTITION_BY (fold))"
)
