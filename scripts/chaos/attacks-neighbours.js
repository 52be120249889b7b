/** Attacks by neighbours: others append to the same file, while a tool runs or after it was killed. */

import { appendFileSync, writeFileSync } from 'node:fs';
import { Faults } from './faults.js';
import { compareSets, endFindings, excerpt, linesOf } from './findings.js';
import { leftBehind } from './lab.js';
import { textOf } from './read.js';
import { Room } from './run.js';

/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./findings.js').Finding} Finding */

const STRANGER = 'a line of a stranger\n';
/** The initial content of the file. */
const FIRST = 'before\n';
/** The initial content of the window, if it is a different file. */
const OLD = '2026-11-21T09:59:00Z,mine,0\n';
const MINE = ['2026-11-21T10:00:00Z,mine,1\n', 'no time\n', '2026-11-21T10:01:00Z,mine,2\n'];
/** The input of the next run. */
const NEXT = '2026-11-21T10:02:00Z,mine,3\n';

/**
 * Files that others append to with `>>`. `mine` are the lines that buffer-tail appends.
 *
 * @type {readonly { subject: string, file: string, words: readonly string[], mine: readonly string[] }[]}
 */
const APPENDED = [
  { subject: 'buffer-tail -n all', file: 'log', words: ['-n', 'all', 'log'], mine: MINE },
  { subject: 'buffer-tail --unique', file: 'log', words: ['-u', '-n', 'all', 'log'], mine: MINE },
  {
    subject: 'buffer-tail --overflow',
    file: 'old.log',
    words: ['-n', '1', '--overflow', 'old.log', 'log'],
    mine: [OLD, ...MINE.slice(0, 2)],
  },
  {
    subject: 'buffer-tail --rejects',
    file: 'rejects',
    words: ['--last', '1h', '--rejects', 'rejects', 'log'],
    mine: MINE.slice(1, 2),
  },
];

/** @typedef {(typeof APPENDED)[number]} Appended */

/**
 * At each call the tool is stopped, a line appended, and the tool continued.
 *
 * @type {readonly Attack[]}
 */
const stoppedAttacks = APPENDED.map((appended) => ({
  family: 'others append',
  subject: appended.subject,
  plan: (lab) => planRounds(lab, appended, stoppedRound),
}));

/**
 * At each call the tool is killed, and a line appended before the next run repairs the file.
 *
 * @type {readonly Attack[]}
 */
const killedAttacks = APPENDED.map((appended) => ({
  family: 'others append after a kill',
  subject: appended.subject,
  plan: (lab) => planRounds(lab, appended, killedRound),
}));

export const neighbourAttacks = [...stoppedAttacks, ...killedAttacks];

/**
 * A round for each call of the tool.
 *
 * @param {Lab} lab
 * @param {Appended} appended
 * @param {(folder: string, faults: Faults, played: { appended: Appended, at: number }) => Promise<Finding[]>} play
 */
async function planRounds(lab, appended, play) {
  const calls = await inFolder(lab, appended, async (folder, faults) => {
    await run(new Room(folder, { faults: faults.environment(undefined) }), appended);
    return faults.calls().filter(({ number }) => number > 0);
  });
  return calls.map(({ number: at, operation }) => ({
    name: `at ${at}: ${operation}`,
    play: () => inFolder(lab, appended, (folder, faults) => play(folder, faults, { appended, at })),
  }));
}

/**
 * @template Result
 * @param {Lab} lab
 * @param {Appended} appended
 * @param {(folder: string, faults: Faults) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function inFolder(lab, { file }, work) {
  const folder = lab.newFolder();
  const faults = new Faults(lab.library, `${folder}.faults`, folder);
  if (file !== 'log') writeFileSync(`${folder}/log`, OLD);
  writeFileSync(`${folder}/${file}`, FIRST);
  const result = await work(folder, faults);
  for (const path of [folder, `${folder}.faults`]) lab.remove(path);
  return result;
}

/** @param {Room} room @param {Appended} appended */
function run(room, { words }) {
  return room.run(['buffer-tail', ...words], { stdin: MINE.join('') });
}

/** @param {string} folder @param {Faults} faults @param {{ appended: Appended, at: number }} played */
async function stoppedRound(folder, faults, { appended, at }) {
  const { file, mine } = appended;
  const path = `${folder}/${file}`;
  const end = run(new Room(folder, { faults: faults.environment({ act: 'stop', at }) }), appended);
  await Promise.race([faults.untilStopped(at), end]);
  appendFileSync(path, STRANGER);
  faults.goOn();
  const found = await end;
  const must = [FIRST, STRANGER, ...(found.status === 0 ? mine : [])];
  return [
    ...endFindings(found),
    ...compareSets(file, textOf(path), { must, may: [FIRST, STRANGER, ...mine] }),
  ];
}

/** @param {string} folder @param {Faults} faults @param {{ appended: Appended, at: number }} played */
async function killedRound(folder, faults, { appended, at }) {
  const { file, words } = appended;
  const files = [...new Set([file, 'log'])];
  const killed = await run(new Room(folder, { faults: faults.environment({ act: 'kill', at }) }), appended);
  appendFileSync(`${folder}/${file}`, STRANGER);
  const next = await new Room(folder).run(['buffer-tail', ...words], { stdin: NEXT });
  const found = [...endFindings(killed), ...endFindings(next)];
  if (next.status !== 0)
    found.push({ kind: 'other', text: `the next run failed with ${next.status}: ${excerpt(next.stderr)}` });
  for (const name of leftBehind(folder, files)) found.push({ kind: 'other', text: `left behind: ${name}` });
  const lines = files.flatMap((name) => linesOf(textOf(`${folder}/${name}`)));
  const must = [FIRST, STRANGER, NEXT, ...(file === 'log' ? [] : [OLD])];
  found.push(...compareSets(file, lines.join(''), { must, may: [...must, ...MINE] }));
  const twice = lines.filter((line, index) => lines.indexOf(line) < index);
  if (twice.length > 0) found.push({ kind: 'doubled', text: `${file}: ${excerpt(twice.join(''))}` });
  return found;
}
