// Applies overlays with two npm packages; prints what each makes of the document, as JSON.
// Usage: node overlay_tools.mjs DOCUMENT OVERLAY..., in a folder where both packages are installed.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const modules = join(process.cwd(), "node_modules");
const require = createRequire(join(modules, "none.js"));
const { parse } = require("yaml");
const { openapiOverlay } = require("openapi-format/utils/overlay");
const { applyOverlay } = await import(pathToFileURL(join(modules, "openapi-overlays-js/src/overlay.js")));

const [document, ...overlays] = process.argv.slice(2).map((file) => parse(readFileSync(file, "utf8")));
let format = structuredClone(document);
let js = structuredClone(document);
for (const overlay of overlays) {
  format = (await openapiOverlay(format, { overlaySet: structuredClone(overlay) })).data;
  js = applyOverlay(js, structuredClone(overlay));
}
console.log(JSON.stringify({ "openapi-format": format, "openapi-overlays-js": js }));
