"""Reads metrics on stdin as prometheus_client does, and prints the samples as JSON: a list of [name, labels, value]."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

samples = [
    [sample.name, sample.labels, sample.value]
    for family in text_string_to_metric_families(sys.stdin.read())
    for sample in family.samples
]
json.dump(samples, sys.stdout)
