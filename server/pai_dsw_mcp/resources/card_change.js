function draw(data, result) {
  const card = result._meta?.["pai-dsw-mcp/card"];
  if (card) question(card);
  else outcome(data);
}

/** What became of it. */
function outcome(data) {
  const change = data.change;
  const name = change?.instance_name ?? change?.workspace_name ?? change?.member_name;
  heading(change ? say(`action_${change.action}`) : say("card_change"), name, data.cloud === "emulator");
  put(main, "p", say(`card_${data.status}`, data.status), `status ${data.status}`);
  rows(undefined, [
    [say("card_instance_id"), data.instance_id],
    [say("card_status"), data.instance_status && say(`card_status_${data.instance_status}`, data.instance_status)],
    [say("card_price_per_hour"), money(change?.price_per_hour, change?.currency)],
    [say("card_answered"), [data.answered_by, data.answered_at].filter(Boolean).join(", ")],
    [say("card_said"), data.feedback],
    [say("change_reference"), data.reference],
  ]);
  if (["partly_done", "unknown"].includes(data.status)) put(main, "p", data.message, "words");
}

function notes(where, list) {
  for (const each of list ?? []) put(where, "li", each);
}

function detailed(where, list) {
  const made = put(where, "dl");
  for (const each of list) {
    const row = put(made, "div");
    const label = put(row, "dt", each.label);
    if (each.name) put(label, "code", each.name);
    const value = put(row, "dd");
    for (const old of each.before ?? []) foreign(put(value, "s"), old);
    for (const one of each.values) {
      foreign(put(value, "p"), one.text);
      if (one.meaning) put(value, "p", one.meaning, "hint");
    }
    if (each.default) put(value, "p", say("change_default"), "hint");
  }
}

/** The change before anybody has answered: what the approval page shows. */
function question(card) {
  heading(card.title, card.name, card.emulator);
  detailed(put(main, "section"), card.places);
  if (card.price) put(main, "p", card.price, "price");
  if (card.notes) {
    const section = put(main, "section", undefined, "notes");
    put(section, "h2", say("page_notes"));
    notes(put(section, "ul"), card.notes);
  }
  for (const each of card.then ?? []) {
    const section = put(main, "section", undefined, "then");
    foreign(put(section, "h2", `${each.title} `), each.name);
    detailed(section, each.rows);
    notes(put(section, "ul"), each.notes);
  }
  for (const each of card.sections ?? []) {
    const section = put(main, "details");
    section.open = true;
    put(section, "summary", each.title);
    detailed(section, each.rows);
  }
  const end = put(main, "section", undefined, "answer");
  if (card.url) opener(end, say("card_open_page"), card.url);
  put(end, "p", `${say("page_nothing_yet")} ${card.until} · ${say("change_reference")} ${card.reference}`, "hint");
}
