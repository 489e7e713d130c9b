// Pieces of the phones' page. Text is only ever set as text: nothing a bot says becomes HTML.

/** An element with properties and children (elements or texts). */
export function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== ""));
  return made;
}

/** A round avatar: first letter, and one of eight tints by id. */
export function avatar(name, id) {
  const letter = [...name][0]?.toUpperCase() ?? "?";
  const made = element("span", { className: `avatar tint-${Number(id) % 8}` }, [letter]);
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** The message that is answered, in short. */
export function quote(message) {
  return element("span", { className: "quoted" }, [summary(message)]);
}

/** What a message says, as text. */
export function summary(message) {
  if (message.deleted) return "Deleted";
  if (message.location) return `📍 ${message.location.latitude.toFixed(5)}, ${message.location.longitude.toFixed(5)}`;
  if (message.contact) {
    const { first_name: first, last_name: last, phone_number: number } = message.contact;
    return `👤 ${[first, last].filter(Boolean).join(" ")}\n${number}`;
  }
  return message.text;
}

/** Hours and minutes of Unix seconds. */
export function timeOf(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** Today, or the date. */
export function dayOf(seconds) {
  const day = new Date(seconds * 1000).toDateString();
  return day === new Date().toDateString() ? "Today" : day;
}
