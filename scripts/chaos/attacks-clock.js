/** Attacks by time: a wall clock that is wrong or jumps, and readings with wrong times. */

import { endFindings, excerpt, linesOf } from './findings.js';
import { HEADER } from './jobs-load.js';
import { SCRIPT } from './jobs-pipelines.js';
import { textOf } from './read.js';
import { shelfOf, statsUrl } from './stats-server.js';

/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./findings.js').Finding} Finding */
/** @typedef {import('./run.js').Room} Room */

const MINUTE = 60_000;
const YEAR = 365 * 24 * 3600;

/** Clock error in seconds, step by step. It is right at the end. */
const CLOCKS = {
  'ten years ahead': [0, 0, 10 * YEAR, 0, 0],
  'in 1970': [0, 0, -56 * YEAR, 0, 0],
  'an hour ahead': [0, 3600, 0, 0],
  'to and fro': [0, 7200, -7200, 3600, -90, 0, 0],
  'ahead from the start': [20 * YEAR, 20 * YEAR, 0, 0],
};

/** The time of a wrong reading among good ones. */
const WRONG = {
  'one of 2038': () => Date.UTC(2038, 0, 19, 3, 14, 7),
  'one of 9999': () => Date.UTC(9999, 11, 31, 23, 59, 59),
  'one of 1970': () => 10_000,
  'one of tomorrow': () => Date.now() + 24 * 60 * MINUTE,
};

/** @param {number} time @param {string} value */
const reading = (time, value) => `${new Date(time).toISOString().replace(/\.\d+Z/, 'Z')},attic,${value}\n`;

/** A reading per minute. @param {number} from minutes before now @param {number} count */
function readingsOf(from, count) {
  const now = Math.floor(Date.now() / 1000) * 1000;
  return Array.from({ length: count }, (_, at) => reading(now - (from - at) * MINUTE, `2${at % 10}.5`));
}

/** The lines of all files together. @param {Room} room @param {readonly string[]} files */
const linesIn = (room, files) => new Set(files.flatMap((file) => linesOf(textOf(room.path(file)))));

/**
 * The wrong reading comes between good ones, each in a separate run, as with cron: the good ones of the last hour must stay,
 * and the wrong one must be somewhere.
 *
 * @param {Room} room
 * @param {string} wrong
 * @param {readonly string[]} more
 */
async function windowRound(room, wrong, more) {
  const good = readingsOf(45, 40);
  const words = ['buffer-tail', '--last', '1h', '--rejects', 'rejects', ...more, 'log'];
  /** @type {Finding[]} */
  const found = [];
  for (const lines of [good.slice(0, 30), [wrong], good.slice(30, 35), good.slice(35)])
    found.push(...endFindings(await room.run(words, { stdin: lines.join('') })));
  const window = linesIn(room, ['log']);
  const missing = good.filter((line) => !window.has(line));
  if (missing.length > 0)
    found.push({
      kind: 'lost',
      text: `${missing.length} of ${good.length} good lines are not in the window`,
    });
  if (!linesIn(room, ['log', 'old.log', 'rejects']).has(wrong))
    found.push({ kind: 'lost', text: `the wrong line is nowhere: ${wrong.trim()}` });
  return found;
}

/** @param {Room} room @param {string} wrong */
async function liveRound(room, wrong) {
  const good = readingsOf(200, 180);
  const lines = [...good.slice(0, 90), wrong, ...good.slice(90)];
  const words = ['get-stats', '--live', '-w', '1h', '--lateness', '5m', '--rejects', 'rejects', '--json'];
  const ended = await room.run(words, { stdin: lines.join('') });
  const found = endFindings(ended);
  const counted = linesOf(ended.stdout).reduce((sum, row) => sum + JSON.parse(row).count, 0);
  const rejected = linesOf(textOf(room.path('rejects')));
  if (counted + rejected.length !== lines.length)
    found.push({
      kind: 'lost',
      text: `${counted} counted and ${rejected.length} rejected of ${lines.length}`,
    });
  const late = rejected.filter((line) => line !== wrong).length;
  if (late > 0) found.push({ kind: 'lost', text: `${late} good readings are rejected after the wrong one` });
  return found;
}

/** @type {Readonly<Record<string, (room: Room, wrong: string) => Promise<Finding[]>>>} */
const READERS = {
  'buffer-tail --last': (room, wrong) => windowRound(room, wrong, []),
  'buffer-tail --last --overflow': (room, wrong) => windowRound(room, wrong, ['--overflow', 'old.log']),
  'get-stats --live': liveRound,
};

