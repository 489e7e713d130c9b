// Drawing at most once for what the screen shows.

const SOON_MS = 40;

/**
 * `draw`, to be called as often as one likes: it runs once, a little later.
 * @param {() => void} draw  @returns {() => void}
 */
export function soon(draw) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    // Not by requestAnimationFrame: a tab in the background has none, and its title goes on.
    setTimeout(() => {
      isWaiting = false;
      draw();
    }, SOON_MS);
  };
}
