// The switches for faults: one group for each simulator, made of the settings it answers.
import { attempt, call } from "./phones-http.js";
import { element } from "./phones-view.js";

const WORDS = {
  rate_limits: "Enforce the provider’s rates", seed: "Seed of chance", server_error: "Sends that get a 5xx", too_many: "Sends that get a rate error",
  timeout: "Sends without an answer, not accepted", lost_answer: "Sends accepted without an answer", timeout_s: "Seconds until such a connection is cut",
  retry_after_s: "Seconds that a rate error tells to wait", duplicates: "Webhooks that come twice", disorder: "Webhooks that are overtaken",
  drop_first: "Webhooks whose first attempt is lost", delay_s: "Seconds that webhooks are late", batch: "Events in one body",
  clock_ahead_s: "Seconds that Telegram’s clock is ahead",
};

/** Fill `root` with the settings of each {name, path}. */
export async function drawFaults(root, groups) {
  root.replaceChildren();
  for (const { name, path } of groups) {
    let settings;
    try {
      settings = await call("GET", path);
    } catch {
      continue; // A simulator that is not there has no switches.
    }
    const group = element("fieldset", {}, [element("legend", {}, [name])]);
    for (const [word, value] of Object.entries(settings)) group.append(field(path, word, value));
    root.append(group);
  }
}

function field(path, word, value) {
  const label = WORDS[word] ?? word.replaceAll("_", " ");
  const flag = typeof value === "boolean";
  const input = flag ? element("input", { type: "checkbox", checked: value })
    : typeof value === "number" ? element("input", { type: "number", min: 0, step: "any", value })
      : element("input", { type: "text", value });
  input.name = word;
  input.addEventListener("change", () => attempt(async () => {
    const wanted = flag ? input.checked : typeof value === "number" ? Number(input.value) : input.value;
    try {
      await call("PUT", path, { [word]: wanted });
    } catch (error) {
      if (flag) input.checked = !wanted;
      else input.value = (await call("GET", path))[word];
      throw error;
    }
  }));
  return element("label", { className: flag ? "fault flag" : "fault" }, [input, element("span", {}, [label])]);
}
