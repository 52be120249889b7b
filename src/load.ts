/**
 * Libraries and Node modules that most runs do not need. Each is loaded on first use, since loading one takes longer than the
 * work of most runs.
 */

/** Made on first use, like everything here: with node:module it takes 0.3 ms. */
const requireHere = once(() => nodeModule().createRequire(import.meta.filename));
const nodeModule = () => process.getBuiltinModule('node:module');

function load(name: string): unknown {
  return requireHere()(name);
}

/** CSV records to fields. */
export const csvParse = once(() => load('csv-parse/sync') as typeof import('csv-parse/sync'));
/** Fields to CSV records. */
export const csvStringify = once(() => load('csv-stringify/sync') as typeof import('csv-stringify/sync'));
/** SVG to PNG. */
export const resvg = once(() => load('@resvg/resvg-js') as typeof import('@resvg/resvg-js'));
/** JSON whose numbers keep their digits. */
export const losslessJson = once(() => load('lossless-json') as typeof import('lossless-json'));
/** Hashes and random bytes; loads streams as well, in 4 ms. */
export const nodeCrypto = once(() => process.getBuiltinModule('node:crypto'));
/** Facts about the system; loads in 0.2 ms. */
export const nodeOs = once(() => process.getBuiltinModule('node:os'));
/** The Postgres client. */
export const pg = once(() => load('pg') as typeof import('pg'));
/** COPY for pg. */
export const pgCopyStreams = once(() => load('pg-copy-streams') as typeof import('pg-copy-streams'));
/** The library with which pg reads ~/.pgpass: when pg calls it itself, a deprecation warning goes to stderr. */
export const pgpass = once(
  () => nodeModule().createRequire(requireHere().resolve('pg'))('pgpass') as PasswordFile,
);

type PasswordFile = (
  connection: { host: string; port: number; database?: string | undefined; user?: string | undefined },
  found: (password: string | undefined) => void,
) => void;

function once<Library>(open: () => Library): () => Library {
  let library: Library | undefined;
  return () => {
    library ??= open();
    return library;
  };
}
