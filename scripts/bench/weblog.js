/**
 * Web logs: a million lines are generated, parsed, loaded into a table, and all three in one pipeline, each compared with other
 * programs. After each run the table is checked against the counts of log-gen.
 *
 * @import { Job, Result, Section, Settings, Target } from './types.d.ts'
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { COSTS, costsOf } from './cells.js';
import { interleave, outputOf, warm } from './measure.js';
import { MAX_MEMORY, MAX_PARSE, MAX_PIPELINE, MAX_TABLE } from './works.js';

const LINES = 1_000_000;
const LOG = 'access.log';
const ROWS = 'access.csv';
const TRUTH = 'access.json';
const FIELDS = '1,4,6,7,9,10';
const SUM = `SELECT count(*) AS lines, sum("bytes") AS bytes, sum("status" IN (404, '404')) AS missing FROM "logs"`;
const PG_SUM = `SELECT count(*), sum(bytes), count(*) FILTER (WHERE status = 404) FROM logs`;

/** @param {string} name */
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
/** @param {string} tool */
const bin = (tool) => path(`bin/${tool}`);
/** @param {string} program @param {string[]} words */
const has = (program, ...words) => outputOf(program, words.length > 0 ? words : ['--version']) !== '';
/** @param {number} lines */
const generator = (lines) => [bin('log-gen'), '-n', String(lines), '--seed', '1', '--format', 'combined'];

/** @typedef {{ readonly folder: string, readonly truth: string, database(name: string): string }} Tables */

/**
 * A section of the report: the cost of each program, and its lines per second.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function weblog({ folder, runs, parts }) {
  const lines = LINES / parts;
  /** @param {string} name */
  const database = (name) => join(folder, `${name}.db`);
  const server = await startPostgres();
  try {
    const truth = await makeInputs(folder, lines);
    const groups = [
      [job('log-gen', generator(lines), folder)],
      parseJobs(folder),
      tableJobs({ folder, database, truth }),
      server === undefined ? [] : serverJobs({ folder, address: server.address, truth }),
      pipelineJobs({ folder, database, truth, lines }),
    ];
    const results = [];
    for (const jobs of groups) results.push(await interleave(jobs, runs));
    return section(results, lines);
  } finally {
    await server?.stop();
  }
}

/** Creates a log and its rows. @param {string} folder @param {number} lines @returns the counts of log-gen */
async function makeInputs(folder, lines) {
  mkdirSync(folder, { recursive: true });
  await interleave(
    [
      { name: LOG, words: [...generator(lines), '--truth', TRUTH], cwd: folder, stdout: join(folder, LOG) },
      { name: ROWS, words: [bin('parse-log'), LOG], cwd: folder, stdout: join(folder, ROWS) },
    ],
    1,
  );
  for (const name of [LOG, ROWS]) warm(join(folder, name));
  const { requests, bytes, by_status: statuses } = JSON.parse(readFileSync(join(folder, TRUTH), 'utf8'));
  return [requests, bytes, statuses['404']].join();
}

/**
 * @param {string} name
 * @param {readonly string[]} words
 * @param {string} cwd
 * @returns {Job}
 */
const job = (name, words, cwd) => ({ name, words, cwd });

/** @param {string} folder */
function parseJobs(folder) {
  const stdin = join(folder, LOG);
  const columns = FIELDS.split(',');
  const program = `{ print ${columns.map((column) => `$${column}`).join(', ')} }`;
  const jobs = [job('parse-log', [bin('parse-log')], folder)];
  if (has('mawk', '-W', 'version')) jobs.push(job('mawk, split at blanks', ['mawk', program], folder));
  const cut = ['mlr', '--inidx', '--ifs', ' ', '--ocsv', 'cut', '-f', FIELDS];
  if (has('mlr')) jobs.push(job('Miller, split at blanks', cut, folder));
  return jobs.map((each) => ({ ...each, stdin }));
}

/** @param {Tables} tables */
function tableJobs({ folder, database, truth }) {
  const [own, other] = [database('own'), database('other')];
  const load = [bin('load-rows'), '--to', own, '--table', 'logs', ROWS];
  const jobs = [withTable(job('load-rows', load, folder), own, truth)];
  const copy = ['sqlite3', other, `.import --csv ${ROWS} logs`];
  if (has('sqlite3')) jobs.push(withTable(job('sqlite3 .import', copy, folder), other, truth));
  return jobs;
}

/**
 * A job that creates a new database, which is checked after each run.
 *
 * @param {Job} fresh
 * @param {string} file
 * @param {string} truth
 * @returns {Job}
 */
