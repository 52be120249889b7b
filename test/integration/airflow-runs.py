"""Loads the DAGs of Airflow's folder, and runs some of them once each, as `airflow dags test` does.

    airflow-runs.py OUTPUT [DAG=TIME...]

Writes JSON: errors of the import by file; and by DAG the state of its run and those of its tasks, of items as NAME[INDEX].
"""

import json
import sys
import time
from pathlib import Path

import pendulum

try:
    from airflow.dag_processing.dagbag import DagBag

    DATE = "logical_date"
except ImportError:  # Airflow 2
    from airflow.models.dagbag import DagBag
    from airflow.www.extensions.init_auth_manager import get_auth_manager_cls

    # Defines the user tables, which other tables refer to.
    get_auth_manager_cls()
    DATE = "execution_date"


def run(dag, at):
    began = time.monotonic()
    run = dag.test(**{DATE: pendulum.parse(at)})
    seconds = time.monotonic() - began
    tasks = {
        task.task_id + (f"[{task.map_index}]" if task.map_index >= 0 else ""): task.state
        for task in run.get_task_instances()
    }
    return {"state": run.state, "tasks": tasks, "seconds": seconds}


output, *words = sys.argv[1:]
bag = DagBag()
runs = {dag: run(bag.dags[dag], at) for dag, at in (word.rsplit("=", 1) for word in words)}
Path(output).write_text(json.dumps({"errors": bag.import_errors, "runs": runs}))
