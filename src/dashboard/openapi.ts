/** The interface as an OpenAPI 3.1 document. A test holds it against the routes. */

type Json = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const number = { type: 'number' };
const whole = { type: 'integer' };
const time = { type: 'string', format: 'date-time' };
const orNull = (type: string): Json => ({ type: [type, 'null'] });
const list = (items: Json): Json => ({ type: 'array', items });
const object = (properties: Json, further: Json = {}): Json => ({ type: 'object', properties, ...further });
const schema = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const content = (type: string, of: Json): Json => ({ [type]: { schema: of } });

const row = object(
  {
    sensor: text,
    window: { ...text, description: 'a length such as 1h, or all' },
    start: { type: ['string', 'null'], format: 'date-time' },
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
    description: 'further columns as they are stored; of a thinned series rows and missing',
  },
);

const seriesHead = { sensor: text, window: text };

const rejected: Json = {
  ...list(object({ line: { ...whole, description: 'number in the body, from 1' }, error: text })),
  description:
    'lines that are not loaded: what is no row, what begins more than --ahead in the future, and rows that the store refuses',
};

const schemas = {
  Row: row,
  Series: object({
    ...seriesHead,
    rows: whole,
    from: time,
    to: time,
    every: { ...orNull('number'), description: 'seconds between rows, as a rule' },
    latest: schema('Row'),
  }),
  SeriesList: object(
    {
      now: time,
      series: list(schema('Series')),
      next: { ...text, description: 'there are more series: ask for those after this' },
    },
    { required: ['now', 'series'] },
  ),
  Rows: object({
    series: list(
      object({
        ...seriesHead,
        step: { ...orNull('number'), description: 'seconds from row to row' },
        thinned: { type: 'boolean', description: 'each row stands for several' },
        rows: list(schema('Row')),
      }),
    ),
  }),
  Loaded: object({
    inserted: whole,
    replaced: whole,
    kept: { ...whole, description: 'the stored row stayed' },
    rejected,
  }),
  NothingLoaded: object({ error: text, rejected }, { required: ['error'] }),
  Error: object({ error: text }, { required: ['error'] }),
};

const failure = (description: string): Json => ({
  description,
  content: content('application/json', schema('Error')),
});
const answer = (description: string, type: string, of: Json): Json => ({
  description,
  content: content(type, of),
});

const query = (name: string, description: string, of: Json, further: Json = {}): Json => ({
  in: 'query',
  name,
  description,
  schema: of,
  ...further,
});

const range = [
  query('sensor', 'may be repeated; all without it', list(text), { style: 'form', explode: true }),
  query('window', '1h if there is one, else the first', text),
  query('from', 'rows that end here or later: RFC 3339, or epoch seconds or milliseconds', text),
  query('to', 'rows that end before this', text),
];

const points = (usual: string): Json =>
  query('points', `at most this many rows of each sensor, 2 to 20000, or all (default: ${usual})`, text);

const spreadsheet = query(
  'spreadsheet',
  '1: of CSV, an apostrophe before each cell that would be a formula',
  {
    enum: ['0', '1'],
  },
);

/** What the page is not to show: a single row with a wrong time would move its axis for years. */
const AHEAD = ', but for rows that begin more than --ahead in the future';

const csv = answer('all rows under one header, as load-stats takes them', 'text/csv', text);
const wrong = failure('a parameter is wrong');
const busy = failure('the store is busy: try again after Retry-After');

const crowded = failure('one address asks for too much at once: try again after Retry-After');

const post = {
  summary: 'load rows: the same upsert as that of load-stats, in one transaction',
  security: [{}, { token: [] }],
  parameters: [
    query(
      'on-conflict',
      'replace a stored row: if the new one counts as many readings or more; always; never',
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
    401: failure('a token is needed, or wrong'),
    403: failure('a page of another origin may not post'),
    413: failure('the body is too long, or the store would have more than 256 columns'),
    415: failure('neither CSV nor NDJSON'),
    429: crowded,
    503: busy,
  },
};

const get = (summary: string, responses: Json, parameters: readonly Json[] = []): Json => ({
  get: { summary, ...(parameters.length > 0 && { parameters }), responses },
});

const paths = {
  '/api/sensors': get(
    'the series by sensor and window, a page at a time',
    { 200: answer(`the series${AHEAD}`, 'application/json', schema('SeriesList')), 400: wrong, 503: busy },
    [
      query('after', 'the next of the page before', text),
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
      [...range, points('1000'), spreadsheet],
    ),
    post,
  },
  '/api/stats.csv': get('the rows as CSV', { 200: csv, 400: wrong, 503: busy }, [
    ...range,
    points('all'),
    spreadsheet,
  ]),
  '/api/events': get(
    'Server-Sent Events: hello with the first page of series, then change with those that changed',
    {
      200: answer('the data of an event is SeriesList', 'text/event-stream', text),
      429: crowded,
      503: busy,
    },
    [{ in: 'header', name: 'Last-Event-ID', description: 'tell what changed since then', schema: text }],
  ),
  '/api/openapi.json': get('this document', { 200: answer('OpenAPI 3.1', 'application/json', object({})) }),
  '/healthz': get('whether the store can be read; open to all', {
    200: answer('it can', 'application/json', object({ status: text })),
    503: failure('it cannot'),
  }),
  '/metrics': get('metrics for Prometheus', {
    200: answer('the text format', 'text/plain', text),
    503: busy,
  }),
};

/** The document as JSON in one line. */
export function openApi(version: string): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'serve-stats', version, description: 'Every failure is a status and one line of JSON.' },
    paths,
    security: [{}, { token: [] }, { password: [] }],
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        password: { type: 'http', scheme: 'basic', description: 'the token to read, under any name' },
      },
    },
  });
}
