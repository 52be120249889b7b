/**
 * A peer of the benchmark: runs the SQL of its first argument with DuckDB, in memory, with all its threads. The SQL reads its
 * input and writes its output itself (COPY ... TO '/dev/stdout'), so that no row passes through JavaScript.
 */

import { createRequire } from 'node:module';
import { duckdbPackage } from './duckdb-package.js';

const installed = duckdbPackage();
if (installed === undefined) throw new Error('DuckDB is not installed');
const { DuckDBInstance } = createRequire(import.meta.url)(installed.path);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run(process.argv[2]);
