/**
 * What manual pages say besides the declarations of tools: exit statuses, environment variables without an option, and files.
 *
 * @typedef {object} Facts of one tool
 * @property {Readonly<Record<string, string>>} [statuses] besides the usual ones, or with a different meaning
 * @property {Readonly<Record<string, string>>} [environment]
 * @property {Readonly<Record<string, string>>} [files]
 * @property {readonly string[]} [seeAlso] tools not mentioned in its declaration
 */

/** For all tools. */
export const commonStatuses = {
  0: 'All input was used, or the reader of the output went away.',
  64: 'An option or operand is wrong; nothing was read or written.',
  65: 'Lines were rejected with --strict, or more than --max-rejects allows; or no line could be used.',
  66: 'A file is missing or unreadable, or required input is missing.',
  69: 'Refused or not available; trying again does not help.',
  70: 'A bug.',
  74: 'Reading or writing failed part-way, for example on a full disk.',
  75: 'Try again later: something is busy or down, or took too long; nothing was lost.',
  78: 'A file or a setting is wrong, or belongs to another program.',
  '128+n': 'Killed by signal n.',
};

/** For all tools; `ETL_BATCH` only for those that read lines, or run a command. */
export const commonEnvironment = {
  ETL_BATCH:
    'Set by queue-take for its command: stdin is one batch, and if a line is rejected, none of it is used (65).',
  ETL_REPORT:
    'A file to which the tool appends a line of JSON with the number of rows that it read, wrote and rejected.',
};

const breach = 'A limit is exceeded.';
const unknown = 'Cannot tell whether a limit is exceeded.';
const token = { ETL_TOKEN: 'The bearer token for a server.' };
const postgres = {
  PGPASSWORD: 'The password for postgres://, if its URL has none.',
};
const amazon = {
  'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL':
    "For s3:// and sqs://, as Amazon's own programs use them.",
};
const google = {
  GOOGLE_APPLICATION_CREDENTIALS: 'The file with credentials for bigquery:// and pubsub://.',
};
const queueEnvironment = {
  ...amazon,
  ...google,
  PUBSUB_EMULATOR_HOST: 'An emulator in place of Pub/Sub itself.',
};
const queueFiles = {
  '*.queue': 'A queue: one SQLite file, with its -wal and -shm beside it while it is in use.',
};
const pgpass = { '~/.pgpass': 'Passwords for Postgres.' };
const terminal = {
  COLUMNS: 'The width of the terminal, instead of its own.',
  NO_COLOR: 'If not empty, no colours are used.',
  'LC_ALL, LC_CTYPE, LANG': 'Tell whether the terminal shows UTF-8; if none is set, it does.',
};
const ledger = {
  'runs.db': 'The ledger: what ran, and how it ended.',
  'logs/': 'Beside the ledger: the output of every try of a job or task.',
};
const tryEnvironment = {
  'ETL_JOB, ETL_RUN, ETL_TASK, ETL_TRY':
    'Set for what it runs: the job, the number of the run, the task, and the number of the try.',
  'ETL_SCHEDULED_TIME, ETL_DATA_START, ETL_DATA_END':
    'Set for what it runs: when it was due, and the period from the previous due time to this one.',
  ETL_SINCE:
    'Set for what it runs: the time that the last successful run was for; empty before the first one.',
  ETL_AT: 'Set for what it runs if that is for another time than now.',
};
const taskEnvironment = {
  ETL_RUN_DIR: 'Set for tasks: a folder that all tasks of a run share.',
  'ETL_ITEM, ETL_INDEX': 'Set for each item of a task that is split: the item, and its number.',
};

