// What all pages say, in English.

export const EN = {
  skip: "To the content",
  signOut: "Sign out",
  signInTitle: "Sign in",
  username: "Name or email",
  newUsername: "User name",
  email: "Email",
  password: "Password",
  signInGo: "Sign in",
  registerTitle: "Create an account",
  registerGo: "Create the account",
  registerInstead: "Create an account",
  signInInstead: "I have an account",
  required: "Please fill in everything.",
  wrongPassword: "The name or the password is not right.",
  /** What the API refuses of a new account, by the pointer of its error (chat4all.domain.user.Registration). @type {Record<string, string>} */
  wrongFields: {
    "/username": "A user name has 3 to 32 characters: letters a to z, digits, and _ . - only.",
    "/email": "That is no email address, such as ana@example.com.",
    "/password": "A password has 8 to 256 characters.",
  },
  /** The same, by code. @type {Record<string, string>} */
  taken: { username_taken: "Somebody has that user name already.", email_taken: "There is an account with that email already." },
  or: "or",
  signInBy: (/** @type {string} */ name) => `Sign in with ${name}`,
  /** @type {Record<string, string>} */
  providers: { google: "Google", github: "GitHub" },
  /** Why a sign-in by a provider came to nothing, by code. @type {Record<string, string>} */
  signInErrors: {
    sign_in_state: "This sign-in was begun in another window, or too long ago. Please begin again.",
    sign_in_cancelled: "The sign-in was cancelled there.",
    sign_in_failed: "The sign-in did not work there. Please try again.",
    invalid_sign_in_code: "The sign-in took too long. Please begin again.",
    email_taken: "There is an account with that email already. Sign in with its password, and link it under “Your account”.",
    no_verified_email: "The email there is not verified, and without one no account can be made.",
    sign_in_taken: "Another account signs in with it already.",
    already_linked: "Another one of these is linked. Unlink that first.",
    last_sign_in: "It is your last way to sign in. Set a password, or link another, first.",
    sign_in_needed: "Please sign out and in again, and do it then.",
  },
  slowDown: (/** @type {number} */ s) => `Too many tries. Please wait ${s} s.`,
  registered: "The account is there. Please sign in.",
  notCopied: "This browser does not let it be copied.",
  noAnswer: "The server does not answer. Please check your connection and try again.",
};
