/** Panning and zooming with mouse and touch. */

interface Point {
  readonly x: number;
  readonly y: number;
}

interface PointerHandlers {
  /** In screen pixels. */
  pan(by: Point): void;
  /** @param at relative to the top left corner of the element */
  zoom(factor: number, at: Point): void;
  /** A click, without a drag. */
  pressed(target: EventTarget | null): void;
}

const WHEEL_STEP = 0.0016;
const LINE_PIXELS = 16;
/** A shorter movement is a click: hands are not steady. */
const STILL_PIXELS = 4;

/** Handles drags, two fingers, and the wheel with Ctrl, which a pinch on a touchpad sends; the wheel alone scrolls the page. */
export function attachPointers(element: HTMLElement, { pan, zoom, pressed }: PointerHandlers): void {
  const fingers = new Map<number, Point>();
  let far = 0;
  const middle = () => {
    const points = [...fingers.values()];
    const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
    return { x: sum.x / points.length, y: sum.y / points.length };
  };
  const spread = () => {
    const [one, other] = [...fingers.values()];
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y);
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (fingers.size === 0) far = 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  element.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    const [before, wide] = [middle(), spread()];
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = middle();
    const by = { x: after.x - before.x, y: after.y - before.y };
    far += Math.hypot(by.x, by.y) + Math.abs(spread() - wide);
    if (far < STILL_PIXELS) return;
    // Captured only once it is a drag, so that a click reaches its target.
    if (!element.hasPointerCapture(event.pointerId)) element.setPointerCapture(event.pointerId);
    element.classList.add('moves');
    pan(by);
    if (wide > 0 && spread() > 0) zoom(spread() / wide, within(element, after));
  });
  const end = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    element.classList.remove('moves');
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
  element.addEventListener('click', ({ target }) => far < STILL_PIXELS && pressed(target));
  element.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PIXELS;
      const at = within(element, { x: event.clientX, y: event.clientY });
      zoom(Math.exp(-event.deltaY * pixels * WHEEL_STEP * 2), at);
    },
    { passive: false },
  );
}

function within(element: HTMLElement, { x, y }: Point): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: x - left, y: y - top };
}
