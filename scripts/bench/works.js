/**
 * What is measured beside other programs, and our targets.
 *
 * @import { Work } from './types.d.ts'
 */

/** The most memory of get-stats in each of these works, in MB. */
export const MOST_MEMORY = 200;

/** The most memory of get-stats for five times the lines, as a ratio: the garbage collector alone varies by a tenth. */
export const MOST_GROWTH = 1.1;

/** The most time a group beside that of a quarter or a tenth of the groups, as a ratio. */
export const MOST_GROWTH_OF_GROUPS = 2;

/** The most time of a tool from start to end on 60 lines, as a ratio to `node -e 0`. */
export const MOST_START = 1.7;

/** The most time of a browser from the address of serve-stats to the first chart, in ms. */
export const MOST_FIRST_CHART = 1000;

/** The most time of parse-log for a log, as a ratio to mawk that splits it at blanks. */
export const MOST_PARSE = 1;

/** The most time of load-rows, as a ratio to `sqlite3 .import` and to psql's `\\copy`; and of a pipeline with it. */
export const MOST_TABLE = 1;
export const MOST_PIPELINE = 1;

/** The most time of queue-put and of queue-take, as ratios to programs that do no more than they must. */
export const MOST_PUT = 1.5;
export const MOST_TAKE = 1.5;

/** The most time of queue-take that runs a command for each batch, as a ratio to a loop that spawns the same. */
export const MOST_RUNS = 1.3;

/** The most time of four producers and four takers on one queue, as a ratio to one of each: at least 0.6 of their rate. */
export const MOST_OF_MANY = 1 / 0.6;

/** The most time per message of queue-put, as a ratio to libraries that commit each message. */
export const MOST_BESIDE_LITEQUEUE = 1 / 10;
export const MOST_BESIDE_PERSIST_QUEUE = 1 / 100;

/** The most memory of queue-put and queue-take, in MB, whatever the depth. */
export const MOST_MEMORY_OF_QUEUE = 150;

/** The most time of queue-put and of queue-take with Kafka, as ratios to kcat, and their memory in MB. */
export const MOST_BESIDE_KCAT = 2;
export const MOST_MEMORY_OF_KAFKA = 200;

/** The most time of lake-put with S3: for one small object, beside aws-cli; for many and for a long one, beside its library. */
export const MOST_ONE_OBJECT = 0.5;
export const MOST_OBJECTS = 1.5;
export const MOST_LONG_OBJECT = 1.2;

/** The lateness (p99) of schedule for jobs that are due in the same minute, as ratios to Debian's cron and to supercronic. */
export const MOST_BESIDE_CRON = 1;
export const MOST_BESIDE_SUPERCRONIC = 3;

/** What a schedule takes: share of a CPU in %, and memory as a ratio to a bare Node, while nothing is due; more memory in MB. */
export const MOST_IDLE_CPU = 0.2;
export const MOST_IDLE_MEMORY = 2;
export const MOST_MORE_MEMORY = 10;

/** The most time of runs over a million of them, beyond its start, in ms. */
export const MOST_RUNS_MS = 300;

/** The most time of a task of run-tasks, as a ratio to that of these. */
export const MOST_TASK_BESIDE_BARE = 1.5;
export const MOST_TASK_BESIDE_PARALLEL = 1;

/** The events that get-events prints in a second. */
export const LEAST_EVENTS = 50_000;

/** Where rows are many: at most what DuckDB takes. @type {Work['targets']} */
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
