"use strict";
// What every card does: it speaks with its host (MCP Apps, 2026-01-26) and draws. Text is set as text, never as HTML.
const texts = JSON.parse(document.getElementById("texts").textContent);
const say = (key, otherwise) => texts[key] ?? otherwise ?? key;
const phrases = texts.said.map(([english, own]) => {
  const pattern = english.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("#", "(.+)");
  return [new RegExp(`^${pattern}$`), own];
});
const main = document.querySelector("main");

let last = 0;
const waiting = new Map();
// A card does not know the origin of its host; nobody but the frame around it gets the message.
const send = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");

function request(method, params) {
  last += 1;
  send({ id: last, method, params });
  return new Promise((resolve, reject) => waiting.set(last, { resolve, reject }));
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent || data?.jsonrpc !== "2.0") return;
  if (data.method === undefined) {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) asked?.reject(new Error(data.error.message));
    else asked?.resolve(data.result);
  } else if (data.id !== undefined) {
    const known = ["ping", "ui/resource-teardown"].includes(data.method);
    send({ id: data.id, ...(known ? { result: {} } : { error: { code: -32601, message: "Method not found" } }) });
  } else if (data.method === "ui/notifications/tool-result") show(data.params);
  else if (data.method === "ui/notifications/host-context-changed") dress(data.params);
});

function dress(context) {
  if (context?.theme) document.documentElement.dataset.theme = context.theme;
}

function put(where, tag, text, kind) {
  const made = where.appendChild(document.createElement(tag));
  if (text !== undefined && text !== null) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

/** What others wrote stays on its own side of the line, whichever way its letters run. */
function foreign(where, text, kind) {
  const made = put(where, "bdi", text, kind);
  made.dir = "ltr";
  return made;
}

function heading(title, name, isEmulator) {
  if (isEmulator) put(main, "p", say("change_emulator"), "emulator");
  const head = put(main, "h1", title);
  if (name) foreign(head, name, "name");
}

/** A section of rows, each a label with one value or several; rows without a value are left out. */
function rows(title, pairs) {
  const told = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  if (!told.length) return;
  const section = put(main, "section");
  if (title) put(section, "h2", title);
  const list = put(section, "dl");
  for (const [label, value] of told) {
    const row = put(list, "div");
    put(row, "dt", label);
    foreign(put(row, "dd"), value);
  }
}

function table(columns, lines) {
  if (!lines.length) return;
  const made = put(put(main, "section", undefined, "wide"), "table");
  const head = put(put(made, "thead"), "tr");
  for (const [label] of columns) put(head, "th", label);
  const body = put(made, "tbody");
  for (const line of lines) {
    const row = put(body, "tr");
    for (const [, read] of columns) foreign(put(row, "td"), read(line) ?? "-");
  }
}

function opener(where, label, url) {
  const button = put(where, "button", label, "link");
  button.type = "button";
  const told = put(where, "p", undefined, "hint");
  button.addEventListener("click", async () => {
    const answer = await request("ui/open-link", { url }).catch(() => ({ isError: true }));
    if (answer?.isError) told.textContent = `${say("card_link_failed")} ${url}`;
  });
}

function phrase(text) {
  for (const [pattern, own] of phrases) {
    const found = pattern.exec(text)?.slice(1);
    if (found) return own.replaceAll("#", () => found.shift());
  }
  return text;
}

/** What a tool says in English, in the language of the card as far as it has the phrases. */
const spoken = (text) => text?.split(/(, |; | \(|\))/).map(phrase).join("");

const money = (amount, currency) => (amount === undefined ? undefined : `${amount} ${currency ?? ""}`.trim());
const sums = (amounts) => Object.entries(amounts ?? {}).map(([currency, amount]) => money(amount, currency)).join(", ");

/** Draws a result; one without a structure is shown in its own words. */
function show(result) {
  main.replaceChildren();
  const data = result.structuredContent ?? result._meta?.["pai-dsw-mcp/card"];
  if (data && !result.isError) draw(data, result);
  else {
    if (result.isError) heading(say("card_failed"));
    for (const each of result.content ?? []) if (each.type === "text") put(main, "p", each.text, "words");
  }
}

request("ui/initialize", {
  protocolVersion: "2026-01-26",
  appInfo: { name: "pai-dsw-mcp", version: "1" },
  appCapabilities: { availableDisplayModes: ["inline"] },
}).then((started) => {
  dress(started?.hostContext);
  send({ method: "ui/notifications/initialized" });
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    send({ method: "ui/notifications/size-changed", params: { height } });
  }).observe(document.documentElement);
});
