/**
 * lake-put and lake-get with S3, compared with the library that they use and with aws-cli, on a local server, which occupies
 * one core.
 *
 * @import { Job, Result, Section, Settings, Target } from './types.d.ts'
 */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { COSTS, costsOf } from './cells.js';
import { interleave, warm } from './measure.js';
import { MAX_LONG_OBJECT, MAX_MEMORY, MAX_OBJECTS, MAX_ONE_OBJECT } from './works.js';

const OBJECTS = 1000;
const OBJECT_BYTES = 20_000;
const LONG_BYTES = 1_000_000_000;
const BUCKET = 'bench';

/** @param {string} name */
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
/** @param {string} what */
const bare = (what) => [process.execPath, path('scripts/bench/lake-bare.js'), what, BUCKET];

/** @typedef {{ readonly folder: string, readonly objects: string, readonly long: string, readonly aws: string | undefined }} Work */

/**
 * A section of the report: the cost of each program.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function lakes({ folder, runs, parts }) {
  mkdirSync(folder, { recursive: true });
  const object = `{"text":"${'x'.repeat(OBJECT_BYTES - 12)}"}\n`;
  const objects = made(join(folder, 'objects.ndjson'), () => object.repeat(OBJECTS / parts));
  const long = made(join(folder, 'long.bin'), () => Buffer.alloc(LONG_BYTES / parts, object));
  const server = spawn(path('scripts/servers/versitygw.sh'), { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(server, 'close');
  try {
    const { value } = await createInterface(server.stdout)[Symbol.asyncIterator]().next();
    connect(value);
    const work = { folder, objects, long, aws: awsCli() };
    const one = await interleave(oneJobs(work), runs);
    const many = await interleave(manyJobs(work), runs);
    const puts = await interleave(putJobs(work), runs);
    const gets = await interleave(getJobs(work), runs);
    return section({ one, many, puts, gets }, parts);
  } finally {
    server.stdin.end();
    await closed;
  }
}

/** Creates an input, unless it exists. @param {string} file @param {() => string | Buffer} content */
function made(file, content) {
  if (!existsSync(file)) writeFileSync(file, content());
  warm(file);
  return file;
}

/** Points all programs to the server. @param {string} address */
function connect(address) {
  const { origin, username, password } = new URL(address);
  Object.assign(process.env, {
    ...{
      AWS_ENDPOINT_URL: origin,
      AWS_REGION: 'us-east-1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    ...{ AWS_ACCESS_KEY_ID: username, AWS_SECRET_ACCESS_KEY: password },
  });
  execFileSync(process.execPath, bare('make').slice(1), { stdio: 'ignore' });
}

/** The path of aws-cli; undefined if it is not installed. */
function awsCli() {
  const { stdout, stderr } = spawnSync(path('scripts/servers/clients.sh'), { encoding: 'utf8' });
  if (stdout !== '') return join(stdout.trim(), 'aws');
  process.stderr.write(`aws-cli is left out: ${stderr}`);
  return undefined;
}

function clear() {
  execFileSync(process.execPath, bare('clear').slice(1), { stdio: 'ignore' });
}

/** The job of aws-cli, if installed. @param {string | undefined} aws @param {Omit<Job, 'words'>} job @param {readonly string[]} words @returns {Job[]} */
function peer(aws, job, words) {
  return aws === undefined ? [] : [{ ...job, words: [aws, 's3', 'cp', '--quiet', ...words] }];
}

/** One small object: dominated by start-up. @param {Work} work @returns {Job[]} */
function oneJobs({ folder, aws }) {
  const job = { cwd: folder, stdin: path('package.json'), before: clear };
  const address = `s3://${BUCKET}/one`;
  return [
    { ...job, name: 'lake-put', words: [path('bin/lake-put'), address] },
    ...peer(aws, { ...job, name: 'aws s3 cp' }, ['-', address]),
  ];
}

/** @param {Work} work @returns {Job[]} */
function manyJobs({ folder, objects }) {
  const job = { cwd: folder, stdin: objects, before: clear };
  const options = ['--ndjson', '--batch', '1', '--name', '{batch}'];
  return [
    {
      ...{ ...job, name: 'lake-put --batch 1' },
      words: ['env', 'ETL_BATCH=b', path('bin/lake-put'), `s3://${BUCKET}/own/`, ...options],
    },
    { ...job, name: 'the library, one after the other', words: bare('objects') },
  ];
}

/** @param {Work} work @returns {Job[]} */
function putJobs({ folder, long, aws }) {
  const job = { cwd: folder, stdin: long, before: clear };
  const address = `s3://${BUCKET}/own`;
  return [
    { ...job, name: 'lake-put', words: [path('bin/lake-put'), address] },
    { ...job, name: 'the library, four parts at once', words: bare('parts') },
    ...peer(aws, { ...job, name: 'aws s3 cp' }, [long, address]),
  ];
}

/** @param {Work} work @returns {Job[]} */
function getJobs({ folder, long, aws }) {
  const address = `s3://${BUCKET}/own`;
  clear();
  execFileSync(path('bin/lake-put'), [address], { stdio: [openSync(long, 'r'), 'ignore', 'inherit'] });
  return [
    { name: 'lake-get', cwd: folder, words: [path('bin/lake-get'), address] },
    ...peer(aws, { name: 'aws s3 cp', cwd: folder }, [address, '-']),
  ];
}

/** @param {Record<'one' | 'many' | 'puts' | 'gets', readonly Result[]>} results @param {number} parts @returns {Section} */
function section({ one, many, puts, gets }, parts) {
  const megabytes = `${(LONG_BYTES / parts / 1e6).toLocaleString('en')} MB`;
  const objects = `${(OBJECTS / parts).toLocaleString('en')} of ${OBJECT_BYTES / 1000} KB`;
  const groups = /** @type {const} */ ([
    ['put one of 4 KB', one],
    [`put ${objects}`, many],
    [`put one of ${megabytes}`, puts],
    ['get it', gets],
  ]);
  const peaks = [one, many, puts, gets].map(([own]) => own?.peak ?? Number.NaN);
  return {
    name: 'lakes',
    title: 'Objects in S3',
    header: ['', '', ...COSTS, '/ first'],
    rows: groups.flatMap(([title, results]) =>
      results.map((result) => [
        ...[title, result.job.name, ...costsOf(result)],
        (result.seconds / (results[0]?.seconds ?? Number.NaN)).toFixed(2),
      ]),
    ),
    targets: [
      target('one small object vs aws-cli', one, MAX_ONE_OBJECT),
      target(`${objects} vs the library, one after the other`, many, MAX_OBJECTS),
      target(`${megabytes} in parts vs the library`, puts, MAX_LONG_OBJECT),
      {
        what: 'peak memory of lake-put and lake-get',
        measured: Math.max(...peaks),
        most: MAX_MEMORY,
        unit: 'MB',
      },
    ],
  };
}

/** The ratio of the first time to the second. @param {string} what @param {readonly Result[]} results @param {number} most @returns {Target} */
function target(what, [own, other], most) {
  return { what: `time of ${what}`, measured: own && other ? own.seconds / other.seconds : Number.NaN, most };
}
