/** @param {any} error */
export declare function told(error: any): {
    name: any;
    message: any;
    status: any;
    problem: any;
    retryAfter: any;
};
/** @param {ReturnType<typeof told>} error */
export declare function thrown({ name, message, status, problem, retryAfter }: ReturnType<typeof told>): Error;
