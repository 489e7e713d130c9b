// What a role may do, as the server decides it (chat4all/domain/roles.py): so that nothing is offered which would be refused. Pure.

/** @typedef {"owner" | "admin" | "member" | "reader"} Role */

/** @type {Role[]} */
export const ROLES = ["owner", "admin", "member", "reader"];
/** @type {Record<string, number>} */
const RANK = { reader: 0, member: 1, admin: 2, owner: 3 };

/** Title and members. @param {string | undefined} role */
export function mayManage(role) {
  return (RANK[role ?? ""] ?? -1) >= RANK.admin;
}

/** For everybody. @param {string | undefined} role */
export function mayDelete(role) {
  return role === "owner";
}

/** Change or remove a member: owners anybody, admins those below them. @param {string | undefined} role  @param {string} other */
export function outranks(role, other) {
  return role === "owner" || (mayManage(role) && RANK[role ?? ""] > RANK[other]);
}

/** Roles that `role` may give: none above its own, and to who cannot sign in none that manages. @param {string | undefined} role  @param {boolean} signsIn */
export function grantable(role, signsIn) {
  return ROLES.filter((one) => RANK[one] <= (RANK[role ?? ""] ?? -1) && (signsIn || RANK[one] <= RANK.member));
}
