// Requests to the simulators, and the one place where what goes wrong is shown.

/** JSON of a request; throws an Error with the simulator's words. */
export async function call(method, path, body) {
  const sent = body instanceof Blob ? body : body === undefined ? undefined : JSON.stringify(body);
  const type = body instanceof Blob ? body.type || "application/octet-stream" : "application/json";
  const answer = await fetch(`/phones/api${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": type },
    body: sent,
  });
  const answered = answer.headers.get("Content-Type") ?? "";
  const document_ = answered.startsWith("application/json") ? await answer.json() : {};
  if (!answer.ok) throw new Error(document_.error ?? `${answer.status} ${answer.statusText}`);
  return document_;
}

/** Run `act` and show what goes wrong; undefined then. */
export async function attempt(act) {
  const problem = document.getElementById("problem");
  try {
    problem.hidden = true;
    return await act();
  } catch (error) {
    problem.textContent = error instanceof TypeError ? "The simulator does not answer." : error.message;
    problem.hidden = false;
    if (error instanceof TypeError) console.warn(error);
    return undefined;
  }
}
