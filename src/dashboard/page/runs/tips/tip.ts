/** Facts about the element that is pointed at, or has the focus, in the box `#tip`. They are said in its label, too. */

import { find, make } from '../../shell/dom.ts';
import type { Tip } from './tip-text.ts';

const GAP = 8;
const tips = new WeakMap<Element, () => Tip>();
let shown: Element | undefined;

/** Tells this of an element from now on; it is asked for when it is to be shown. */
export function setTip(element: HTMLElement | SVGElement, tip: () => Tip): void {
  element.dataset.tip = '';
  tips.set(element, tip);
}

/** Shows tips anywhere on the page. */
export function attachTips(): void {
  const box = find('tip', HTMLElement);
  const show = ({ target }: Event) => {
    const element = target instanceof Element ? (target.closest('[data-tip]') ?? undefined) : undefined;
    const tip = element === undefined ? undefined : tips.get(element)?.();
    box.hidden = tip === undefined;
    shown = tip === undefined ? undefined : element;
    if (tip === undefined || element === undefined) return;
    box.replaceChildren(...tipNodes(tip));
    place(box, element.getBoundingClientRect());
  };
  const hide = () => {
    box.hidden = true;
    shown = undefined;
  };
  for (const name of ['pointerover', 'focusin']) document.addEventListener(name, show);
  document.addEventListener('focusout', hide);
  document.addEventListener('scroll', hide, { capture: true, passive: true });
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
}

/** Hides the tip of an element that is no longer there; called after a rendering. */
export function tidyTips(): void {
  if (shown?.isConnected === false) find('tip', HTMLElement).hidden = true;
}

function tipNodes({ title, facts }: Tip): Node[] {
  const body = make('tbody');
  for (const [name, text] of facts)
    if (text !== undefined)
      body.append(make('tr', {}, make('th', { scope: 'row' }, name), make('td', {}, text)));
  return [make('p', {}, title), make('table', {}, body)];
}

/** Below the element, or above it where there is no room. */
function place(box: HTMLElement, { left, width, top, bottom }: DOMRect): void {
  const { offsetWidth, offsetHeight } = box;
  const x = Math.max(GAP, Math.min(left + width / 2 - offsetWidth / 2, innerWidth - offsetWidth - GAP));
  const isBelow = bottom + GAP + offsetHeight <= innerHeight;
  const y = isBelow ? bottom + GAP : Math.max(GAP, top - GAP - offsetHeight);
  box.style.setProperty('transform', `translate(${Math.round(x)}px, ${Math.round(y)}px)`);
}
