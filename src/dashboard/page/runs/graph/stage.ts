/** The frame in which a drawing is panned and zoomed, with mouse, touch, keys and buttons. */

import { make } from '../../shell/dom.ts';
import { type Camera, fitted, opening, panned, READABLE, type Size, showing, zoomed } from './camera.ts';
import { fromLeft, neighbour } from './neighbours.ts';
import type { Picture } from './picture.ts';
import { attachPointers } from './pointers.ts';

const STEP = 1.25;
const LOWEST = 180;
const MARGIN = 48;
/** Maximum height as a fraction of the window; a taller drawing is panned. */
const HIGHEST = 0.62;

interface StageHandlers {
  choose(task: string): void;
  /** Opens its log. */
  open(task: string): void;
}

export interface Stage {
  readonly element: HTMLElement;
  readonly buttons: HTMLElement;
  /** Shows another drawing. @param first the task to bring into view */
  show(picture: Picture, first: string | undefined): void;
  /** Keeps one task reachable by Tab. */
  keep(chosen: string | undefined): void;
}

export function createStage(chosen: StageHandlers): Stage {
  const element = make('div', { class: 'graph-stage' });
  let picture: Picture | undefined;
  let camera: Camera = { x: 0, y: 0, scale: 1 };
  let current: string | undefined;
  const screen = (): Size => ({ width: element.clientWidth, height: element.clientHeight });
  const look = (next: Camera) => {
    camera = next;
    picture?.look(camera, screen());
  };
  const zoom = (factor: number, at = { x: screen().width / 2, y: screen().height / 2 }) =>
    look(zoomed(camera, factor, at));
  const fitAll = () => picture !== undefined && look(fitted(picture.drawing, screen()));
  const focusOn = (name: string | undefined) => {
    const place = name === undefined ? undefined : picture?.drawing.nodes.get(name);
    if (name === undefined || place === undefined) return;
    reach(name);
    look(showing(camera, place, screen()));
    picture?.nodes.get(name)?.element.focus({ preventScroll: true });
  };
  const reach = (name: string | undefined) => {
    if (current !== undefined) picture?.nodes.get(current)?.element.setAttribute('tabindex', '-1');
    current = name ?? current;
    if (current === undefined || picture?.nodes.has(current) !== true)
      current = picture?.nodes.keys().next().value;
    if (current !== undefined) picture?.nodes.get(current)?.element.setAttribute('tabindex', '0');
  };
  const pan = (by: { x: number; y: number }) => {
    if (picture !== undefined) look(panned(camera, by, picture.drawing, screen()));
  };
  attachPointers(element, { pan, zoom, pressed: (target) => pressed(target, picture, chosen, reach) });
  element.addEventListener('keydown', (event) => {
    const name = nameOf(event.target, picture);
    if (event.ctrlKey || event.metaKey || event.altKey || name === undefined || picture === undefined) return;
    const { key } = event;
    const next = neighbour(picture.drawing, name, key);
    if (key === 'Enter' || key === ' ') chosen.choose(name);
    else if (key === 'l') chosen.open(name);
    else if (key === '+' || key === '=') zoom(STEP);
    else if (key === '-') zoom(1 / STEP);
    else if (key === '0') fitAll();
    else if (next !== undefined) focusOn(next);
    else if (!key.startsWith('Arrow')) return;
    event.preventDefault();
    event.stopPropagation();
  });
  new ResizeObserver(() => look(camera)).observe(element);
  return {
    element,
    buttons: zoomButtons(zoom, fitAll),
    show(next, first) {
      picture = next;
      current = undefined;
      // An attribute, because the content security policy forbids inline styles.
      next.element.setAttribute('height', `${heightFor(next.drawing, element.clientWidth)}`);
      element.replaceChildren(next.element);
      reach(first);
      const { drawing } = next;
      look(opening(drawing, screen(), drawing.nodes.get(first ?? fromLeft(drawing)[0] ?? '')));
    },
    keep: (name) => reach(document.activeElement?.closest('.task-graph') === null ? name : undefined),
  };
}

/** As high as the drawing needs, but not higher than fits on the screen. */
function heightFor({ width, height }: Size, screenWidth: number): number {
  const scale = Math.max(READABLE, Math.min(1, screenWidth / (width + MARGIN)));
  return Math.round(
    Math.min(Math.max(LOWEST, height * scale + MARGIN), Math.max(320, innerHeight * HIGHEST)),
  );
}

function nameOf(target: EventTarget | null, picture: Picture | undefined): string | undefined {
  const node = target instanceof Element ? target.closest('.node') : null;
  if (node === null || picture === undefined) return undefined;
  return [...picture.nodes].find(([, { element }]) => element === node)?.[0];
}

function pressed(
  target: EventTarget | null,
  picture: Picture | undefined,
  { choose }: StageHandlers,
  reach: (name: string) => void,
): void {
  const name = nameOf(target, picture);
  if (name === undefined) return;
  reach(name);
  choose(name);
}

function zoomButtons(zoom: (factor: number) => void, fit: () => void): HTMLElement {
  const button = (text: string, label: string, done: () => void) => {
    const made = make(
      'button',
      { type: 'button', class: text.length > 1 ? '' : 'small', 'aria-label': label, title: label },
      text,
    );
    made.onclick = done;
    return made;
  };
  return make(
    'span',
    { class: 'group' },
    button('−', 'Zoom out (−)', () => zoom(1 / STEP)),
    button('+', 'Zoom in (+)', () => zoom(STEP)),
    button('Fit', 'The whole graph (0)', fit),
  );
}
