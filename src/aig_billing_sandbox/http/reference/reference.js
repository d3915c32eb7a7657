// What the HTTP reference does in the browser: theme, filter, copying, and calling the sandbox. Without it the page reads the same.
"use strict";

const themes = ["auto", "light", "dark"];
const themeButton = document.getElementById("theme");

function showTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  themeButton.textContent = `Theme: ${theme}`;
}

function remembered() {
  // A page opened as a file, or a browser told to forget, has no storage.
  try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; }
}

showTheme(remembered());
themeButton.addEventListener("click", () => {
  const next = themes[(themes.indexOf(document.documentElement.dataset.theme || "auto") + 1) % themes.length];
  showTheme(next);
  try { localStorage.setItem("theme", next); } catch { /* Shown all the same. */ }
});

const contents = document.querySelector("nav details");
if (window.matchMedia("(max-width: 60rem)").matches) contents.open = false;

const filter = document.getElementById("filter");
filter.addEventListener("input", () => {
  const wanted = filter.value.trim().toLowerCase();
  for (const entry of document.querySelectorAll("nav li")) {
    const section = document.getElementById(entry.querySelector("a").hash.slice(1));
    const text = `${entry.textContent} ${section.querySelector(".path").textContent} ${section.querySelector(".facts").textContent}`;
    entry.hidden = !text.toLowerCase().includes(wanted);
  }
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    contents.open = true;
    filter.focus();
  }
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
  try {
    await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl-C";
    getSelection().selectAllChildren(button.parentElement.querySelector("code"));
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
});

const caller = document.getElementById("caller");
if (caller) {
  const account = document.getElementById("account_id");
  const token = document.getElementById("token");
  const paths = document.querySelectorAll("form.try [data-from=account_id]");
  const spread = () => { for (const input of paths) input.value = account.value; };
  account.addEventListener("input", spread);
  caller.addEventListener("submit", (event) => event.preventDefault());
  caller.addEventListener("click", (event) => {
    if (event.target.dataset.token !== undefined) token.value = event.target.dataset.token;
  });
  spread();
  for (const form of document.querySelectorAll("form.try")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      call(form, caller.dataset.base, token.value.trim());
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }
}

async function call(form, base, token) {
  const state = form.querySelector(".state");
  const outcome = form.querySelector(".outcome");
  const button = form.querySelector(".send");
  outcome.hidden = true;
  let request;
  try {
    request = requestOf(form, base, token);
  } catch (problem) {
    state.textContent = problem.message;
    return;
  }
  button.disabled = true;
  state.textContent = "Sending …";
  const begun = performance.now();
  try {
    const response = await fetch(request.url, request.options);
    const text = await response.text();
    const took = Math.round(performance.now() - begun);
    state.textContent = `${response.status} ${response.statusText} in ${took} ms`;
    outcome.replaceChildren(headersOf(response), block(pretty(text)));
    outcome.hidden = false;
  } catch {
    state.textContent = "No answer came: is the sandbox still running?";
  } finally {
    button.disabled = false;
  }
}

function requestOf(form, base, token) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  let body;
  for (const control of form.querySelectorAll("[data-place]")) {
    const value = control.value.trim();
    if (control.required && !value) {
      control.focus();
      throw new Error(`${control.name} is required.`);
    }
    if (control.dataset.place === "path") path = path.replace(`{${control.name}}`, encodeURIComponent(value));
    else if (control.dataset.place === "query" && value) query.append(control.name, value);
    else if (control.dataset.place === "body") {
      try { JSON.parse(value); } catch (problem) {
        control.focus();
        throw new Error(`The body is no JSON: ${problem.message}`);
      }
      headers["Content-Type"] = "application/json";
      body = value;
    }
  }
  const asked = query.toString();
  return { url: base + path + (asked ? `?${asked}` : ""), options: { method: form.dataset.method, headers, body } };
}

function headersOf(response) {
  const shown = ["cf-ray", "ratelimit", "ratelimit-policy", "retry-after", "allow"];
  const list = document.createElement("dl");
  list.className = "facts";
  for (const name of shown) {
    const value = response.headers.get(name);
    if (value === null) continue;
    const term = document.createElement("dt");
    term.textContent = name;
    const said = document.createElement("dd");
    said.textContent = value;
    list.append(term, said);
  }
  return list;
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function block(text) {
  const whole = document.createElement("div");
  whole.className = "code";
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  const code = document.createElement("code");
  code.textContent = text;
  pre.append(code);
  whole.append(copy, pre);
  return whole;
}
