// What was written and not sent, for each conversation: it survives a reload and the tab, and ends with the session.

const KEY = "chat4all.draft";

/** @param {string} userId  @param {string} conversationId */
export function draftOf(userId, conversationId) {
  try {
    return localStorage.getItem(`${KEY}.${userId}.${conversationId}`) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} userId  @param {string} conversationId  @param {string} text */
export function keepDraft(userId, conversationId, text) {
  const key = `${KEY}.${userId}.${conversationId}`;
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // No room, or none is given: the text is still in the field.
  }
}

/** What is written and not sent, files on their way included: whoever comes next at this browser finds none of it. @param {string} userId */
export function forgetWritten(userId) {
  const ours = [`${KEY}.${userId}.`, `chat4all.outgoing.${userId}`];
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (ours.some((start) => key.startsWith(start))) storage.removeItem(key);
  }
}
