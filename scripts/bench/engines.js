/**
 * Peers that are databases and data frames, as Python packages: measured as whole processes including start-up, with all their
 * threads, and with explicit column types, so that no time goes into inferring them.
 *
 * @import { Peer, Question } from './types.d.ts'
 */

import { fileURLToPath } from 'node:url';
import { outputOf } from './measure.js';
import { versionIn } from './words.js';

const PYTHON = fileURLToPath(new URL('../../bench/peers/python/bin/python', import.meta.url));

/** The command that installs all of them. */
export const INSTALL_ENGINES =
  'python3 -m venv bench/peers/python && bench/peers/python/bin/pip install duckdb polars chdb';

/** '' if it is not installed. */
export function pythonVersion() {
  return versionIn(outputOf(PYTHON, ['--version'])) ?? '';
}

const STATIONS = { delimiter: ';', keys: 'sensor' };
const SENSORS = { delimiter: ',', keys: 'sensor' };
const WINDOWS = { delimiter: ',', keys: 'sensor, start' };

/** The version of a Python package; undefined if it is not installed. @param {string} name */
function versionOf(name) {
  const program = `from importlib.metadata import version; print('version', version('${name}'))`;
  return /^version (\S+)$/m.exec(outputOf(PYTHON, ['-c', program]))?.[1];
}

/** The versions of ClickHouse and of its package. */
function clickhouseVersion() {
  const chdb = versionOf('chdb');
  if (chdb === undefined) return undefined;
  return `${versionIn(outputOf(PYTHON, ['-m', 'chdb', 'SELECT version()', 'TSV']))} by chdb ${chdb}`;
}

/**
 * Blocks of 4 MB are as fast as larger ones and take less memory; decimals are added exactly. The progress bar, which appears
 * after two seconds, would get mixed up with the rows.
 *
 * @returns {Peer}
 */
export function duckdb() {
  /** @param {string} query */
  const copy = (query) => [
    ...[PYTHON, '-c', 'import duckdb, sys; duckdb.execute(sys.argv[1])'],
    `SET enable_progress_bar = false; COPY (${query}) TO '/dev/stdout' (FORMAT csv, DELIMITER ';', HEADER false, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M')`,
  ];
  const answers = 'count(*), min(value), max(value), avg(value)';
  /** @param {{ delimiter: string, keys: string }} form @param {string} columns @param {string} start @param {string} [more] */
  const csv =
    ({ delimiter, keys }, columns, start = '', more = '') =>
    (file = '/dev/stdin') =>
      copy(
        `SELECT sensor, ${start}${answers}${more} FROM read_csv('${file}', auto_detect=false, header=false, delim='${delimiter}', quote='', escape='', buffer_size=4000000, columns={${columns}}) GROUP BY ${keys} ORDER BY ${keys}`,
      );
  const timed = "time: 'TIMESTAMP', sensor: 'VARCHAR', value: 'DECIMAL(6,2)'";
  return {
    name: 'DuckDB',
    hint: INSTALL_ENGINES,
    findVersion: () => versionOf('duckdb'),
    answer: 'rows',
    readsGzip: true,
    stations: csv(STATIONS, "sensor: 'VARCHAR', value: 'DECIMAL(4,1)'"),
    sensors: csv(SENSORS, "time: 'VARCHAR', sensor: 'VARCHAR', value: 'DECIMAL(6,2)'"),
    hours: csv(WINDOWS, timed, "date_trunc('hour', time) AS start, "),
    minutes: csv(WINDOWS, timed, "date_trunc('minute', time) AS start, "),
    medians: csv(WINDOWS, timed, "date_trunc('hour', time) AS start, ", ', quantile_disc(value, 0.5)'),
    json: (file = '/dev/stdin') =>
      copy(
        `SELECT sensor, ${answers} FROM read_json('${file}', format='newline_delimited', columns={sensor: 'VARCHAR', value: 'DOUBLE'}) GROUP BY sensor ORDER BY sensor`,
      ),
  };
}

/** A lazy query in a script, the idiomatic form; its streaming engine writes the rows. @returns {Peer} */
export function polars() {
  const script = fileURLToPath(new URL('polars-query.py', import.meta.url));
  /** @param {Question} question @returns {(file?: string) => string[]} */
  const query =
    (question) =>
    (file = '-') => [PYTHON, script, question, file];
  return {
    name: 'Polars',
    hint: INSTALL_ENGINES,
    findVersion: () => versionOf('polars'),
    answer: 'rows',
    readsGzip: true,
    stations: query('stations'),
    sensors: query('sensors'),
    hours: query('hours'),
    minutes: query('minutes'),
    medians: query('medians'),
    json: query('json'),
  };
}

/** ClickHouse in process, like `clickhouse local`; it writes the sorted rows itself. @returns {Peer} */
export function clickhouse() {
  /** @param {string} query @param {string} settings */
  const insert = (query, settings) => [
    ...[PYTHON, '-m', 'chdb', `INSERT INTO FUNCTION file('/dev/stdout', TSV) ${query}${settings}`],
  ];
  const answers = 'count(), min(value), max(value), avg(value)';
  /** @param {{ delimiter: string, keys: string }} form @param {string} columns @param {string} start @param {string} [more] */
  const csv =
    ({ delimiter, keys }, columns, start = '', more = '') =>
    (file = '/dev/stdin') =>
      insert(
        `SELECT sensor, ${start && `formatDateTime(${start}(time) AS start, '%FT%R'), `}${answers}${more} FROM file('${file}', CSV, '${columns}') GROUP BY ${keys} ORDER BY ${keys}`,
        ` SETTINGS format_csv_delimiter='${delimiter}', date_time_input_format='best_effort'`,
      );
  const timed = "time DateTime(''UTC''), sensor String, value Float64";
  return {
    name: 'ClickHouse',
    hint: INSTALL_ENGINES,
    findVersion: clickhouseVersion,
    answer: 'rows',
    readsGzip: true,
    stations: csv(STATIONS, 'sensor String, value Float64'),
    sensors: csv(SENSORS, 'time String, sensor String, value Float64'),
    hours: csv(WINDOWS, timed, 'toStartOfHour'),
    minutes: csv(WINDOWS, timed, 'toStartOfMinute'),
    medians: csv(WINDOWS, timed, 'toStartOfHour', ', quantileExactLow(0.5)(value)'),
    json: (file = '/dev/stdin') =>
      insert(
        `SELECT sensor, ${answers} FROM file('${file}', JSONEachRow, 'sensor String, value Float64') GROUP BY sensor ORDER BY sensor`,
        '',
      ),
  };
}
