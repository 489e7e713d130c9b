/** Whether tabs can know of one another. */
export declare const TABS_AGREE: boolean;
/**
 * Do it, unless another tab is doing it; where tabs cannot know of one another it is done.
 * @param {string} name of what is done  @param {() => Promise<void>} act  @returns {Promise<boolean>} whether it was done here
 */
export declare function unlessElsewhere(name: string, act: () => Promise<void>): Promise<boolean>;
/**
 * Do it as soon as no other tab is doing it any more. Also what was done in this tab before a reload may end a little later only.
 * @param {string} name  @param {() => Promise<void>} act
 */
export declare function whenNowhereElse(name: string, act: () => Promise<void>): Promise<void>;
