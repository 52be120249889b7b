/**
 * Libraries, and modules of Node, that most runs do not need, each loaded where it is first used: loading one takes longer
 * than most runs take for their work.
 */

/** Made at the first use, as all here: it takes 0.3 ms, with the module of Node that it comes from. */
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
/** Hashes and random bytes: loads streams with it. */
export const nodeCrypto = once(() => process.getBuiltinModule('node:crypto'));
/** Facts of the system: takes 0.2 ms. */
export const nodeOs = once(() => process.getBuiltinModule('node:os'));
/** The Postgres client. */
export const pg = once(() => load('pg') as typeof import('pg'));
/** COPY for pg. */
export const pgCopyStreams = once(() => load('pg-copy-streams') as typeof import('pg-copy-streams'));
/** The library that pg reads ~/.pgpass with; when pg calls it by itself, it warns on stderr that this is deprecated. */
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
