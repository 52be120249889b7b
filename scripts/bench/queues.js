/**
 * File queues: messages of 170 bytes into a queue and out of it, compared with minimal programs, and with other libraries for
 * file queues. All messages that were put must be taken, byte for byte.
 *
 * @import { Job, Result, Section, Settings, Target } from './types.d.ts'
 */

import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COSTS, costsOf } from './cells.js';
import { interleave, outputOf } from './measure.js';
import { messageFile, taken } from './messages.js';
import {
  MAX_BESIDE_LITEQUEUE,
  MAX_BESIDE_PERSIST_QUEUE,
  MAX_MEMORY_OF_QUEUE,
  MAX_OF_MANY,
  MAX_PUT,
  MAX_RUNS,
  MAX_TAKE,
} from './works.js';

const LINES = 1_000_000;
const PADDING = 150;
/** Other libraries sync each message, so they get only 1 / PEER_PART of the messages. */
const PEER_PART = 200;
const BATCH = ['--batch', '1000', '--exit-when-empty'];
const SINK = ['sh', '-c', 'cat >/dev/null'];
const MANY = 4;
const INSTALL_PEERS = 'python3 -m pip install --target bench/peers/python litequeue persist-queue';

/** @param {string} name */
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
/** @param {string} tool */
const bin = (tool) => path(`bin/${tool}`);
/** @param {string} what @param {readonly string[]} words */
const bare = (what, ...words) => [process.execPath, path('scripts/bench/queue-bare.js'), what, ...words];

/** @typedef {{ readonly folder: string, readonly lines: number, readonly input: string, readonly few: string }} Work */

/**
 * A section of the report: the cost of each program, and its messages per second.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function queues({ folder, runs, parts }) {
  const lines = LINES / parts;
  const input = await messageFile(join(folder, 'messages.txt'), lines, PADDING);
  const few = await messageFile(join(folder, 'few-messages.txt'), lines / PEER_PART, PADDING);
  const work = { folder, lines, input, few };
  const puts = await interleave(putJobs(work), runs);
  fill(folder);
  const takes = await interleave(takeJobs(work), runs);
  const spawns = await interleave(spawnJobs(work), Math.min(runs, 3));
  const many = await interleave(manyJobs(work), runs);
  const peers = await interleave(peerJobs(work), 1);
  remove(folder);
  return section({ puts, takes, spawns, many, peers }, lines);
}

/** @param {string} folder @param {readonly string[]} names */
function remove(folder, names = ['own.queue', 'full.queue', 'bare.queue', 'full-bare.queue', 'bare.log']) {
  for (const name of names)
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, name + end), { force: true });
}

/** Keeps copies of the queues that the last run filled, to be taken from repeatedly. @param {string} folder */
function fill(folder) {
  cpSync(join(folder, 'own.queue'), join(folder, 'full.queue'));
  cpSync(join(folder, 'bare.queue'), join(folder, 'full-bare.queue'));
}

/** @param {Work} work @returns {Job[]} */
function putJobs({ folder, input }) {
  const job = { cwd: folder, stdin: input };
  return [
    {
      ...job,
      name: 'queue-put',
      words: [bin('queue-put'), 'own.queue'],
      before: () => remove(folder, ['own.queue']),
    },
    {
      ...job,
      name: 'a row per 1,000 lines',
      words: bare('put'),
      before: () => remove(folder, ['bare.queue']),
    },
    { ...job, name: 'append, fdatasync', words: bare('append'), before: () => remove(folder, ['bare.log']) },
  ];
}

/** @param {Work} work @returns {Job[]} */
function takeJobs({ folder, input }) {
  const to = { cwd: folder, ...taken({ folder, input }) };
  return [
    {
      ...{ ...to, name: 'queue-take', words: [bin('queue-take'), 'own.queue', ...BATCH] },
      before: () => again(folder, 'full.queue', 'own.queue'),
    },
    {
      ...{ ...to, name: 'a row at a time', words: bare('take') },
      before: () => again(folder, 'full-bare.queue', 'bare.queue'),
    },
  ];
}

/** @param {Work} work @returns {Job[]} */
function spawnJobs({ folder, input }) {
  return [
    {
      ...{ name: `queue-take -- ${SINK.join(' ')}`, cwd: folder },
      words: [bin('queue-take'), 'own.queue', ...BATCH, '--', ...SINK],
      before: () => again(folder, 'full.queue', 'own.queue'),
    },
    { name: 'a loop that spawns it', words: bare('spawn', ...SINK), cwd: folder, stdin: input },
  ];
}