/** @type {Readonly<Record<string, Facts>>} by tool name */
export const facts = {
  'buffer-tail': { files: { FILE: 'The last lines, always a whole file; with -n all it only grows.' } },
  'check-stats': {
    statuses: { 1: breach, 2: 'A limit is exceeded, with --critical.', 3: unknown },
    environment: postgres,
    files: { 'stats.db': 'The store, if none is named.', ...pgpass },
    seeAlso: ['load-stats', 'serve-stats'],
  },
  'get-events': {
    environment: {
      ...token,
      'ETL_BATCH, ETL_COUNT, ETL_TRY':
        'Set for CMD: the name of the batch, its number of events, and the number of the try.',
    },
    files: { FILE: 'With --state: the position in the stream.' },
  },
  'get-stats': { seeAlso: ['load-stats', 'plot-stats'] },
  'get-temp': {
    statuses: {
      69: 'A sensor has no reading, and trying again does not help.',
      75: 'A sensor has no reading; a later try may succeed.',
    },
    environment: {
      GET_TEMP_SENSOR: 'The SENSOR, if none is named.',
      ETL_MQTT_PASSWORD: 'The password for mqtt://.',
      ETL_SYSFS: 'A folder to read instead of /sys.',
    },
    files: {
      '/sys/class/hwmon, /sys/class/thermal, /sys/bus/w1/devices':
        'Where hwmon:, thermal: and w1: find sensors.',
    },
  },
  'lake-get': { environment: amazon },
  'lake-put': { environment: amazon, files: { 'LAKE/': 'Objects, each of them whole or absent.' } },
  'load-rows': { environment: { ...postgres, ...google }, files: pgpass },
  'load-stats': {
    environment: { ...postgres, ...token },
    files: {
      'stats.db': 'The store, if none is named.',
      'FOLDER/': 'With --spool: rows that wait for the store, and in bad/ those that it refuses.',
      ...pgpass,
    },
  },
  'log-gen': { files: { FILE: 'With --truth: exact counts, written at the end.' } },
  'plot-stats': { environment: { ...terminal, ...postgres }, files: pgpass },
  'prune-stats': {
    environment: postgres,
    files: pgpass,
    seeAlso: ['get-stats', 'load-stats', 'serve-stats'],
  },
  'queue-make': { environment: queueEnvironment, files: queueFiles },
  'queue-put': { environment: queueEnvironment, files: queueFiles, seeAlso: ['queue-make'] },
  'queue-stat': {
    statuses: { 1: breach, 3: unknown },
    environment: queueEnvironment,
    files: queueFiles,
    seeAlso: ['queue-take'],
  },
  'queue-take': {
    statuses: { 65: 'With --strict: a message became a dead letter.' },
    environment: {
      ...queueEnvironment,
      'ETL_BATCH, ETL_QUEUE, ETL_PARTITION, ETL_FIRST, ETL_LAST, ETL_COUNT, ETL_TRY':
        'Set for CMD: the name of the batch, where its messages are from, how many there are, and the number of the try.',
    },
    files: queueFiles,
    seeAlso: ['queue-make', 'queue-stat'],
  },
  'run-tasks': {
    statuses: { n: 'That of the first task that failed.' },
    environment: { ...tryEnvironment, ...taskEnvironment, ...terminal },
    files: ledger,
    seeAlso: ['runs', 'schedule'],
  },
  runs: {
    statuses: {
      1: 'With --check: the job is not doing what it should.',
      3: 'With --check: cannot tell how the job is doing.',
    },
    environment: { ...terminal, ETL_AT: 'Set for a job that is run for another time than now.' },
    files: ledger,
    seeAlso: ['run-tasks', 'schedule'],
  },
  schedule: {
    statuses: { 65: 'With --test --strict: there are warnings.' },
    environment: {
      ...tryEnvironment,
      ...taskEnvironment,
      'TZ, TZDIR': 'The zone of the crontab, and where zones are described.',
    },
    files: { crontab: 'The jobs, if no other file is named.', ...ledger },
    seeAlso: ['run-tasks', 'runs'],
  },
  'serve-stats': {
    environment: {
      ETL_STORE: 'The STORE, if none is named.',
      ETL_TOKEN: 'The token that a post needs, if --token-file is not given.',
      ...postgres,
    },
    files: { 'stats.db': 'The store, if none is named.', ...pgpass },
    seeAlso: ['runs', 'schedule'],
  },
};
