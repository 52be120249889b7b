"""Answers a question of the benchmark with Polars: polars-query.py stations|sensors|hours|minutes|medians|json FILE|-."""

import sys

import polars as pl

WINDOWS = {'hours': '1h', 'minutes': '1m', 'medians': '1h'}

question, path = sys.argv[1:]
source = sys.stdin.buffer if path == '-' else path
columns = {'sensor': pl.String, 'value': pl.Float64}
if question == 'json':
    readings = pl.scan_ndjson(source, schema=columns)
elif question == 'stations':
    readings = pl.scan_csv(source, separator=';', has_header=False, schema=columns, quote_char=None)
else:
    readings = pl.scan_csv(source, has_header=False, schema={'time': pl.String, **columns}, quote_char=None)

keys = ['sensor']
if question in WINDOWS:
    time = pl.col('time').str.to_datetime('%Y-%m-%dT%H:%M:%SZ')
    readings = readings.with_columns(start=time.dt.truncate(WINDOWS[question]))
    keys = ['sensor', 'start']
value = pl.col('value')
answers = {'count': pl.len(), 'min': value.min(), 'max': value.max(), 'avg': value.mean()}
if question == 'medians':
    answers['median'] = value.quantile(0.5, 'lower')
rows = readings.group_by(keys).agg(**answers).sort(keys)
rows.sink_csv(sys.stdout.buffer, separator=';', include_header=False, datetime_format='%Y-%m-%dT%H:%M')
