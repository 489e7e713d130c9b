/** Whether tabs can know of one another. */
export declare const TABS_AGREE: boolean;
/**
 * Do it, unless another tab is doing it; where tabs cannot know of one another it is done.
 * @param {string} name of what is done  @param {() => Promise<void>} act  @returns {Promise<boolean>} whether it was done here
 */
export declare function unlessElsewhere(name: string, act: () => Promise<void>): Promise<boolean>;
