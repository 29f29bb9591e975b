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
  const kept = new Map();
  if (card.is_batch && card.secret) put(main, "h2", say("page_keep"));
  for (const each of card.then ?? []) {
    const section = put(main, "section", undefined, "then");
    const title = put(section, card.is_batch ? "label" : "h2");
    if (card.is_batch && card.secret) {
      const box = put(title, "input");
      box.type = "checkbox";
      box.checked = true;
      kept.set(each.id, box);
    }
    foreign(title, `${each.title} ${each.name}`);
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
  if (card.secret) answerable(end, card, kept);
  if (card.url) opener(end, say("card_open_page"), card.url);
  put(end, "p", `${say("page_nothing_yet")} ${card.until} · ${say("change_reference")} ${card.reference}`, "hint");
}

function field(where, tag, label) {
  const made = put(put(where, "label", label), tag);
  made.autocomplete = "off";
  made.spellcheck = false;
  return made;
}

/** Approve and Reject. Buttons and no form: hosts need not allow forms. */
function answerable(where, card, kept) {
  let secret = card.secret;
  const problem = put(where, "p", undefined, "problem");
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  const name = card.wanted_name ? field(where, "input", card.wanted_name) : undefined;
  const words = field(where, "textarea", say("page_feedback"));
  const buttons = ["approve", "reject"].map((decision) => {
    const button = put(where, "button", say(`page_${decision}`), decision);
    button.type = "button";
    button.addEventListener("click", () => answer(decision));
    return button;
  });

  async function answer(decision) {
    for (const each of buttons) each.disabled = true;
    const left_out = [...kept].filter(([, box]) => !box.checked).map(([id]) => id);
    const given = { reference: card.reference, secret, decision, instance_name: name?.value ?? "" };
    const rest = { leave_out: left_out.join(","), feedback: words.value };
    const params = { name: "answer_card", arguments: { ...given, ...rest } };
    const failed = (error) => ({ isError: true, content: [{ type: "text", text: error.message }] });
    const told = await request("tools/call", params).catch(failed);
    const again = told._meta?.["pai-dsw-mcp/card"];
    if (!again) return ended(card, decision, told);
    secret = again.secret;
    problem.textContent = again.problem;
    problem.hidden = false;
    for (const each of buttons) each.disabled = false;
  }
}

/** What was answered. The assistant hears of it from the person's side of the chat, where the host allows that. */
function ended(card, decision, told) {
  show(told);
  if (told.isError) return;
  const answer = decision === "approve" ? "approved" : "rejected";
  put(main, "p", say(`page_now_${answer}_text`), "hint");
  const text = `${say(`card_tell_${answer}`)} (${card.reference})`;
  request("ui/message", { role: "user", content: [{ type: "text", text }] }).catch(() => undefined);
}
