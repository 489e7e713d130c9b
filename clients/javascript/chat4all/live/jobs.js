// One after the other.

export class Jobs {
  constructor() {
    /** @type {Promise<unknown>} */
    this._last = Promise.resolve();
  }

  /** Runs `task` when what came before is over. @template T  @param {() => T | Promise<T>} task  @returns {Promise<T>} */
  run(task) {
    const done = this._last.then(task);
    this._last = done.catch(() => {});
    return done;
  }
}
