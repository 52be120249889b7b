/** Zooming and panning with wheel, touch and mouse. */

import type uPlot from 'uplot';
import { type Fingers, pan, pinch, type Span, zoom } from '../data/time-range.ts';

/** What gestures read and change. */
export interface Moves {
  readonly span: () => Span;
  /** Whether the wheel zooms without a modifier key; on a page with many charts it must scroll. */
  readonly wheels: () => boolean;
  zoomTo(span: Span): void;
  reset(): void;
}

const WHEEL_STEP = 0.0016;
const LINE_PIXELS = 16;

/** Handles wheel and touch. */
export function attachGestures(chart: uPlot, moves: Moves): void {
  chart.over.addEventListener('wheel', (event) => zoomByWheel(chart, event, moves), { passive: false });
  attachFingers(chart, moves);
}

/** uPlot's mouse bindings: a drag with Shift pans, without it uPlot selects a range to zoom to. */
export function mouseBindings({ span, zoomTo, reset }: Moves): uPlot.Cursor.Bind {
  return {
    mousedown: (chart, _, select) => (event) => {
      if (event.shiftKey || event.button === 1) drag(chart, event, span(), zoomTo);
      else select(event);
      return null;
    },
    dblclick: () => () => {
      reset();
      return null;
    },
  };
}

function drag(chart: uPlot, start: MouseEvent, from: Span, zoomTo: (span: Span) => void): void {
  start.preventDefault();
  const move = ({ clientX }: MouseEvent) => zoomTo(pan(from, (start.clientX - clientX) / chart.rect.width));
  const end = () => removeEventListener('mousemove', move);
  addEventListener('mousemove', move);
  addEventListener('mouseup', end, { once: true });
}

function zoomByWheel(chart: uPlot, event: WheelEvent, { span, wheels, zoomTo }: Moves): void {
  const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PIXELS;
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) {
    event.preventDefault();
    zoomTo(pan(span(), (sideways * pixels) / chart.rect.width));
  } else if (event.ctrlKey || event.metaKey || wheels()) {
    event.preventDefault();
    const at = chart.posToVal(event.clientX - chart.rect.left, 'x');
    // Browsers report a pinch on a touchpad as a wheel with Ctrl, in small steps.
    const step = event.ctrlKey ? 4 * WHEEL_STEP : WHEEL_STEP;
    zoomTo(zoom(span(), Math.exp(clamp(event.deltaY * pixels, 120) * step), at));
  }
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

/** One finger moves the cursor; two zoom and pan. */
function attachFingers(chart: uPlot, { span, zoomTo }: Moves): void {
  const fingers = new Map<number, number>();
  let start: { span: Span; fingers: Fingers } | undefined;
  const places = (): Fingers => {
    const [a = 0, b = 0] = [...fingers.values()].map((x) => (x - chart.rect.left) / chart.rect.width);
    return [a, b];
  };
  const begin = () => {
    start = fingers.size === 2 ? { span: span(), fingers: places() } : undefined;
  };
  const point = (event: PointerEvent) => {
    const top = event.clientY - chart.rect.top;
    chart.setCursor({ left: event.clientX - chart.rect.left, top });
  };
  const on = (type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel', does: typeof point) =>
    chart.over.addEventListener(type, (event) => {
      if (event.pointerType === 'touch') does(event);
    });
  on('pointerdown', (event) => {
    chart.syncRect();
    fingers.set(event.pointerId, event.clientX);
    begin();
    point(event);
  });
  on('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event.clientX);
    if (start === undefined) point(event);
    else zoomTo(pinch(start.span, start.fingers, places()));
  });
  const lift = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    begin();
  };
  on('pointerup', lift);
  on('pointercancel', lift);
}
