/** The fixed parts of a DAG's file: those in every file, and those that only some graphs need. */

/** Which parts a graph needs. */
export interface Needs {
  readonly hasCommands: boolean;
  readonly hasWaits: boolean;
  readonly isSplit: boolean;
  readonly hasSchedule: boolean;
  /** Names of the commands' secrets. */
  readonly secrets: readonly string[];
}

const EXCEPTION = [
  'try:',
  '    from airflow.sdk.exceptions import AirflowFailException',
  'except ImportError:  # in older releases',
  '    from airflow.exceptions import AirflowFailException',
];

export function imports({ hasCommands, hasWaits, hasSchedule }: Needs): string {
  const lines = [
    ...(hasWaits ? ['import os', 'import shlex'] : []),
    'from datetime import timedelta',
    ...(hasCommands ? ['from functools import cached_property'] : []),
    '',
    'import pendulum',
    ...(hasSchedule ? ['from airflow.timetables.interval import CronDataIntervalTimetable'] : []),
  ];
  /** @param home the package: in Airflow 2 the core, in Airflow 3 a provider */
  const operators = (home: string): string[] => [
    ...(hasCommands
      ? [
          `    from ${home}.hooks.subprocess import SubprocessHook`,
          `    from ${home}.operators.bash import BashOperator`,
        ]
      : []),
    ...(hasWaits ? [`    from ${home}.sensors.bash import BashSensor`] : []),
  ];
  return [
    ...lines,
    '',
    'try:',
    ...operators('airflow.providers.standard'),
    '    from airflow.sdk import DAG',
    'except ImportError:  # Airflow 2',
    '    from airflow import DAG',
    ...operators('airflow'),
    ...(hasCommands ? EXCEPTION : []),
  ].join('\n');
}

export function folder(path: string): string {
  return `# Where the commands run, on each worker of Airflow.\nFOLDER = ${path}`;
}

/** The prologue of each command. @param secrets names of variables that must be set */
export function start(secrets: readonly string[]): string {
  const checks = secrets.map((name) => `: "\${${name}:?is a secret: set it for the workers of Airflow}"\n`);
  return `# The beginning of each command. All workers of Airflow must share the folder of ETL_RUN_DIR.
START = """set -euo pipefail
export ETL_RUN_DIR="\${ETL_HOME:-$HOME/etl}/airflow/$ETL_JOB/\${ETL_RUN//[^A-Za-z0-9._-]/-}"
mkdir -p -- "$ETL_RUN_DIR"
${checks.join('')}"""`;
}

/** @param hasWaits whether there are sensors: they have no `cwd`, so their commands must change folder themselves */
export function commandFunction(hasWaits: boolean): string {
  const place = hasWaits ? '\n    place = f"cd -- {shlex.quote(folder)}\\n" if folder else ""' : '';
  return `def command(text${hasWaits ? ', folder=None' : ''}):
    """The script for bash: the command as it is, hidden from Jinja."""${place}
    return START + ${hasWaits ? 'place + ' : ''}"{% raw %}" + text + "{% endraw %}"`;
}

export const UTC_FILTER = `def utc(time):
    """A time in the form that the tools use; empty for None."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else ""`;

export const EACH_FUNCTION = `def each(items, env=()):
    """The environments of a task, one for each of its items."""
    return [
        {**ENV, **dict(env), "ETL_INDEX": str(index), "ETL_ITEM": item}
        for index, item in enumerate(items)
    ]`;

export const COMMAND_CLASSES = `class Shell(SubprocessHook):
    """Runs a command. Exit statuses in final are not retried."""

    def __init__(self, final):
        super().__init__()
        self.final = final

    def run_command(self, *args, **kwargs):
        result = super().run_command(*args, **kwargs)
        if result.exit_code in self.final:
            raise AirflowFailException(f"The command ended with {result.exit_code}.")
        return result


class Command(BashOperator):
    template_ext = ()  # a command that ends in .sh is not a template file

    def __init__(self, *, final=(), **kwargs):
        super().__init__(**kwargs)
        self.final = final

    @cached_property
    def subprocess_hook(self):
        return Shell(self.final)`;

export const WAIT_CLASS = `class Wait(BashSensor):
    """A command that is repeated until it succeeds, in the environment of Airflow."""

    def poke(self, context):
        self.env = {**os.environ, **self.env}
        return super().poke(context)`;
