import { describe, expect, it } from 'vitest';
import { airflowDag } from '../../../src/schedule/airflow/airflow-dag.ts';
import { readGraph } from '../../../src/schedule/graph/file/read-graph.ts';

const FILE = '/srv/etl/trial.yaml';

/** The export of a graph that is right. */
function exported(yaml: string, secrets: readonly string[] = []) {
  const { graph, problems } = readGraph(yaml, FILE);
  if (graph === undefined) throw new Error(JSON.stringify(problems));
  return airflowDag(graph, secrets);
}

function textOf(yaml: string, secrets?: readonly string[]): string {
  const { text, problems } = exported(yaml, secrets);
  expect(problems).toEqual([]);
  return text;
}

/** Lines of problems, and what they are about. */
function problemsOf(yaml: string): string[] {
  const { text, problems } = exported(yaml);
  expect(text).toBe('');
  return problems.map(({ line, message }) => `${line} ${message}`);
}

const one = (lines: string): string => `${lines}\ntasks: {a: {run: 'true'}}\n`;

describe('the export of a graph to Airflow', () => {
  it('has its tasks, what they run and what they need', () => {
    const text = textOf(`
dag: temperature
schedule: "*/5 * * * *"
timezone: Europe/Berlin
start: 2026-01-01
env: {STATION: attic}
owner: ops
description: The station's "own" temperature
tags: [sensor, live]
run-timeout: 1h
defaults: {retries: 2, retry-delay: 10s, timeout: 50s}
tasks:
  extract: {run: 'get-temp > "$ETL_RUN_DIR/hour"'}
  load: {needs: [extract], run: load-stats, retries: 5}
  report: {needs: [extract, load], trigger-rule: all_done, run: notify.sh}
`);
    expect(text.slice(text.indexOf('with DAG('))).toBe(`with DAG(
    "temperature",
    description='The station\\'s "own" temperature',
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("*/5 * * * *", timezone="Europe/Berlin"),
    # the start of the first interval; its run is due at its end
    start_date=pendulum.datetime(2025, 12, 31, 22, 55, tz="UTC"),
    # with run-tasks it is none; Airflow still makes up the last missed run when the DAG is unpaused
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args={
        "owner": "ops",
        "env": ENV,
        "append_env": True,
        "cwd": FOLDER,
        "do_xcom_push": False,
        "retries": 2,
        "retry_delay": timedelta(seconds=10),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(seconds=50),
        "skip_on_exit_code": [99],
        "final": [64, 65, 69, 70, 78, 126, 127],
    },
    params={"STATION": "attic"},
    tags=["sensor", "live"],
    user_defined_filters={"utc": utc},
):
    extract = Command(
        task_id="extract",
        bash_command=command('get-temp > "$ETL_RUN_DIR/hour"'),
    )
    load = Command(
        task_id="load",
        bash_command=command("load-stats"),
        retries=5,
    )
    report = Command(
        task_id="report",
        bash_command=command("notify.sh"),
        trigger_rule="all_done",
    )

    extract >> load
    [extract, load] >> report
`);
    expect(text).toContain(`    "STATION": '{{ params["STATION"] }}',\n`);
  });

  it('names secrets, and has none', () => {
    const text = textOf(one('env-file: secrets.env'), ['TOKEN']);
    expect(text).toContain('\n: "${TOKEN:?is a secret');
    expect(text).toMatch(/^- Secrets are not in this file: TOKEN\. Set them in the environment/m);
  });

  it('waits, and splits', () => {
    const text = textOf(`
pools: {db: 2}
tasks:
  file: {until: test -e in.csv, every: 30s, timeout: 1h, cwd: in}
  count: {needs: [file], each: [a, '{{ b }}'], run: wc "$ETL_ITEM", max-parallel: 4, pool: db, env: {X: '1'}}
`);
    expect(text).toContain(`    file = Wait(
        task_id="file",
        bash_command=command("test -e in.csv", folder=f"{FOLDER}/in"),
        poke_interval=timedelta(seconds=30),
        timeout=timedelta(hours=1),
        mode="reschedule",
        soft_fail=False,
    )
    count = Command.partial(
        task_id="count",
        bash_command=command('wc "$ETL_ITEM"'),
        pool="db",
        max_active_tis_per_dagrun=4,
    ).expand(
        env=each(["a", "{% raw %}{{ b }}{% endraw %}"], {"X": "1"}),
    )
`);
    expect(text).toContain('`airflow pools set db 2 etlutils`');
  });

  it('calls variables of Python by names that are free', () => {
    const text = textOf(
      "tasks: {a.b: {run: 'true'}, a-b: {run: 'true'}, import: {run: 'true'}, 3: {run: 'true'}}",
    );
    expect([...text.matchAll(/^ {4}(\w+) = Command/gm)].map(([, name]) => name)).toEqual([
      'a_b',
      'a_b_2',
      'import_2',
      '_3',
    ]);
  });

  it.each([
    ['0 4 * * 7', '0 4 * * 0'],
    ['0 4 * * mon-fri', '0 4 * * 1,2,3,4,5'],
    ['0 4 1 jan *', '0 4 1 1 *'],
    ['@weekly', '0 0 * * 0'],
    ['*/7 1-9/2 1,15 * 1-5', '*/7 1-9/2 1,15 * 1-5'],
  ])('gives times as croniter reads them: %s', (written, expected) => {
    expect(textOf(one(`schedule: "${written}"`))).toContain(`CronDataIntervalTimetable("${expected}",`);
  });

  it('says with its line what Airflow has no equivalent of', () => {
    expect(
      problemsOf(`
overlap: kill
schedule: "@every 5s"
catchup: last:3h
on-failure: mail root
defaults: {grace: 3s}
tasks:
  a:
    run: gzip "$ETL_ITEM"
    each: {glob: '*.gz'}
  b:
    needs: [a]
    max-log: 1M
    ping: https://watch
    run: gzip "$ETL_ITEM"
    each: {lines: list}
`),
    ).toEqual([
      '2 overlap: Airflow has no equivalent of kill',
      '3 schedule: Airflow has no equivalent of @every: write five fields',
      '4 catchup: Airflow has no equivalent of its window',
      '5 on-failure: Airflow has no equivalent of it',
      '6 grace: Airflow has no equivalent of it',
      '10 each: Airflow has no equivalent of glob: it takes a list',
      '13 max-log: Airflow has no equivalent of it',
      '14 ping: Airflow has no equivalent of it',
      '16 each: Airflow has no equivalent of lines: it takes a list',
    ]);
  });

  it.each([
    ['schedule: "@reboot"', '1 schedule: Airflow has no equivalent of @reboot'],
    [
      'schedule: "0 0 */2 * 1"',
      '1 schedule: Airflow takes either of the two days, where cron takes days that are both',
    ],
    [
      'schedule: "@daily"\ncatchup: all',
      '2 catchup: for all, Airflow needs a start, such as start: 2026-01-01',
    ],
    [`tags: [${'x'.repeat(101)}]`, '1 tags: Airflow takes at most 100 characters'],
  ])('says so of %s', (lines, problem) => {
    expect(problemsOf(one(lines))).toEqual([problem]);
  });
});
