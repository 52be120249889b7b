/** The body of a posted action: an object in JSON. */

import { isUtf8 } from 'node:buffer';
import { quote } from '../../lines/line.ts';
import { textProblem } from '../../lines/text.ts';
import { parseTime } from '../../readings/time.ts';
import { type BodyReader, checkJsonType } from '../request-body.ts';
import { HttpError } from '../responses.ts';

/** Maximum bytes of a body. */
export const MAX_BODY = 1 << 16;

type Members = Readonly<Record<string, unknown>>;

/** An empty body is an empty object. @throws HttpError (400, 413, 415, 429, 503) */
export async function readAction(
  bodies: BodyReader,
  { request, client }: { readonly request: Request; readonly client: string },
  known: readonly string[],
): Promise<Members> {
  checkJsonType(request);
  const { chunks, release } = await bodies.read(request, client);
  const bytes = Buffer.concat(chunks);
  release();
  const members = objectOf(bytes);
  for (const name of Object.keys(members))
    if (!known.includes(name)) throw new HttpError(400, `unknown member: ${quote(name)}`);
  return members;
}

function objectOf(bytes: Buffer): Members {
  if (bytes.length === 0) return {};
  const value = isUtf8(bytes) ? parsed(bytes.toString()) : undefined;
  if (isObject(value)) return value;
  throw new HttpError(400, 'the body is not an object in JSON');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The time a run is for; undefined for now. @throws HttpError (400) */
export function timeIn({ at }: Members): number | undefined {
  if (at === undefined) return undefined;
  // Not quoted, since an object may be impossible to convert to text.
  if (typeof at !== 'string') throw new HttpError(400, 'at is not text');
  const time = parseTime(at);
  if (time === undefined) throw new HttpError(400, `at is not a time: ${quote(at)}`);
  return time;
}

/** Variables for a run. @param declared by its file; all others are refused @throws HttpError (400) */
export function variablesIn(
  { env = {} }: Members,
  declared: Readonly<Record<string, string>>,
): Record<string, string> {
  if (!isObject(env)) throw new HttpError(400, 'env is not an object');
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!Object.hasOwn(declared, name)) throw new HttpError(400, `env declares no ${quote(name)}`);
      if (typeof value !== 'string') throw new HttpError(400, `${name} is not text`);
      const problem = textProblem(value);
      if (problem !== undefined) throw new HttpError(400, `${name} ${problem}`);
      return [name, value];
    }),
  );
}

/** The name of a task; undefined without it. @throws HttpError (400) */
export function taskIn({ task }: Members): string | undefined {
  if (task === undefined || typeof task === 'string') return task;
  throw new HttpError(400, 'task is not text');
}
