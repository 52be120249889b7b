"""Reads lines on stdin as line_protocol_parser does, and prints them as JSON: a list of [measurement, tags, fields, time]."""

import json
import sys

from line_protocol_parser import parse_line

lines = [parse_line(line) for line in sys.stdin.read().split('\n') if line]
json.dump([[line['measurement'], line['tags'], line['fields'], line['time']] for line in lines], sys.stdout)
