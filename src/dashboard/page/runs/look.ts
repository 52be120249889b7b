/** What the runs page shows, as a URL fragment, so that it can be bookmarked and shared. */

/** The views of a job, in the order of their tabs. */
export const VIEWS = ['grid', 'runs', 'graph', 'gantt', 'durations', 'log', 'source'] as const;

export type ViewName = (typeof VIEWS)[number];

/** What the user is looking at. */
export interface Look {
  /** The job; undefined for the list of all. */
  readonly job: string | undefined;
  readonly view: ViewName;
  /** The chosen run; undefined for the newest. */
  readonly run: number | undefined;
  /** The chosen task, or an item of it: `count[3]`. */
  readonly task: string | undefined;
  /** The number of the try; undefined for the last. */
  readonly attempt: number | undefined;
  /** Only runs or tasks in one of these states; empty for all. */
  readonly states: readonly string[];
  readonly trigger: string | undefined;
  /** Only runs for these days, such as `2026-11-21`; `to` is inclusive. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Only runs before this one: the page of a long list. */
  readonly before: number | undefined;
  /** The search text of the list of jobs. */
  readonly search: string;
}

/** The list of all jobs. */
export const FIRST_LOOK: Look = {
  ...{ job: undefined, view: 'grid', run: undefined, task: undefined, attempt: undefined },
  ...{ states: [], trigger: undefined, from: undefined, to: undefined, before: undefined, search: '' },
};

/** Parses any text: whatever is missing or invalid has its default. */
export function parseLook(hash: string): Look {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (name: string) => said.get(name) ?? undefined;
  return {
    job: text('job'),
    view: VIEWS.find((view) => view === said.get('view')) ?? FIRST_LOOK.view,
    run: numberIn(said.get('run')),
    task: text('task'),
    attempt: numberIn(said.get('try')),
    states: said.getAll('state'),
    trigger: text('trigger'),
    from: dayIn(said.get('from')),
    to: dayIn(said.get('to')),
    before: numberIn(said.get('before')),
    search: said.get('search') ?? '',
  };
}

function numberIn(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

function dayIn(text: string | null): string | undefined {
  const isDay = text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDay ? text : undefined;
}

/** The inverse of `parseLook`, without the #. */
export function formatLook(look: Look): string {
  const said = new URLSearchParams();
  const { job, view, run, task, attempt, trigger, from, to, before, search } = look;
  const values = { job, view: view === FIRST_LOOK.view ? undefined : view, run, task, try: attempt };
  const filters = { trigger, from, to, before, search: search === '' ? undefined : search };
  for (const [name, value] of Object.entries({ ...values, ...filters }))
    if (value !== undefined) said.set(name, String(value));
  for (const state of look.states) said.append('state', state);
  return said.toString();
}

/** The URL of a look, for links; what is omitted has its default. */
export function hrefOf(change: Partial<Look>): string {
  return `#${formatLook({ ...FIRST_LOOK, ...change })}`;
}

/** The look of another tab of a job, with the same run and task. */
export function tabLook({ run, task, attempt }: Look, job: string, view: ViewName): Partial<Look> {
  return { job, view, run, task, attempt };
}

/** The task of an item: `count` of `count[3]`. */
export function taskOf(name: string): string {
  return name.replace(/\[\d+\]$/, '');
}
