/** Hints for the keys of Airflow, GitHub Actions, Docker Compose, Ansible and cron: what they are called here. */

/** Our key, by the name that another program has for it. */
const OUR_KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    run: ['command', 'commands', 'cmd', 'bash_command', 'script', 'steps', 'exec'],
    needs: ['depends_on', 'depends', 'after', 'upstream', 'requires', 'dependencies'],
    dag: ['dag_id', 'name'],
    tasks: ['jobs', 'services'],
    schedule: ['schedule_interval', 'cron', 'on', 'timetable'],
    start: ['start_date'],
    defaults: ['default_args'],
    env: ['environment', 'vars', 'variables', 'params'],
    cwd: ['working_dir', 'working-directory', 'dir', 'directory'],
    each: ['foreach', 'matrix', 'for_each', 'loop', 'with_items'],
    'max-parallel': ['parallel', 'parallelism', 'concurrency', 'max_active_tasks'],
    every: ['poke_interval', 'interval'],
    timeout: ['timeout-minutes', 'execution_timeout', 'time_limit'],
    'run-timeout': ['dagrun_timeout'],
    'skip-on': ['skip_on_exit_code'],
    'on-failure': ['on_failure_callback'],
    'on-success': ['on_success_callback'],
    'trigger-rule': ['when', 'if'],
  }).flatMap(([ours, theirs]) => theirs.map((word): [string, string] => [word, ours])),
);

/** `; here it is "KEY"` for a key of another program; '' for any other. */
export function keyHint(word: string): string {
  const ours = OUR_KEYS.get(word);
  return ours === undefined ? '' : `; here it is "${ours}"`;
}