function withTable(fresh, file, truth) {
  const before = () => removeDatabase(file);
  return { ...fresh, before, after: () => checkTable(fresh.name, file, truth) };
}

/** @param {{ folder: string, address: string, truth: string }} server @returns {Job[]} */
function serverJobs({ folder, address, truth }) {
  const copy = `\\copy logs from ${ROWS} with (format csv, header)`;
  /** @param {string} sql */
  const psql = (sql) => outputOf('psql', ['-X', '-A', '-t', '-F', ',', address, '-c', sql]).trim();
  /** @param {string} name */
  const check = (name) => {
    const answer = psql(PG_SUM);
    if (answer !== truth) throw new Error(`${name}: the table has ${answer}, the log ${truth}`);
  };
  const load = [bin('load-rows'), '--to', address, '--table', 'logs', ROWS];
  return [
    {
      name: 'load-rows',
      words: load,
      cwd: folder,
      before: () => psql('DROP TABLE IF EXISTS logs'),
      after: () => check('load-rows'),
    },
    {
      name: 'psql \\copy',
      words: ['psql', '-X', '-q', address, '-c', copy],
      cwd: folder,
      // Keeps the table that load-rows created: \copy creates none.
      before: () => psql('TRUNCATE logs'),
      after: () => check('psql'),
    },
  ];
}

/** @param {Tables & { readonly lines: number }} tables */
function pipelineJobs({ folder, database, truth, lines }) {
  const [own, other] = [database('pipeline'), database('import')];
  const rows = `${generator(lines).join(' ')} | ${bin('parse-log')}`;
  /** @param {string} last @param {string} file @param {string} command */
  const pipe = (last, file, command) => {
    const words = ['sh', '-c', `${rows} | ${command}`];
    return withTable(job(`log-gen, parse-log, ${last}`, words, folder), file, truth);
  };
  const jobs = [pipe('load-rows', own, `${bin('load-rows')} --to ${own} --table logs`)];
  if (has('sqlite3'))
    jobs.push(pipe('sqlite3 .import', other, `sqlite3 ${other} '.import --csv /dev/stdin logs'`));
  return jobs;
}

/** @param {string} file */
function removeDatabase(file) {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
}

/** @param {string} name @param {string} file @param {string} truth */
function checkTable(name, file, truth) {
  const database = new DatabaseSync(file);
  const { lines, bytes, missing } = /** @type {Record<string, unknown>} */ (database.prepare(SUM).get());
  database.close();
  const answer = [lines, bytes, missing].join();
  if (answer !== truth) throw new Error(`${name}: the table has ${answer}, the log ${truth}`);
}

/** Starts the server of the integration tests; undefined if it is not installed. */
async function startPostgres() {
  const script = path('scripts/servers/postgres.sh');
  if (!existsSync(script) || !has('psql')) return undefined;
  const child = spawn(script, { stdio: ['pipe', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  const { value: address } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  const stop = () => {
    child.stdin.end();
    return closed;
  };
  return address === undefined ? undefined : { address, stop };
}

/** @param {readonly Result[][]} groups @param {number} lines @returns {Section} */
function section(groups, lines) {
  const titles = ['invent', 'parse', 'into SQLite', 'into Postgres', 'all of it, into SQLite'];
  const [, parse = [], table = [], copy = [], pipeline = []] = groups;
  return {
    name: 'weblog',
    title: 'Web logs',
    size: `${lines.toLocaleString('en')} lines; of a pipeline the peak is that of its largest program; a server is not counted`,
    header: ['', '', ...COSTS, 'lines/s'],
    rows: groups.flatMap((results, at) =>
      results.map((result) => [
        ...[titles[at], result.job.name, ...costsOf(result)],
        `${Math.round(lines / result.seconds / 1000)}k`,
      ]),
    ),
    targets: [
      target('parse-log vs mawk', parse, MAX_PARSE),
      target('load-rows vs sqlite3 .import', table, MAX_TABLE),
      target('load-rows vs psql \\copy', copy, MAX_TABLE),
      target('the pipeline vs one with sqlite3 .import', pipeline, MAX_PIPELINE),
      { what: 'peak memory of the pipeline', measured: pipeline[0].peak, most: MAX_MEMORY, unit: 'MB' },
    ],
  };
}

/** The ratio of the first time to the second. @param {string} what @param {readonly Result[]} results @param {number} most @returns {Target} */
function target(what, [own, other], most) {
  return { what: `time of ${what}`, measured: other ? own.seconds / other.seconds : Number.NaN, most };
}
