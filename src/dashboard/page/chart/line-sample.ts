/** A sample of a sensor's line, beside its name. */

import { draw } from '../shell/dom.ts';
import type { Line } from '../shell/theme.ts';

/** Hidden from screen readers, which read the name beside it. */
export function lineSample({ color, dash }: Line): SVGSVGElement {
  const stroke = { stroke: color, 'stroke-width': 2, 'stroke-dasharray': dash.join(' ') };
  return draw(
    'svg',
    { 'aria-hidden': 'true', viewBox: '0 0 20 10' },
    draw('path', { d: 'M0 5h20', ...stroke }),
  );
}