/** One producer and one consumer, then four of each for the same number of messages. @param {Work} work @returns {Job[]} */
function manyJobs({ folder, input, lines }) {
  return [1, MANY].map((count) => {
    const each = lines / count;
    const script = `for i in $(seq 0 ${count - 1}); do
      tail -n +$((i * ${each} + 1)) '${input}' | head -n ${each} | '${bin('queue-put')}' own.queue &
      '${bin('queue-take')}' own.queue --batch 1000 --count ${each} >/dev/null &
    done; wait`;
    return {
      ...{ name: `${count} queue-put, ${count} queue-take`, cwd: folder, peaks: false },
      words: ['bash', '-c', script],
      before: () => remove(folder, ['own.queue']),
    };
  });
}

/** @param {Work} work @returns {Job[]} */
function peerJobs({ folder, few }) {
  return ['litequeue', 'persist-queue'].filter(hasPeer).map((name) => ({
    ...{ name, cwd: folder, stdin: few },
    words: [
      'env',
      `PYTHONPATH=${path('bench/peers/python')}`,
      'python3',
      path('scripts/bench/queue-peers.py'),
      name,
    ],
    before: () => rmSync(join(folder, 'peer'), { recursive: true, force: true }),
    after: () => {
      remove(folder, ['peer.db']);
      rmSync(join(folder, 'peer'), { recursive: true, force: true });
    },
  }));
}

/** @param {string} name */
function hasPeer(name) {
  const found =
    existsSync(path(`bench/peers/python/${name.replace('-', '')}`)) ||
    existsSync(path(`bench/peers/python/${name}.py`));
  if (!found || outputOf('python3', ['--version']) === '') {
    process.stderr.write(`${name} is left out: it is not installed (${INSTALL_PEERS})\n`);
    return false;
  }
  return true;
}

/** @param {string} folder @param {string} from @param {string} to */
function again(folder, from, to) {
  remove(folder, [to]);
  cpSync(join(folder, from), join(folder, to));
}

/** @param {Record<'puts' | 'takes' | 'spawns' | 'many' | 'peers', readonly Result[]>} results @param {number} lines @returns {Section} */
function section({ puts, takes, spawns, many, peers }, lines) {
  const [put = nothing] = puts;
  const groups = /** @type {const} */ ([
    ['put', puts, lines],
    ['take', takes, lines],
    ['1,000 to a command', spawns, lines],
    ['both at once', many, lines],
    ['put one by one', peers, lines / PEER_PART],
  ]);
  /** @param {string} name @param {number} most @returns {Target} */
  const peer = (name, most) => {
    const other = peers.find(({ job }) => job.name === name);
    const measured = other ? put.seconds / PEER_PART / other.seconds : Number.NaN;
    return { what: `time per message of queue-put vs ${name}`, measured, most };
  };
  return {
    name: 'queues',
    title: 'Queues',
    size: `${lines.toLocaleString('en')} messages of 169 bytes; other libraries get one of ${PEER_PART}`,
    header: ['', '', ...COSTS, 'messages/s', '/ first'],
    rows: groups.flatMap(([title, results, count]) =>
      results.map((result) => [
        ...[title, result.job.name, ...costsOf(result)],
        `${(count / result.seconds / 1000).toFixed(1)}k`,
        (result.seconds / (results[0]?.seconds ?? Number.NaN)).toFixed(2),
      ]),
    ),
    targets: [
      target('queue-put vs a row per 1,000 lines', puts, MAX_PUT),
      target('queue-take vs a row at a time', takes, MAX_TAKE),
      target('queue-take with a command vs a loop that spawns it', spawns, MAX_RUNS),
      target(`${MANY} of each vs one of each`, [...many].reverse(), MAX_OF_MANY),
      peer('litequeue', MAX_BESIDE_LITEQUEUE),
      peer('persist-queue', MAX_BESIDE_PERSIST_QUEUE),
      {
        ...{ what: 'peak memory of queue-put and queue-take', most: MAX_MEMORY_OF_QUEUE, unit: 'MB' },
        measured: Math.max(...[puts, takes, spawns].map(([own = nothing]) => own.peak)),
      },
    ],
  };
}

const nothing = { seconds: Number.NaN, peak: Number.NaN };

/** The ratio of the first time to the second. @param {string} what @param {readonly Result[]} results @param {number} most @returns {Target} */
function target(what, [own, other], most) {
  return { what: `time of ${what}`, measured: own && other ? own.seconds / other.seconds : Number.NaN, most };
}
