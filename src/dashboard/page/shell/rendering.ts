/** When a page is rendered. */

/** Renders once for all changes until the next frame. @returns what asks for it */
export function oncePerFrame(render: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      render();
    });
  };
}
