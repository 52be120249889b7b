/** Reads what commands left behind. */

import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** @param {string} path @returns {string} its content; empty if it does not exist */
export function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/**
 * The rows of a table as sorted lines. Reads a copy, because this process would keep the database open until its statements
 * are garbage-collected.
 *
 * @param {string} path a SQLite database
 * @param {string} table
 * @param {string} columns
 * @returns {string} empty if there is no table; an error message for a damaged one
 */
export function rowsOf(path, table, columns) {
  if (!existsSync(path)) return '';
  /** @type {InstanceType<typeof DatabaseSync> | undefined} */
  let database;
  const folder = mkdtempSync(join(tmpdir(), 'etlutils-chaos-read-'));
  try {
    for (const suffix of ['', '-wal', '-journal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, join(folder, `a.db${suffix}`));
    database = new DatabaseSync(join(folder, 'a.db'), { timeout: 5000 });
    const state = String(Object.values(database.prepare('PRAGMA integrity_check').get() ?? {})[0]);
    if (state !== 'ok') return `integrity check: ${state}\n`;
    const has = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table);
    if (has === undefined) return '';
    const rows = database.prepare(`SELECT ${columns} FROM "${table}" ORDER BY ${columns}`).all();
    return rows.map((row) => `${Object.values(row).join(',')}\n`).join('');
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : error}\n`;
  } finally {
    database?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
