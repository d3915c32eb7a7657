// What the HTTP reference does in the browser: theme, filter, copying, and calling the sandbox. Without it the page reads the same.
"use strict";

const themes = ["auto", "light", "dark"];
const themeButton = document.getElementById("theme");

function showTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  themeButton.textContent = `Theme: ${theme}`;
}

// A page opened as a file, or a browser without storage for it, forgets the theme.
try { showTheme(localStorage.getItem("theme") || "auto"); } catch { showTheme("auto"); }
themeButton.addEventListener("click", () => {
  const next = themes[(themes.indexOf(document.documentElement.dataset.theme || "auto") + 1) % themes.length];
  showTheme(next);
  try { localStorage.setItem("theme", next); } catch { /* It is shown all the same. */ }
});

const contents = document.querySelector("nav details");
if (window.matchMedia("(max-width: 60rem)").matches) contents.open = false;

const filter = document.getElementById("filter");
filter.addEventListener("input", () => {
  for (const entry of document.querySelectorAll("nav li")) {
    const section = document.getElementById(entry.querySelector("a").hash.slice(1));
    const text = [entry, ...section.querySelectorAll(".path, .facts")].map((part) => part.textContent).join(" ");
    entry.hidden = !text.toLowerCase().includes(filter.value.trim().toLowerCase());
  }
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  contents.open = true;
  filter.focus();
});

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target && target.tagName === "DETAILS") target.open = true;
}
window.addEventListener("hashchange", openTarget);
openTarget();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl-C";
    getSelection().selectAllChildren(code);
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
});

const caller = document.getElementById("caller");
if (caller) {
  const account = document.getElementById("account_id");
  const token = document.getElementById("token");
  const forms = [...document.querySelectorAll("form.try")];
  const spread = () => {
    for (const input of document.querySelectorAll("form.try [name=account_id]")) input.value = account.value;
    forms.forEach(showSamples);
  };
  account.addEventListener("input", spread);
  caller.addEventListener("submit", (event) => event.preventDefault());
  caller.addEventListener("click", (event) => {
    if (event.target.dataset.token !== undefined) token.value = event.target.dataset.token;
  });
  for (const form of forms) {
    form.addEventListener("input", () => showSamples(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      call(form, token.value.trim());
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }
  spread();
}

// What a form says: its URL, query and body. Throws for what cannot be sent.
function read(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  let body;
  for (const control of form.querySelectorAll("[data-place]")) {
    const value = control.value.trim();
    const wrong = (message) => Object.assign(new Error(message), { control });
    if (control.required && !value) throw wrong(`${control.name} is required.`);
    if (control.dataset.place === "path") path = path.replace(`{${control.name}}`, encodeURIComponent(value));
    else if (control.dataset.place === "query" && value) query.append(control.name, value);
    else if (control.dataset.place === "body") {
      try { JSON.parse(value); } catch (error) { throw wrong(`The body is not JSON: ${error.message}`); }
      body = value;
    }
  }
  return { url: caller.dataset.base + path + (query.size ? `?${query}` : ""), query, body };
}

// The samples beside a form, with what was typed into it. Where that cannot be sent, they stay as they are.
function showSamples(form) {
  let request;
  try { request = read(form); } catch { return; }
  const body = request.body === undefined ? {} : JSON.parse(request.body);
  const method = form.dataset.method === "GET" ? "" : ` --request ${form.dataset.method}`;
  const lines = [`curl${method} "${request.url}"`, '  --header "Authorization: Bearer $CLOUDFLARE_API_TOKEN"'];
  if (request.body !== undefined) lines.push(`  --json '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  const values = { ...Object.fromEntries([...request.query].map(([name, text]) => [name, /^-?\d+$/.test(text) ? Number(text) : text])), ...body };
  const given = Object.entries(values).map(([name, value]) => `${name}=${python(value)}`).join(", ");
  const show = (kind, text) => {
    const code = form.parentElement.querySelector(`.code.${kind} code`);
    if (code) code.textContent = text;
  };
  show("curl", lines.join(" \\\n"));
  show("python", `from aig_billing import Client\n\nwith Client() as client:\n    print(client.${form.dataset.call}(${given}))`);
}

function python(value) {
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (value && typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${python(key)}: ${python(item)}`).join(", ")}}`;
  return { true: "True", false: "False", null: "None" }[JSON.stringify(value)] || JSON.stringify(value);
}

async function call(form, token) {
  const [state, outcome, button] = [".state", ".outcome", ".send"].map((name) => form.querySelector(name));
  outcome.hidden = true;
  let request;
  try { request = read(form); } catch (error) {
    error.control.focus();
    state.textContent = error.message;
    return;
  }
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (request.body !== undefined) headers["Content-Type"] = "application/json";
  button.disabled = true;
  state.textContent = "Sending …";
  const started = performance.now();
  try {
    const response = await fetch(request.url, { method: form.dataset.method, headers, body: request.body });
    const text = await response.text();
    state.textContent = `${response.status} ${response.statusText} in ${Math.round(performance.now() - started)} ms`;
    const shown = ["cf-ray", "ratelimit", "ratelimit-policy", "retry-after", "allow"].filter((name) => response.headers.has(name));
    const facts = element("dl", "facts", ...shown.flatMap((name) => [element("dt", "", name), element("dd", "", response.headers.get(name))]));
    const copy = element("button", "copy", "Copy");
    copy.type = "button";
    const body = element("pre", "", element("code", "", pretty(text)));
    body.tabIndex = 0;
    outcome.replaceChildren(facts, element("div", "code", copy, body));
    outcome.hidden = false;
  } catch {
    state.textContent = "No answer came: is the sandbox still running?";
  } finally {
    button.disabled = false;
  }
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}
