/** Parses a crontab line that defines a job: its schedule and its command. */

import { errorText } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import { didYouMean } from '../../lines/nearest.ts';
import { parseDuration } from '../../readings/duration.ts';
import type { When } from '../due/when.ts';
import type { Job } from '../jobs/job.ts';
import { splitInput } from './command-text.ts';
import { FIELD_COUNT, isField, readFields, type Word } from './fields.ts';
import { Fault } from './problem.ts';

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);
const OTHERS = ['@reboot', '@every'];
/** In milliseconds. */
const SHORTEST_INTERVAL = 1000;

type JobLine = Pick<Job, 'when' | 'schedule' | 'command' | 'input'>;

/** @param zone undefined for the system's @throws Fault */
export function readJobLine(line: string, zone: string | undefined): JobLine {
  const { when, words } = readTimes(line, zone, ', and no command');
  const [first] = words;
  const isNamed = first?.text.startsWith('@') === true;
  const last = words.at(-1);
  const end = last === undefined ? 0 : last.index + last.text.length;
  const commandAt = end + (/^[ \t]*/.exec(line.slice(end))?.[0].length ?? 0);
  const text = line.slice(commandAt);
  if (text.trim() === '') throw new Fault(line.length, 'the command is missing');
  const [next] = wordsOf(text, 1);
  if (!isNamed && next !== undefined && isField(next.text)) {
    const advice = 'cron has five: minute, hour, day of month, month, day of week';
    throw new Fault(commandAt, `a sixth field, and no command: ${quote(next.text)} (${advice})`);
  }
  const { command, input } = splitInput(text);
  if (command.trim() === '') throw new Fault(commandAt, 'the command is empty, since % ends it');
  return { when, schedule: words.map((word) => word.text).join(' '), command, input };
}

/** Parses a schedule without a command. @param zone undefined for the system's @throws Fault */
export function readSchedule(text: string, zone: string | undefined): When {
  const { when, words } = readTimes(text, zone, ': minute, hour, day of month, month, day of week');
  const next = wordsOf(text, words.length + 1)[words.length];
  if (next === undefined) return when;
  throw new Fault(next.index, `expected nothing after the time, not ${quote(next.text)}`);
}

/** @param lack ends the message about missing fields */
function readTimes(
  line: string,
  zone: string | undefined,
  lack: string,
): { when: When; words: readonly Word[] } {
  const [first] = wordsOf(line, 1);
  const isNamed = first?.text.startsWith('@') === true;
  const size = isNamed ? (first.text === '@every' ? 2 : 1) : FIELD_COUNT;
  const words = wordsOf(line, size);
  return { words, when: isNamed ? readNamed(words, zone) : readTime(words, line, { zone, lack }) };
}

/** The first words of a line, up to `most`. */
function wordsOf(line: string, most: number): Word[] {
  const words: Word[] = [];
  for (const match of line.matchAll(/[^ \t]+/g)) {
    if (words.length === most) break;
    words.push({ text: match[0], index: match.index });
  }
  return words;
}

function readTime(
  words: readonly Word[],
  line: string,
  { zone, lack }: { zone: string | undefined; lack: string },
): When {
  const [first] = words;
  if (first !== undefined && NICKNAMES.has(`@${first.text}`))
    throw new Fault(first.index, `${quote(first.text)} is not a field; write @${first.text}`);
  if (words.length < FIELD_COUNT) throw new Fault(line.length, `${words.length} of five fields${lack}`);
  return atMinutes(words, zone);
}

function readNamed(words: readonly Word[], zone: string | undefined): When {
  const [first = { text: '', index: 0 }, second] = words;
  if (first.text === '@reboot') return { kind: 'start' };
  if (first.text === '@every') return readInterval(first, second);
  const fields = NICKNAMES.get(first.text);
  if (fields === undefined) {
    const hint = didYouMean(first.text, [...NICKNAMES.keys(), ...OTHERS]);
    throw new Fault(first.index, `cron does not know ${quote(first.text)}${hint}`);
  }
  return atMinutes(wordsOf(fields, FIELD_COUNT), zone);
}

function readInterval(first: Word, interval: Word | undefined): When {
  if (interval === undefined) {
    throw new Fault(first.index + first.text.length, '@every needs a duration, such as @every 5s');
  }
  try {
    const everyMs = parseDuration(interval.text);
    if (everyMs >= SHORTEST_INTERVAL) return { kind: 'interval', everyMs };
  } catch (error) {
    throw new Fault(interval.index, `@every: ${errorText(error)}`);
  }
  throw new Fault(interval.index, '@every: at least 1s');
}

function atMinutes(words: readonly Word[], zone: string | undefined): When {
  const fields = readFields(words);
  return zone === undefined ? { kind: 'minutes', fields } : { kind: 'minutes', fields, zone };
}
