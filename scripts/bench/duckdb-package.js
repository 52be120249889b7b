/** Finds DuckDB's npm package, in node_modules or in bench/peers: the project does not depend on it. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@duckdb/node-api';

/** The command that makes DuckDB take part. */
export const INSTALL_DUCKDB = `npm install --prefix bench/peers ${PACKAGE}`;

/** Path and version of the package, or undefined if it is not installed. */
export function duckdbPackage() {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  for (const folder of [root, join(root, 'bench', 'peers')]) {
    const path = resolve(createRequire(join(folder, 'index.js')));
    if (path !== undefined) return { path, version: versionOf(path) };
  }
  return undefined;
}

/** @param {NodeJS.Require} require */
function resolve(require) {
  try {
    return require.resolve(PACKAGE);
  } catch {
    // Not in this folder.
    return undefined;
  }
}

/** @param {string} path @returns {string} */
function versionOf(path) {
  return JSON.parse(readFileSync(join(dirname(path), '..', 'package.json'), 'utf8')).version;
}
