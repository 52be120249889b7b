/**
 * Kafka topics on a local broker: messages of 89 bytes into one partition and out of it, compared with kcat.
 *
 * @import { Job, Result, Section, Settings } from './types.d.ts'
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { COSTS, costsOf } from './cells.js';
import { interleave, outputOf } from './measure.js';
import { messageFile, taken } from './messages.js';
import { MAX_BESIDE_KCAT, MAX_MEMORY_OF_KAFKA } from './works.js';

const LINES = 1_000_000;

/** @param {string} name */
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
/** @param {string} tool */
const bin = (tool) => path(`bin/${tool}`);

/** @param {Settings} settings @returns {Promise<Section>} */
export async function kafka({ folder, runs, parts }) {
  const lines = LINES / parts;
  const input = await messageFile(join(folder, 'kafka-messages.txt'), lines, 70);
  const server = await start();
  try {
    const { broker } = server;
    for (const topic of ['ours', 'theirs', 'full']) {
      const made = outputOf(bin('queue-make'), [`kafka://${broker}/${topic}`, '--partitions', '1']);
      if (made !== '') throw new Error(made);
    }
    const fill = ['-P', '-b', broker, '-t', 'full', '-l', input];
    outputOf('kcat', fill);
    const puts = await interleave(putJobs({ folder, input, broker }), runs);
    const takes = await interleave(takeJobs({ folder, input, broker, lines }), runs);
    return section(puts, takes, lines);
  } finally {
    await server.end();
  }
}

/** Starts a broker. */
async function start() {
  const child = spawn(path('scripts/servers/kafka.sh'), { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (value === undefined) throw new Error('no broker (scripts/servers/kafka.sh install)');
  const end = async () => {
    child.stdin.end();
    await closed;
  };
  return { broker: String(value).split(' ')[0] ?? '', end };
}

/** @typedef {{ readonly folder: string, readonly input: string, readonly broker: string }} Work */

/** @param {Work} work @returns {Job[]} */
function putJobs({ folder, input, broker }) {
  const idempotent = ['-X', 'enable.idempotence=true'];
  return [
    { name: 'queue-put', words: [bin('queue-put'), `kafka://${broker}/ours`], cwd: folder, stdin: input },
    {
      name: 'kcat -P',
      words: ['kcat', '-P', '-b', broker, '-t', 'theirs', ...idempotent, '-l', input],
      cwd: folder,
    },
  ];
}

/** Each run uses a new group. @param {Work & { readonly lines: number }} work @returns {Job[]} */
function takeJobs({ folder, input, broker, lines }) {
  const to = { cwd: folder, ...taken({ folder, input }) };
  const take = `exec '${bin('queue-take')}' kafka://${broker}/full --group "ours$$" --batch 1000 --exit-when-empty`;
  const kcat = `exec kcat -G "theirs$$" -b ${broker} -c ${lines} -q -X auto.offset.reset=earliest full`;
  return [
    { name: 'queue-take --batch 1000', words: ['sh', '-c', take], ...to },
    { name: 'kcat -G', words: ['sh', '-c', kcat], ...to },
  ];
}

/** @param {readonly Result[]} puts @param {readonly Result[]} takes @param {number} lines @returns {Section} */
function section(puts, takes, lines) {
  const groups = /** @type {const} */ ([
    ['put', puts],
    ['take', takes],
  ]);
  return {
    name: 'kafka',
    title: 'Kafka',
    size: `${lines.toLocaleString('en')} messages of 89 bytes, a topic of one partition, a broker on this machine`,
    header: ['', '', ...COSTS, 'messages/s'],
    rows: groups.flatMap(([title, results]) =>
      results.map((result) => [
        ...[title, result.job.name, ...costsOf(result)],
        `${(lines / result.seconds / 1000).toFixed(1)}k`,
      ]),
    ),
    targets: [
      ...groups.map(([title, [own, other]]) => ({
        ...{ what: `time of queue-${title} on Kafka vs kcat`, most: MAX_BESIDE_KCAT },
        measured: own && other ? own.seconds / other.seconds : Number.NaN,
      })),
      {
        ...{
          what: 'peak memory of queue-put and queue-take on Kafka',
          most: MAX_MEMORY_OF_KAFKA,
          unit: 'MB',
        },
        measured: Math.max(...groups.map(([, [own]]) => own?.peak ?? Number.NaN)),
      },
    ],
  };
}
