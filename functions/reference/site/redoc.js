// ReDoc of openapi.json, which lies beside the page.

window.Redoc.init(
  new URL("openapi.json", document.baseURI).href,
  { hideDownloadButton: false, sortRequiredPropsFirst: true, jsonSampleExpandLevel: 3, hideHostname: true },
  document.getElementById("reference"),
);
