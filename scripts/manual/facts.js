/**
 * What manual pages say beside the declarations of tools: exit statuses, variables that are no option's default, and files.
 *
 * @typedef {object} Facts of one tool
 * @property {Readonly<Record<string, string>>} [statuses] that it has beside the usual ones, or in another sense
 * @property {Readonly<Record<string, string>>} [environment]
 * @property {Readonly<Record<string, string>>} [files]
 * @property {readonly string[]} [seeAlso] tools that its declaration does not name
 */

/** Of every tool. */
export const commonStatuses = {
  0: 'All input was used, or the reader of the output went away.',
  64: 'An option or operand is wrong; nothing was read or written.',
  65: 'Lines were rejected with --strict, or more than --max-rejects allows; or no line could be used.',
  66: 'A file is missing or unreadable, or there was no input where some is needed.',
  69: 'What the tool needs is refused; trying again does not help.',
  70: 'A bug.',
  74: 'Reading or writing failed part-way, for example on a full disk.',
  75: 'Try again later: something is busy or down, or took too long; nothing was lost.',
  78: 'A file or a setting is wrong, or belongs to another program.',
  '128+n': 'Signal n ended it.',
};

/** Of every tool; `ETL_BATCH` of those that read lines, or run a command. */
export const commonEnvironment = {
  ETL_BATCH:
    'Set by queue-take for its command: stdin is one batch, of which all is used or, when a line is rejected, nothing (65).',
  ETL_REPORT:
    'A file to which one line of JSON is appended, which says how many rows the tool has read, written and rejected.',
};

const breach = 'A limit is exceeded.';
const unknown = 'It cannot be told whether a limit is exceeded.';
const token = { ETL_TOKEN: 'The bearer token that a server wants.' };
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
  COLUMNS: 'The width of the terminal, before its own.',
  NO_COLOR: 'Without colours, if it is not empty.',
  'LC_ALL, LC_CTYPE, LANG': 'Whether the terminal shows UTF-8; where none is set, it does.',
};
const ledger = {
  'runs.db': 'The ledger: what ran, and how it ended.',
  'logs/': 'Beside the ledger: what every try of a job or task has printed.',
};
const tryEnvironment = {
  'ETL_JOB, ETL_RUN, ETL_TASK, ETL_TRY':
    'Set for what it runs: the job, and the numbers of the run and the try.',
  'ETL_SCHEDULED_TIME, ETL_DATA_START, ETL_DATA_END':
    'Set for what it runs: when it was due, and the time from the one before to this one.',
  ETL_SINCE:
    'Set for what it runs: the time that the last successful run was for; empty before the first one.',
  ETL_AT: 'Set for what it runs when that is for another time than now.',
};
const taskEnvironment = {
  ETL_RUN_DIR: 'Set for tasks: a folder that all tasks of a run share.',
  'ETL_ITEM, ETL_INDEX': 'Set for each item of a task that is split: the item, and its number.',
};

/** @type {Readonly<Record<string, Facts>>} by the names of tools */
export const facts = {
  'buffer-tail': { files: { FILE: 'The last lines, whole at any moment; appended to with -n all.' } },
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
        'Set for CMD: a name of the batch, the number of its events, and which try it is.',
    },
    files: { FILE: 'With --state: how far events were used.' },
  },
  'get-stats': { seeAlso: ['load-stats', 'plot-stats'] },
  'get-temp': {
    statuses: {
      69: 'There is no reading of some sensor, and trying again does not help.',
      75: 'There is no reading of some sensor; a later try may succeed.',
    },
    environment: {
      GET_TEMP_SENSOR: 'The SENSOR, if none is named.',
      ETL_MQTT_PASSWORD: 'The password for mqtt://.',
      ETL_SYSFS: 'A folder that is read in place of /sys.',
    },
    files: {
      '/sys/class/hwmon, /sys/class/thermal, /sys/bus/w1/devices':
        'Where hwmon:, thermal: and w1: find sensors.',
    },
  },
  'lake-get': { environment: amazon },
  'lake-put': { environment: amazon, files: { 'LAKE/': 'Objects, each of them whole, or not there.' } },
  'load-rows': { environment: { ...postgres, ...google }, files: pgpass },
  'load-stats': {
    environment: { ...postgres, ...token },
    files: {
      'stats.db': 'The store, if none is named.',
      'FOLDER/': 'With --spool: rows that wait for the store, and in bad/ those that it refuses.',
      ...pgpass,
    },
  },
  'log-gen': { files: { FILE: 'With --truth: exact counts, written when all lines are.' } },
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
    statuses: { 65: 'With --strict: a message died.' },
    environment: {
      ...queueEnvironment,
      'ETL_BATCH, ETL_QUEUE, ETL_PARTITION, ETL_FIRST, ETL_LAST, ETL_COUNT, ETL_TRY':
        'Set for CMD: a name of the batch, where its messages are from, how many they are, and which try it is.',
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
      1: 'With --check: the job does not do what it should.',
      3: 'With --check: it cannot be told how the job is.',
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
