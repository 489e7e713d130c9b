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
  slowDown: (/** @type {number} */ s) => `Too many tries. Please wait ${s} s.`,
  registered: "The account is there. Please sign in.",
  notCopied: "This browser does not let it be copied.",
  noAnswer: "The server does not answer. Please check your connection and try again.",
};
