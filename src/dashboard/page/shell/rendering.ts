/** Batches renderings. */

/** Coalesces all requests until the next animation frame into one rendering. @returns a function that requests it */
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