/** @type {readonly Attack[]} */
const readingAttacks = Object.entries(READERS).map(([subject, play]) => ({
  family: 'readings of a wrong clock',
  subject,
  plan: async () =>
    Object.entries(WRONG).map(([name, time]) => ({
      name,
      play: (lab) => play(lab.newRoom(), reading(time(), '99.9')),
    })),
}));

/** @param {Lab} lab @param {string} clock @param {number} [everyMs] */
const clockOf = (lab, clock, everyMs) => ({
  LD_PRELOAD: lab.library,
  CHAOS_CLOCK: clock,
  ...(everyMs !== undefined && { CHAOS_CLOCK_EVERY: String(everyMs) }),
});

/**
 * @param {string} subject
 * @param {(lab: Lab, steps: readonly number[]) => Promise<Finding[]>} play
 * @returns {Attack}
 */
const jumping = (subject, play) => ({
  family: 'clock jumps',
  subject,
  plan: async () =>
    Object.entries(CLOCKS).map(([name, steps]) => ({ name, play: (lab) => play(lab, steps) })),
});

/** The cron script, run once per step of the clock. */
const script = jumping('Temperature_ETL.sh', async (lab, steps) => {
  const room = lab.newRoom();
  /** @type {Finding[]} */
  const found = [];
  let count = 0;
  for (const [at, step] of steps.entries()) {
    const env = {
      // Keeps the times of runs distinct.
      ...clockOf(lab, String(step + 2 * at)),
      ETL_HOME: room.folder,
      GET_TEMP_SENSOR: 'exec:echo 21.5',
    };
    const ended = await room.run([SCRIPT], { env });
    found.push(...endFindings(ended));
    if (ended.status === 0) count += 1;
    else if (step === 0)
      found.push({ kind: 'other', text: `it failed with ${ended.status}: ${excerpt(ended.stderr)}` });
  }
  const { stdout } = await room.shell('cat readings-*.log | wc -l');
  if (Number(stdout) !== count)
    found.push({ kind: 'lost', text: `the logs have ${stdout.trim()} readings of ${count}` });
  lab.remove(room.folder);
  return found;
});

/** @param {string} subject @param {readonly string[]} words @param {number} count of lines */
const running = (subject, words, count) =>
  jumping(subject, async (lab, steps) => {
    const room = lab.newRoom();
    const ended = await room.run(words, { env: clockOf(lab, steps.join(','), 400) });
    const found = endFindings(ended);
    const lines = linesOf(ended.stdout).length;
    if (ended.status === 0 && lines !== count)
      found.push({ kind: 'lost', text: `${lines} of ${count} lines` });
    if (!ended.hung && ended.status !== 0)
      found.push({ kind: 'other', text: `it failed with ${ended.status}: ${excerpt(ended.stderr)}` });
    lab.remove(room.folder);
    return found;
  });

/** Rows in a spool arrive in order. */
const spool = jumping('load-stats --spool', async (lab, steps) => {
  const room = lab.newRoom();
  const down = ['load-stats', '--to', await statsUrl(room), '--spool', 'spool'];
  shelfOf(room).isDown = true;
  /** @type {Finding[]} */
  const found = [];
  for (const [at, step] of steps.entries()) {
    const row = `attic,1h,2026-11-01T00:00:00Z,2026-11-01T01:00:00Z,60,${at},${at},${at}`;
    const setting = { stdin: `${HEADER}\n${row}\n`, env: clockOf(lab, String(step)) };
    found.push(...endFindings(await room.run(down, setting)));
  }
  const up = ['load-stats', '--to', 'st.csv', '--spool', 'spool'];
  found.push(...endFindings(await room.run(up, { stdin: `${HEADER}\n` })));
  const stored =
    linesOf(textOf(room.path('st.csv')))
      .at(-1)
      ?.trim() ?? '';
  if (!stored.endsWith(`,${steps.length - 1}`))
    found.push({ kind: 'lost', text: `the newest row is not the one that is stored: "${stored}"` });
  lab.remove(room.folder);
  return found;
});

export const clockAttacks = [
  ...readingAttacks,
  script,
  running('get-temp --every', ['get-temp', '--every', '100ms', '--count', '20', 'sim:attic'], 20),
  running('log-gen --rate', ['log-gen', '--rate', '20', '-n', '40'], 40),
  spool,
];
