/** Stats rows: what is asked and posted, as OpenAPI. */

import {
  answer,
  busy,
  content,
  crowded,
  failure,
  get,
  type Json,
  list,
  number,
  object,
  orNull,
  query,
  schema,
  text,
  time,
  whole,
  wrong,
} from './parts.ts';

const row = object(
  {
    sensor: text,
    window: { ...text, description: 'a length such as 1h, or all' },
    start: {
      type: ['string', 'null'],
      format: 'date-time',
      description: 'if the row has none, derived from the length of its window, where there is one',
    },
    end: time,
    count: whole,
    min: number,
    max: number,
    avg: number,
    gap: { type: 'boolean', description: 'rows are missing before this one' },
  },
  {
    required: ['sensor', 'window', 'start', 'end', 'count', 'min', 'max', 'avg'],
    additionalProperties: { type: ['number', 'string', 'null'] },
    description: 'further columns as stored; in a thinned series rows and missing',
  },
);

const seriesHead = {
  sensor: text,
  window: text,
  unit: { ...orNull('string'), description: 'unit of its values; null when unknown' },
};

const rejected: Json = {
  ...list(object({ line: { ...whole, description: 'number in the body, from 1' }, error: text })),
  description:
    'lines that were not loaded: those that are not rows, rows that begin more than --ahead in the future, and rows that the store refused',
};

export const statsSchemas = {
  Row: row,
  Series: object({
    ...seriesHead,
    rows: whole,
    from: time,
    to: time,
    every: { ...orNull('number'), description: 'usual number of seconds between rows' },
    last_time: {
      type: ['string', 'null'],
      format: 'date-time',
      description: 'time of the newest reading of the newest row; null when the row does not say',
    },
    limits: {
      ...object({ min: number, max: number }, { required: [] }),
      description: 'limits of this sensor by --min and --max',
    },
    latest: schema('Row'),
  }),
  SeriesList: object(
    {
      now: time,
      series: list(schema('Series')),
      next: { ...text, description: 'value of after for the next page; missing at the end' },
    },
    { required: ['now', 'series'] },
  ),
  Rows: object({
    series: list(
      object({
        ...seriesHead,
        step: { ...orNull('number'), description: 'seconds between rows' },
        thinned: { type: 'boolean', description: 'whether each row summarises several' },
        rows: list(schema('Row')),
      }),
    ),
  }),
  Loaded: object({
    inserted: whole,
    replaced: whole,
    kept: { ...whole, description: 'stored rows that were kept, not replaced' },
    rejected,
  }),
  NothingLoaded: object({ error: text, rejected }, { required: ['error'] }),
};

const range = [
  query('sensor', 'may be repeated (default: all)', list(text), { style: 'form', explode: true }),
  query(
    'window',
    'by any of its names, such as 60m for 1h (default: 1h if there is one, else the first)',
    text,
  ),
  query('from', 'rows that end here or later: RFC 3339, or epoch seconds or milliseconds', text),
  query('to', 'rows that end before this', text),
];

const points = (usual: string): Json =>
  query('points', `at most this many rows of each sensor, 2 to 20000, or all (default: ${usual})`, text);

const step = query('step', 'at most one row of each sensor for this many seconds', { ...whole, minimum: 1 });

const spreadsheet = query(
  'spreadsheet',
  '1: in CSV, put an apostrophe before each cell that would be a formula',
  {
    enum: ['0', '1'],
  },
);

/** What the page is not to show: a single row with a wrong time would move its axis for years. */
const AHEAD = ', except rows that begin more than --ahead in the future';

const csv = answer('all rows under one header, as load-stats takes them', 'text/csv', text);
const post = {
  summary: 'load rows: the same upsert as by load-stats, in one transaction',
  security: [{}, { token: [] }],
  parameters: [
    query(
      'on-conflict',
      'replace a stored row: if the new one counts at least as many readings; always; never',
      {
        enum: ['more', 'replace', 'skip'],
        default: 'more',
      },
    ),
  ],
  requestBody: {
    required: true,
    content: { ...content('text/csv', text), ...content('application/x-ndjson', text) },
  },
  responses: {
    200: answer('what became of the rows', 'application/json', schema('Loaded')),
    400: answer(
      'no row can be used, a header lacks a column, or a parameter is wrong: nothing was loaded',
      'application/json',
      schema('NothingLoaded'),
    ),
    401: failure('the token is missing or wrong'),
    403: failure('a page of another origin may not post'),
    413: failure('the body is too long, or the store would have more than 256 columns'),
    415: failure('neither CSV nor NDJSON'),
    429: crowded,
    503: busy,
  },
};

export const statsPaths = {
  '/api/sensors': get(
    'the series by sensor and window, a page at a time',
    { 200: answer(`the series${AHEAD}`, 'application/json', schema('SeriesList')), 400: wrong, 503: busy },
    [
      query('after', 'value of next from the previous page', text),
      query('limit', 'at most this many series', { ...whole, minimum: 1, maximum: 1000, default: 1000 }),
    ],
  ),
  '/api/stats': {
    ...get(
      'rows of a window; thinned, keeping minimum and maximum, when there are more than points',
      {
        200: { ...csv, ...answer(`the rows${AHEAD}`, 'application/json', schema('Rows')) },
        400: wrong,
        503: busy,
      },
      [...range, points('1000'), step, spreadsheet],
    ),
    post,
  },
  '/api/stats.csv': get('the rows as CSV', { 200: csv, 400: wrong, 503: busy }, [
    ...range,
    points('all'),
    step,
    spreadsheet,
  ]),
  '/api/events': get(
    'Server-Sent Events: hello with the first page of series, then change with those that changed',
    {
      200: answer('the data of an event is SeriesList', 'text/event-stream', text),
      429: crowded,
      503: busy,
    },
    [{ in: 'header', name: 'Last-Event-ID', description: 'send what changed since then', schema: text }],
  ),
};
