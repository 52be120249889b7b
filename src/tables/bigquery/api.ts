/**
 * The part of BigQuery's REST API that loads rows. Google's client library would send the same requests, with forty
 * packages.
 *
 * With $BIGQUERY_EMULATOR_HOST, requests go there, without credentials.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../../async/clock.ts';
import { Failure, status } from '../../failure.ts';
import { type Endpoint, NotNow, parseEndpoint, readBody, request } from '../../http/request.ts';
import type { TableSettings } from '../table.ts';
import { type ApiError, answerFailure, jobFailure } from './bigquery-failure.ts';
import { tokenSource } from './credentials.ts';
import { emulatorUrl } from './emulator.ts';
import { multipart } from './multipart.ts';
import type { Csv } from './row-set.ts';

const GOOGLE = 'https://bigquery.googleapis.com';
const MAX_BYTES = 16 << 20;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

export interface Place {
  readonly project: string;
  readonly dataset: string;
  /** The address for messages. */
  readonly shown: string;
}

/** A column as in the API's JSON. */
export interface Field {
  readonly name: string;
  /** The API's legacy name: `INTEGER`, `FLOAT`. */
  readonly type: string;
}

/** The members of responses that are used. */
interface ApiResponse {
  readonly error?: { readonly message?: string; readonly errors?: readonly Partial<ApiError>[] };
  readonly location?: string;
  readonly schema?: { readonly fields?: readonly Field[] };
  readonly status?: { readonly state?: string; readonly errorResult?: Partial<ApiError> };
}

interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

type Job = Readonly<Record<string, unknown>>;

export class BigqueryApi {
  readonly #place: Place;
  readonly #settings: TableSettings;
  readonly #base: string;
  readonly #token: () => Promise<string>;
  #location: string | undefined;

  /** @throws Failure (configuration) */
  constructor(place: Place, settings: TableSettings) {
    const { env, signal } = settings;
    const emulator = emulatorUrl(env);
    this.#place = place;
    this.#settings = settings;
    this.#base = emulator ?? GOOGLE;
    this.#token = emulator === undefined ? tokenSource({ env, signal, now: Date.now }) : async () => '';
  }

  /** The columns of a table; undefined if it does not exist. @throws Failure (unavailable) without the dataset */
  async fields(table: string): Promise<readonly Field[] | undefined> {
    await this.#locate();
    const { answer, failure } = await this.#ask(`${this.#dataset()}/tables/${encodeURIComponent(table)}`);
    if (failure === undefined) return answer?.schema?.fields ?? [];
    if (failure.code === 404) return undefined;
    throw failure.error;
  }

