// Before anything is drawn: the colours that the person has chosen here. Not a module: those run too late for it.
{
  const theme = localStorage.getItem("chat4all.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
