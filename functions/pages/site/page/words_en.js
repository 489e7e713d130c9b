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
  slowDown: (/** @type {number} */ s) => `Too many tries. Please wait ${s} s.`,
  noAnswer: "The server does not answer. Please check your connection and try again.",
};
