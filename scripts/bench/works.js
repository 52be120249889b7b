/**
 * What is compared with other programs, and our targets.
 *
 * @import { Work } from './types.d.ts'
 */

/** Maximum memory of get-stats in MB, unless a work sets its own. */
export const MAX_MEMORY = 200;

/** Maximum growth of get-stats' memory for five times the lines: garbage collection alone varies by a tenth. */
export const MAX_GROWTH = 1.1;

/** Maximum time per group, as a ratio to that with a quarter or a tenth of the groups. */
export const MAX_GROWTH_OF_GROUPS = 2;

/** Maximum time of a tool with 60 lines, as a ratio to `node -e 0`. */
export const MAX_START = 1.7;

/** Maximum time from navigation to serve-stats to the first chart, in ms. */
export const MAX_FIRST_CHART = 1000;

/** Maximum time of parse-log, as a ratio to mawk splitting at spaces. */
export const MAX_PARSE = 1;

/** Maximum time of load-rows, as a ratio to `sqlite3 .import` and to psql's `\\copy`; and of a pipeline with it. */
export const MAX_TABLE = 1;
export const MAX_PIPELINE = 1;

/** Maximum times of queue-put and queue-take, as ratios to minimal programs. */
export const MAX_PUT = 1.5;
export const MAX_TAKE = 1.5;

/** Maximum time of queue-take with a command per batch, as a ratio to a loop that spawns the same commands. */
export const MAX_RUNS = 1.3;

/** Maximum time of four producers and four consumers on one queue, as a ratio to one of each: at least 0.6 of the rate. */
export const MAX_OF_MANY = 1 / 0.6;

/** Maximum time per message of queue-put, as ratios to libraries that commit each message. */
export const MAX_BESIDE_LITEQUEUE = 1 / 10;
export const MAX_BESIDE_PERSIST_QUEUE = 1 / 100;

/** Maximum memory of queue-put and queue-take in MB, whatever the depth of the queue. */
export const MAX_MEMORY_OF_QUEUE = 150;

/** Maximum times of queue-put and queue-take with Kafka, as ratios to kcat, and their memory in MB. */
export const MAX_BESIDE_KCAT = 2;
export const MAX_MEMORY_OF_KAFKA = 200;

/** Maximum times of lake-put with S3: one small object, as a ratio to aws-cli; many objects and a long one, to the S3 library. */
export const MAX_ONE_OBJECT = 0.5;
export const MAX_OBJECTS = 1.5;
export const MAX_LONG_OBJECT = 1.2;

/** Maximum lateness (p99) of schedule for jobs due in the same minute, as ratios to Debian's cron and to supercronic. */
export const MAX_BESIDE_CRON = 1;
export const MAX_BESIDE_SUPERCRONIC = 3;

/** Maximum cost of an idle schedule: CPU in %, memory as a ratio to bare Node; and memory growth with many runs in MB. */
export const MAX_IDLE_CPU = 0.2;
export const MAX_IDLE_MEMORY = 2;
export const MAX_MORE_MEMORY = 10;

/** Maximum time of `runs` over a million runs, beyond its start-up, in ms. */
export const MAX_RUNS_MS = 300;

/** Maximum time of a run-tasks task, as a ratio to those of other programs. */
export const MAX_TASK_BESIDE_BARE = 1.5;
export const MAX_TASK_BESIDE_PARALLEL = 1;

/** Minimum number of events that get-events prints per second. */
export const MIN_EVENTS = 50_000;

/** For many rows: at most the cost of DuckDB. @type {Work['targets']} */
const MANY_ROWS = [
  { of: 'cpu', beside: 'DuckDB', most: 1 },
  { of: 'peak', beside: 'DuckDB', most: 1 },
];

/** @type {readonly Work[]} */
export const WORKS = [
  {
    name: 'file',
    title: '1BRC file, 413 stations',
    input: 'stations.txt',
    question: 'stations',
    targets: [
      { beside: 'DuckDB', most: 0.25 },
      { beside: 'bare Node reader', most: 2.5 },
    ],
  },
  {
    name: 'pipe',
    title: 'The same through a pipe',
    input: 'stations.txt',
    question: 'stations',
    feed: 'cat',
    targets: [{ beside: 'DuckDB', most: 0.35 }],
  },
  {
    name: 'many',
    title: '1BRC file, 10,000 stations',
    input: 'many-stations.txt',
    question: 'stations',
    targets: [{ beside: 'DuckDB', most: 0.4 }],
  },
  {
    name: 'hourly',
    title: 'CSV with RFC 3339 times: 20 sensors, hour by hour',
    input: 'hourly.csv',
    question: 'hours',
    targets: [{ beside: 'DuckDB', most: 0.35 }],
  },
  {
    name: 'names',
    title: 'CSV with RFC 3339 times: a million sensors, about five readings each',
    input: 'paths.csv',
    question: 'sensors',
    targets: [{ beside: 'DuckDB', most: 1 }, ...MANY_ROWS],
    mostMemory: Number.POSITIVE_INFINITY,
  },
  {
    name: 'windows',
    title: 'CSV with RFC 3339 times: 1,000 sensors, hour by hour: a row for every six lines',
    input: 'many-windows.csv',
    question: 'hours',
    targets: MANY_ROWS,
    mostMemory: Number.POSITIVE_INFINITY,
  },
  {
    name: 'minutes',
    title: 'CSV with RFC 3339 times: one sensor, minute by minute: a row for every six lines',
    input: 'minutes.csv',
    question: 'minutes',
    targets: MANY_ROWS,
    mostMemory: Number.POSITIVE_INFINITY,
  },
  {
    name: 'medians',
    title: 'CSV with RFC 3339 times: 1,000 sensors, hour by hour, with medians',
    input: 'many-windows.csv',
    question: 'medians',
    targets: [],
    mostMemory: Number.POSITIVE_INFINITY,
  },
  {
    name: 'one',
    title: 'CSV with RFC 3339 times: one sensor, the whole file',
    input: 'one-sensor.csv',
    question: 'sensors',
    targets: [],
  },
  {
    name: 'ndjson',
    title: 'NDJSON: 20 sensors, the whole file',
    input: 'readings.ndjson',
    question: 'json',
    targets: [{ beside: 'DuckDB', most: 0.6 }],
  },
  {
    name: 'gz',
    title: 'Compressed CSV: 20 sensors, hour by hour',
    input: 'hourly.csv.gz',
    question: 'hours',
    feed: 'zcat',
    targets: [],
  },
];
