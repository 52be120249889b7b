/**
 * The summary table at the head of the report: a row for each counting work.
 *
 * @import { Section } from './types.d.ts'
 */

const PROGRAMS = ['get-stats', 'get-stats, one thread', 'DuckDB', 'Polars', 'ClickHouse'];
const COLUMNS = ['seconds', 'CPU s', 'peak MB'];

/** @param {readonly Section[]} sections */
export function glance(sections) {
  const compared = sections.filter(({ header }) => header.includes('/ DuckDB'));
  return {
    header: ['work', 'input', ...PROGRAMS],
    rows: compared.map((section) => [
      section.name,
      section.size ?? '',
      ...PROGRAMS.map((name) => cell(section, name)),
    ]),
  };
}

/** @param {Section} section @param {string} name */
function cell({ header, rows }, name) {
  const row = rows.find(([first]) => first === name);
  if (row === undefined) return '-';
  return COLUMNS.map((column) => row[header.indexOf(column)] ?? '-').join(' / ');
}