  /** Never throws: a staging table that remains expires. */
  async drop(table: string): Promise<void> {
    await this.#ask(`${this.#dataset()}/tables/${encodeURIComponent(table)}`, { method: 'DELETE' }).catch(
      () => {},
    );
  }

  /**
   * Runs a statement to completion. Idempotent by name: calls with the same name run it once, unless it fails.
   *
   * @throws Failure (temporary, unavailable), BadRows
   */
  async query(sql: string, name: string = randomName()): Promise<void> {
    const configuration = { query: { query: sql, useLegacySql: false } };
    for (let attempt = 1; ; attempt++) {
      const id = `${name}_${attempt}`;
      const { answer, failure } = await this.#insertJob(id, configuration);
      if (failure !== undefined && failure.code !== 409) throw failure.error;
      const error = await this.#end(id, answer);
      if (error === undefined) return;
      // A job of an earlier call, and it failed: run the statement again.
      if (failure === undefined) throw jobFailure(await this.#endpoint(''), error);
    }
  }

  /** Appends rows as CSV to a table with only STRING columns. @throws Failure (temporary, unavailable) */
  async upload(table: string, columns: readonly string[], { parts, options }: Csv): Promise<void> {
    const id = randomName();
    const { project: projectId, dataset: datasetId } = this.#place;
    const load = {
      destinationTable: { projectId, datasetId, tableId: table },
      schema: { fields: columns.map((name) => ({ name, type: 'STRING' })) },
      sourceFormat: 'CSV',
      writeDisposition: 'WRITE_APPEND',
      ...options,
    };
    const { headers, body } = multipart(id, JSON.stringify(this.#job(id, { load })), parts);
    const path = `/upload/bigquery/v2/projects/${projectId}/jobs?uploadType=multipart`;
    const { answer, failure } = await this.#ask(path, { method: 'POST', headers, body });
    if (failure !== undefined) throw failure.error;
    const error = await this.#end(id, answer);
    if (error !== undefined) throw jobFailure(await this.#endpoint(''), error);
  }

  #dataset(): string {
    return `${this.#project()}/datasets/${this.#place.dataset}`;
  }

  #project(): string {
    return `/bigquery/v2/projects/${this.#place.project}`;
  }

  #job(jobId: string, configuration: Job): Job {
    const reference = { projectId: this.#place.project, jobId, location: this.#location };
    return { jobReference: reference, configuration };
  }

  /** Finds the location of the dataset, where jobs must run. */
  async #locate(): Promise<void> {
    if (this.#location !== undefined) return;
    const { answer, failure } = await this.#ask(this.#dataset());
    if (failure !== undefined) throw failure.error;
    this.#location = answer?.location ?? 'US';
  }

  #insertJob(id: string, configuration: Job) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(this.#job(id, configuration));
    return this.#ask(`${this.#project()}/jobs`, { method: 'POST', headers, body });
  }

  /** Waits for the end of a job. @param first its state, if known @returns its error if it failed */
  async #end(id: string, first: ApiResponse | undefined): Promise<ApiError | undefined> {
    const { timeoutMs, signal } = this.#settings;
    const begun = elapsedMs();
    let answer = first;
    for (
      let pause = FIRST_PAUSE_MS;
      answer?.status?.state !== 'DONE';
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
    ) {
      if (elapsedMs() - begun > timeoutMs)
        throw new Failure(
          status.temporary,
          `${this.#place.shown}: a job did not end within ${timeoutMs / 1000} s, but may still do so`,
        );
      if (answer !== undefined)
        await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
      const location = encodeURIComponent(this.#location ?? '');
      const { answer: next, failure } = await this.#ask(`${this.#project()}/jobs/${id}?location=${location}`);
      if (failure !== undefined) throw failure.error;
      answer = next ?? {};
    }
    const { errorResult: error } = answer.status;
    return error && { reason: error.reason ?? '', message: error.message ?? 'a job has failed' };
  }

  async #endpoint(path: string): Promise<Endpoint> {
    return { ...parseEndpoint(`${this.#base}${path}`, await this.#token()), shown: this.#place.shown };
  }

  /** @throws Failure when there is no response */
  async #ask(path: string, question: ApiRequest = {}) {
    const { timeoutMs, signal } = this.#settings;
    const endpoint = await this.#endpoint(path);
    const response = await request(endpoint, {
      headers: {},
      ...question,
      redirect: 'manual',
      timeoutMs,
      signal,
    });
    const body = await readBody(endpoint, response, { maxBytes: MAX_BYTES, signal });
    const answer = parseAnswer(body);
    if (response.ok && (answer !== undefined || body === '')) return { answer, failure: undefined };
    if (response.ok) throw new NotNow(`${endpoint.shown}: an answer that is not JSON`);
    const error = answerFailure(endpoint, response, errorIn(answer));
    return { answer: undefined, failure: { code: response.status, error } };
  }
}

function parseAnswer(body: string): ApiResponse | undefined {
  try {
    return JSON.parse(body) as ApiResponse;
  } catch {
    return undefined;
  }
}

function errorIn(answer: ApiResponse | undefined): ApiError | undefined {
  const { message, errors } = answer?.error ?? {};
  return message === undefined ? undefined : { reason: errors?.[0]?.reason ?? '', message };
}

/** A globally unique name. */
export function randomName(): string {
  return `etlutils_${crypto.randomUUID().replaceAll('-', '')}`;
}
