// O que todas as páginas dizem, em português do Brasil.

/** @type {typeof import("./words_en.js").EN} */
export const PT = {
  skip: "Ir para o conteúdo",
  signOut: "Sair",
  signInTitle: "Entrar",
  username: "Nome ou e-mail",
  newUsername: "Nome de usuário",
  email: "E-mail",
  password: "Senha",
  signInGo: "Entrar",
  registerTitle: "Criar conta",
  registerGo: "Criar a conta",
  registerInstead: "Criar uma conta",
  signInInstead: "Já tenho conta",
  required: "Preencha todos os campos.",
  wrongPassword: "O nome ou a senha não confere.",
  slowDown: (s) => `Tentativas demais. Espere ${s} s.`,
  noAnswer: "O servidor não responde. Verifique a conexão e tente de novo.",
};
