/** The commands of buttons and keys: each changes the view or a preference. */

import { sensorsOf, windowsOf } from '../data/catalog.ts';
import { isRangeName, pan, rangeNames, zoom } from '../data/time-range.ts';
import { find } from '../shell/dom.ts';
import { attachKeys } from '../shell/keys.ts';
import type { Context } from '../shell/page.ts';
import { settingKeys } from '../shell/settings.ts';
import { attachLegend } from './legend.ts';
import { attachTimes } from './times.ts';

const CLOSER = 0.6;
const STEP = 0.25;

/** Binds buttons and keys. */
export function attachCommands(context: Context): void {
  const { state, zoomTo, look } = context;
  const span = () => state().selection.span;
  const moves = {
    earlier: () => zoomTo(pan(span(), -STEP)),
    later: () => zoomTo(pan(span(), STEP)),
    in: () => zoomTo(zoom(span(), CLOSER)),
    out: () => zoomTo(zoom(span(), 1 / CLOSER)),
    reset: () => look({ zoom: undefined }),
    'times-open': attachTimes(context),
    'help-open': () => find('help', HTMLDialogElement).showModal(),
  };
  for (const [id, does] of Object.entries(moves)) find(id, HTMLButtonElement).onclick = does;
  attachLegend(context);
  attachKeys(commandsOf(context, moves), () => context.state().preferences.keys);
}

type Moves = Readonly<
  Record<'earlier' | 'later' | 'in' | 'out' | 'reset' | 'times-open' | 'help-open', () => void>
>;

function commandsOf({ state, look, prefer }: Context, moves: Moves): Record<string, () => void> {
  const view = () => state().view;
  const preferences = () => state().preferences;
  const sensors = () => [undefined, ...sensorsOf(state().entries)];
  const commands: Record<string, () => void> = {
    'Shift+ArrowLeft': moves.earlier,
    'Shift+ArrowRight': moves.later,
    '+': moves.in,
    '=': moves.in,
    '-': moves.out,
    '−': moves.out,
    '0': moves.reset,
    Escape: moves.reset,
    '?': moves['help-open'],
    f: moves['times-open'],
    '[': () => look({ sensor: neighbour(sensors(), view().sensor, -1) }),
    ']': () => look({ sensor: neighbour(sensors(), view().sensor, 1) }),
    w: () => look({ window: neighbour([undefined, ...windowsOf(state().entries)], view().window, 1) }),
    t: () => look({ show: view().show === 'table' ? 'chart' : 'table' }),
    u: () => prefer({ unit: preferences().unit === 'F' ? 'C' : 'F' }),
    ...settingKeys(preferences, prefer),
  };
  for (const [at, range] of rangeNames.entries())
    commands[`${at + 1}`] = () => isRangeName(range) && look({ range, zoom: undefined });
  return commands;
}

/** The choice `by` places from this one, cyclically. */
function neighbour<Choice>(choices: readonly Choice[], chosen: Choice, by: number): Choice | undefined {
  return choices[(choices.indexOf(chosen) + by + choices.length) % choices.length];
}
