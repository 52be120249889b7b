/** Tooltips in the box `#tip`, for the element that is hovered or focused. Its label contains the same facts. */

import { find, make } from '../../shell/dom.ts';
import type { Tip } from './tip-text.ts';

const GAP = 8;
const tips = new WeakMap<Element, () => Tip>();
let shown: Element | undefined;

/** Sets the tooltip of an element; `tip` is called when it is shown. */
export function setTip(element: HTMLElement | SVGElement, tip: () => Tip): void {
  element.dataset.tip = '';
  tips.set(element, tip);
}

/** Enables tooltips on the whole page. */
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

/** Hides the tooltip of an element that was removed; to be called after a rendering. */
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

/** Places the box below the element, or above it if there is no room. */
function place(box: HTMLElement, { left, width, top, bottom }: DOMRect): void {
  const { offsetWidth, offsetHeight } = box;
  const x = Math.max(GAP, Math.min(left + width / 2 - offsetWidth / 2, innerWidth - offsetWidth - GAP));
  const isBelow = bottom + GAP + offsetHeight <= innerHeight;
  const y = isBelow ? bottom + GAP : Math.max(GAP, top - GAP - offsetHeight);
  box.style.setProperty('transform', `translate(${Math.round(x)}px, ${Math.round(y)}px)`);
}
