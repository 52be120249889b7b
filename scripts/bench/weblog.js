// Web logs: to invent a million lines, to parse them, to load them into a table, and all three in one pipeline, each beside
// what else does that. What is in a table after each run is compared with what log-gen says is in its log.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { interleave, outputOf, warm } from './measure.js';
import { MOST_MEMORY, MOST_PARSE, MOST_PIPELINE, MOST_TABLE } from './works.js';

const LINES = 1_000_000;
const LOG = 'access.log';
const ROWS = 'access.csv';
const TRUTH = 'access.json';
const FIELDS = '1,4,6,7,9,10';
const SUM = `SELECT count(*) AS lines, sum("bytes") AS bytes, sum("status" IN (404, '404')) AS missing FROM "logs"`;
const PG_SUM = `SELECT count(*), sum(bytes), count(*) FILTER (WHERE status = 404) FROM logs`;

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const bin = (tool) => path(`bin/${tool}`);
const has = (program, ...words) => outputOf(program, words.length > 0 ? words : ['--version']) !== '';
const generator = (lines) => [bin('log-gen'), '-n', String(lines), '--seed', '1', '--format', 'combined'];

/** A section of the report: seconds, lines per second and peak memory. */
export async function weblog({ folder, runs, parts }) {
  const lines = LINES / parts;
  const database = (name) => join(folder, `${name}.db`);
  const server = await startPostgres();
  try {
    const truth = await makeInputs(folder, lines);
    const groups = [
      inventJobs(lines),
      parseJobs(folder),
      tableJobs({ folder, database, truth }),
      server === undefined ? [] : serverJobs({ folder, address: server.address, truth }),
      pipelineJobs({ folder, database, truth, lines }),
    ];
    const results = [];
    for (const jobs of groups)
      results.push(
        await interleave(
          jobs.map((job) => ({ cwd: folder, ...job })),
          runs,
        ),
      );
    return section(results, lines);
  } finally {
    await server?.stop();
  }
}

/** @returns what log-gen says of its log */
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

function inventJobs(lines) {
  return [{ name: 'log-gen', words: generator(lines) }];
}

function parseJobs(folder) {
  const stdin = join(folder, LOG);
  const columns = FIELDS.split(',');
  const program = `{ print ${columns.map((column) => `$${column}`).join(', ')} }`;
  return [
    { name: 'parse-log', words: [bin('parse-log')], stdin },
    has('mawk', '-W', 'version') && { name: 'mawk, split at blanks', words: ['mawk', program], stdin },
    has('mlr') && {
      name: 'Miller, split at blanks',
      words: ['mlr', '--inidx', '--ifs', ' ', '--ocsv', 'cut', '-f', FIELDS],
      stdin,
    },
  ].filter(Boolean);
}

function tableJobs({ folder, database, truth }) {
  const [own, other] = ['own', 'other'].map(database);
  const jobs = [
    { name: 'load-rows', words: [bin('load-rows'), '--to', own, '--table', 'logs', ROWS], file: own },
    has('sqlite3') && {
      name: 'sqlite3 .import',
      words: ['sqlite3', other, `.import --csv ${ROWS} logs`],
      file: other,
    },
  ];
  return jobs.filter(Boolean).map((job) => ({
    ...job,
    cwd: folder,
    before: () => removeDatabase(job.file),
    after: () => checkTable(job, truth),
  }));
}

function serverJobs({ folder, address, truth }) {
  const copy = `\\copy logs from ${ROWS} with (format csv, header)`;
  const psql = (sql) => outputOf('psql', ['-X', '-A', '-t', '-F', ',', address, '-c', sql]).trim();
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
      // The table is the one of load-rows: \copy makes none.
      before: () => psql('TRUNCATE logs'),
      after: () => check('psql'),
    },
  ];
}

function pipelineJobs({ folder, database, truth, lines }) {
  const [own, other] = ['pipeline', 'import'].map(database);
  const invent = generator(lines).join(' ');
  const parse = bin('parse-log');
  const pipe = (name, file, last) => ({
    name,
    file,
    words: ['sh', '-c', `${invent} | ${last}`],
    cwd: folder,
    before: () => removeDatabase(file),
    after: () => checkTable({ name, file }, truth),
  });
  const jobs = [
    pipe('log-gen, parse-log, load-rows', own, `${parse} | ${bin('load-rows')} --to ${own} --table logs`),
    has('sqlite3') &&
      pipe(
        'log-gen, parse-log, sqlite3 .import',
        other,
        `${parse} | sqlite3 ${other} '.import --csv /dev/stdin logs'`,
      ),
  ];
  return jobs.filter(Boolean);
}

function removeDatabase(file) {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
}

function checkTable({ name, file }, truth) {
  const database = new DatabaseSync(file);
  const { lines, bytes, missing } = database.prepare(SUM).get();
  database.close();
  const answer = [lines, bytes, missing].join();
  if (answer !== truth) throw new Error(`${name}: the table has ${answer}, the log ${truth}`);
}

/** A server as the integration tests have it; undefined where none is installed. */
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

function section(groups, lines) {
  const titles = ['invent', 'parse', 'into SQLite', 'into Postgres', 'all of it, into SQLite'];
  const [, parse, table, copy, pipeline] = groups;
  return {
    name: 'weblog',
    title: 'Web logs',
    size: `${lines.toLocaleString('en')} lines; of a pipeline the peak is that of its largest program`,
    header: ['', '', 'seconds', 'fastest to slowest', 'lines/s', 'peak MB'],
    rows: groups.flatMap((results, at) =>
      results.map(({ job, seconds, fastest, slowest, peak }) => [
        titles[at],
        job.name,
        seconds.toFixed(2),
        `${fastest.toFixed(2)} to ${slowest.toFixed(2)}`,
        `${Math.round(lines / seconds / 1000)}k`,
        peak.toFixed(0),
      ]),
    ),
    targets: [
      target('parse-log beside mawk', parse, MOST_PARSE),
      target('load-rows beside sqlite3 .import', table, MOST_TABLE),
      target('load-rows beside psql \\copy', copy, MOST_TABLE),
      target('the pipeline beside one with sqlite3 .import', pipeline, MOST_PIPELINE),
      { what: 'peak memory of the pipeline', measured: pipeline[0].peak, most: MOST_MEMORY, unit: 'MB' },
    ],
  };
}

/** The time of the first beside that of the second. */
function target(what, [own, other], most) {
  return { what: `time of ${what}`, measured: other ? own.seconds / other.seconds : Number.NaN, most };
}
