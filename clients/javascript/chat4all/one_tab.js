// What only one tab at a time may do (Web Locks, which are there in secure contexts only).

/** Whether tabs can know of one another. */
export const TABS_AGREE = Boolean(globalThis.navigator?.locks);

/**
 * Do it, unless another tab is doing it; where tabs cannot know of one another it is done.
 * @param {string} name of what is done  @param {() => Promise<void>} act  @returns {Promise<boolean>} whether it was done here
 */
export async function unlessElsewhere(name, act) {
  if (!TABS_AGREE) {
    await act();
    return true;
  }
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await act();
    return lock !== null;
  });
}

/**
 * Do it as soon as no other tab is doing it any more. Also what was done in this tab before a reload may end a little later only.
 * @param {string} name  @param {() => Promise<void>} act
 */
export async function whenNowhereElse(name, act) {
  if (TABS_AGREE) await navigator.locks.request(name, act);
  else await act();
}
