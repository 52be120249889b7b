/** Checks what a task refers to: its needs and its pool. */

import { quote } from '../../../lines/line.ts';
import { didYouMean } from '../../../lines/nearest.ts';
import { findCycles } from './cycles.ts';
import type { TaskDraft } from './read-task.ts';
import { label } from './shape.ts';
import type { Problems, TextValue, Value } from './yaml-value.ts';

const MAX_HINTS = 100;

/** The names that a file declares, including those of invalid tasks and pools. */
export interface Declared {
  readonly tasks: ReadonlySet<string>;
  readonly pools: ReadonlySet<string>;
}

export function checkTasks(drafts: readonly TaskDraft[], declared: Declared, problems: Problems): void {
  for (const draft of drafts) {
    checkNeeds(draft, declared.tasks, problems);
    checkPool(draft.values.get('pool'), declared.pools, problems);
  }
  const byName = new Map(drafts.map((draft) => [draft.task.name, draft]));
  for (const path of findCycles(drafts.map(({ task }) => task))) {
    const [first = '', last = ''] = [path[0], path.at(-1)];
    const draft = byName.get(first);
    const value = draft && needsOf(draft.values).find(({ text }) => text === last);
    if (value !== undefined)
      problems.add(value, `needs: a cycle: ${[...path, first].map(label).join(' -> ')}`);
  }
}

/** @param value the value of `pool`; undefined if the key is missing */
export function checkPool(value: Value | undefined, pools: ReadonlySet<string>, problems: Problems): void {
  if (value?.kind !== 'text' || value.isNull || pools.has(value.text)) return;
  const advice = didYouMean(value.text, pools) || `; declare it: pools: {${label(value.text)}: 1}`;
  problems.add(value, `pool: the graph has no pool ${quote(value.text)}${advice}`);
}

/** A spelling hint, for the first problems only, since the search compares all names. */
function hint(text: string, names: ReadonlySet<string>, problems: Problems): string {
  return problems.count < MAX_HINTS ? didYouMean(text, names) : '';
}

function checkNeeds({ task, values }: TaskDraft, names: ReadonlySet<string>, problems: Problems): void {
  const seen = new Set<string>();
  for (const value of needsOf(values)) {
    const { text } = value;
    if (text === task.name) problems.add(value, `needs: ${quote(text)} cannot need itself`);
    else if (!names.has(text))
      problems.add(value, `needs: no task ${quote(text)}${hint(text, names, problems)}`);
    if (seen.has(text)) problems.add(value, `needs: ${quote(text)} is repeated`);
    seen.add(text);
  }
}

function needsOf(values: ReadonlyMap<string, Value>): TextValue[] {
  const value = values.get('needs');
  if (value?.kind === 'list') return value.items.filter((item) => item.kind === 'text');
  return value?.kind === 'text' && !value.isNull ? [value] : [];
}
