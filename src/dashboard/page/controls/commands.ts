/** What buttons and keys do: each changes what is looked at, or what is liked. */

import { isRangeName, pan, rangeNames, type Span, zoom } from '../data/time-range.ts';
import type { View } from '../data/view.ts';
import { find } from '../shell/dom.ts';
import { attachCommands } from '../shell/keys.ts';
import type { Preferences } from '../shell/preferences.ts';

const CLOSER = 0.6;
const STEP = 0.25;

export interface Page {
  readonly view: () => View;
  readonly preferences: () => Preferences;
  readonly span: () => Span;
  readonly sensors: () => readonly string[];
  readonly windows: () => readonly string[];
  readonly window: () => string;
  readonly isDark: () => boolean;
  look(change: Partial<View>): void;
  prefer(change: Partial<Preferences>): void;
  zoomTo(span: Span): void;
  savePng(): void;
}

export function attachButtons(page: Page): void {
  const { span, zoomTo, look } = page;
  const moves = {
    earlier: () => zoomTo(pan(span(), -STEP)),
    later: () => zoomTo(pan(span(), STEP)),
    in: () => zoomTo(zoom(span(), CLOSER)),
    out: () => zoomTo(zoom(span(), 1 / CLOSER)),
    reset: () => look({ zoom: undefined }),
    png: page.savePng,
    'help-open': () => find('help', HTMLDialogElement).showModal(),
  };
  for (const [id, does] of Object.entries(moves)) find(id, HTMLButtonElement).onclick = does;
  attachCommands(commandsOf(page, moves), () => page.preferences().keys);
}

type Moves = Readonly<Record<'earlier' | 'later' | 'in' | 'out' | 'reset' | 'help-open', () => void>>;

function commandsOf(page: Page, moves: Moves): Record<string, () => void> {
  const { view, preferences, look, prefer } = page;
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
    '[': () => look({ sensor: neighbour([undefined, ...page.sensors()], view().sensor, -1) }),
    ']': () => look({ sensor: neighbour([undefined, ...page.sensors()], view().sensor, 1) }),
    w: () => look({ window: neighbour(page.windows(), page.window(), 1) }),
    t: () => look({ show: view().show === 'table' ? 'chart' : 'table' }),
    u: () => prefer({ unit: preferences().unit === 'F' ? 'C' : 'F' }),
    z: () => prefer({ zone: preferences().zone === 'utc' ? 'local' : 'utc' }),
    d: () => prefer({ theme: page.isDark() ? 'light' : 'dark' }),
  };
  for (const [at, range] of rangeNames.entries())
    commands[`${at + 1}`] = () => isRangeName(range) && look({ range, zoom: undefined });
  return commands;
}

/** The one before or after it, round and round. */
function neighbour<Choice>(choices: readonly Choice[], chosen: Choice, by: number): Choice | undefined {
  return choices[(choices.indexOf(chosen) + by + choices.length) % choices.length];
}
