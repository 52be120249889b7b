/** Finds variables that a job uses but cron does not set. */

import { readFileSync } from 'node:fs';
import type { Job } from '../jobs/job.ts';
import { type CronPlace, cronPlaceOf, type OwnPlace } from './cron-place.ts';
import { runsOtherText, type Shell, shellAt, variablesSetBy, wordsOf } from './shell-names.ts';
import { readScript, type ShellScript } from './shell-script.ts';
import { bareText } from './shell-step.ts';
import { aboutJob, type Warning } from './warning.ts';

/** Variables that a schedule sets for each try. */
const OF_A_TRY =
  /^ETL_(?:RUN|JOB|TASK|TRY|LEDGER_ID|RUNNER|SCHEDULED_TIME|DATA_START|DATA_END|SINCE|AT|REPORT)$/;
/** And for each task or item of a graph. */
const OF_A_TASK = /^ETL_(?:RUN_DIR|ITEM|INDEX)$/;
/** Variables that PAM sets for all sessions, including cron's. */
const OF_LOCALE = /^(?:LANG|LANGUAGE|LC_[A-Z]+)$/;
const SYSTEM_FILE = '/etc/environment';

export function* checkVariables(
  job: Pick<Job, 'name' | 'place' | 'command' | 'env'>,
  own: OwnPlace,
  place: CronPlace = cronPlaceOf(job),
): Generator<Warning> {
  const shell = shellAt(place.shell);
  const script = readScript(job.command);
  if (shell === undefined || !script.isWhole || runsOtherText(script)) return;
  const known = new Set([...place.values.keys(), ...Object.keys(own.fileEnv ?? {}), ...systemVariables()]);
  const unset = [...unsetIn(script, shell)].filter(
    (name) => !known.has(name) && !OF_A_TRY.test(name) && !OF_LOCALE.test(name),
  );
  for (const name of unset) {
    if (place.kind === 'line')
      yield aboutJob(job, 'variable', `$${name} is not set by cron${hint(name, own)}`);
    else if (!OF_A_TASK.test(name))
      yield aboutJob(job, 'variable', `$${name} is not set, which ends the task: write it under env`);
  }
}

/** Variables that a script needs but neither sets nor tests. */
function unsetIn(script: ShellScript, shell: Shell): Set<string> {
  const handled = new Set([...variablesSetBy(script), ...testedIn(script)]);
  const names = new Set<string>();
  for (const word of wordsOf(script)) {
    for (const part of word.parts) {
      if (part.kind !== 'variable' || part.hasDefault) continue;
      if (!handled.has(part.name) && !shell.setsVariable(part.name)) names.add(part.name);
    }
  }
  return names;
}

/** Variables in tests and `case`: a script that tests a variable can handle an unset one. */
function testedIn({ steps }: ShellScript): Set<string> {
  const names = new Set<string>();
  for (const step of steps) {
    if (step.kind !== 'command' && step.kind !== 'case') continue;
    const [first] = step.words;
    const isTest = first !== undefined && /^(?:\[|\[\[|test)$/.test(bareText(first) ?? '');
    if (step.kind === 'command' && !isTest) continue;
    for (const { parts } of step.words) {
      for (const part of parts) if (part.kind === 'variable') names.add(part.name);
    }
  }
  return names;
}

function hint(name: string, { env }: OwnPlace): string {
  if (name === 'USER') return ' (LOGNAME is)';
  const own = env[name] === undefined ? '' : ' (here it is, and schedule without --clean-env passes it on)';
  return `: write ${name}=... above${own}`;
}

/** Names of the variables that the system sets for all sessions. */
function systemVariables(): string[] {
  try {
    const lines = readFileSync(SYSTEM_FILE, 'utf8').split('\n');
    return lines.map((line) => /^\s*(?:export\s+)?([A-Za-z_]\w*)=/.exec(line)?.[1] ?? '');
  } catch {
    // Many systems have no such file.
    return [];
  }
}
