// Addresses and views.

let showing = () => {};

/** `show(path, query)` is called now and at each change of the address. */
export function start(show) {
  showing = () => show(location.pathname, new URLSearchParams(location.search));
  addEventListener("popstate", showing);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname.startsWith("/phones") || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    go(url.pathname + url.search);
  });
  showing();
}

export function go(address) {
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  showing();
}

/** Remember filters in the address, without a step in the history. */
export function remember(params) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value));
  history.replaceState(null, "", query.size ? `${location.pathname}?${query}` : location.pathname);
}
