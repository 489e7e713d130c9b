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
  wrongFields: {
    "/username": "O nome de usuário tem de 3 a 32 caracteres: letras de a a z, números e _ . - somente.",
    "/email": "Isso não é um e-mail, como ana@example.com.",
    "/password": "A senha tem de 8 a 256 caracteres.",
  },
  taken: { username_taken: "Alguém já tem esse nome de usuário.", email_taken: "Já existe uma conta com esse e-mail." },
  slowDown: (s) => `Tentativas demais. Espere ${s} s.`,
  registered: "A conta foi criada. Agora entre com ela.",
  notCopied: "Este navegador não deixa copiar.",
  noAnswer: "O servidor não responde. Verifique a conexão e tente de novo.",
};
