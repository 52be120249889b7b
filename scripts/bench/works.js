// What is measured beside other programs: which input, how it arrives, what is asked, and which ratio is our target.
//
// `question` chooses the command lines of peers.js; `feed` is the program whose output the peers read, if they do not
// open the file; a target says how much of another peer's time get-stats may take; `mostMemory` is a limit of its own.

/** The peak memory that get-stats may have in each of these works, in MB. */
export const MOST_MEMORY = 200;

/** How much more memory get-stats may take for five times the lines: a tenth is the garbage collector's mood. */
export const MOST_GROWTH = 1.1;

/** How long a tool may take from start to end on 60 lines, as a ratio to `node -e 0`. */
export const MOST_START = 1.7;

/** How long a browser may take from the address of serve-stats to the first chart, in ms. */
export const MOST_FIRST_CHART = 1000;

/** How long parse-log may take for a log, as a ratio to mawk that splits it at blanks. */
export const MOST_PARSE = 1;

/** How long load-rows may take, as a ratio to `sqlite3 .import` and to `\\copy` of psql; and in a pipeline. */
export const MOST_TABLE = 1;
export const MOST_PIPELINE = 1;

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
    name: 'windows',
    title: 'CSV with RFC 3339 times: 1,000 sensors, hour by hour: a row for every six lines',
    input: 'many-windows.csv',
    question: 'hours',
    targets: [],
    // As many windows as these take more.
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
