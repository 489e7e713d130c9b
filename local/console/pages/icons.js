// Line icons of the navigation.

import { s } from "./dom.js";

const SHAPES = {
  overview: "M3 12.5 10 4l7 8.500M5 11v6h10v-6",
  functions: "M5 17 9.500 7.500M7.500 3H9l6 14h1.500",
  invocations: "M3 10h3l2.500-6 4 12 2.500-6h2",
  topics: "M4 5h12M4 10h12M4 15h7",
  routes: "M5 4v5a3 3 0 0 0 3 3h7m-3-3 3 3-3 3M5 16v.01",
  connections: "M7 7 4.500 9.500a3.500 3.500 0 0 0 5 5L12 12M8 12l4-4M13 13l2.500-2.500a3.500 3.500 0 0 0-5-5L8 8",
  tables: "M3.500 5h13v10h-13zM3.500 8.500h13M8 8.500V15",
  buckets: "M4 6.500h12L14.500 16h-9zM4 6.500C4 4 16 4 16 6.500",
  phones: "M6.500 3h7v14h-7zM9.500 14.500h1",
};

export const icon = (name) => s("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" }, s("path", { d: SHAPES[name] }));
