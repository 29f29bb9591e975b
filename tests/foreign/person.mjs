// What the clients in TypeScript's SDKs share, as person.py is for those in Python: the notebook that they want, and
// the person who is asked.
import assert from "node:assert/strict";

export const server = {
  command: process.argv[2],
  args: ["-m", "pai_dsw_mcp", "--emulator", "--emulator-speed", "60"],
};
const region = { region_id: "cn-hangzhou" };
const notebook = {
  ...region,
  workspace_id: "40001",
  instance_name: "made_abroad",
  ecs_spec: "ecs.g6.large",
  image_id: "image-0362af0475de6dbc17",
};

/** Presses Approve on the page, as a browser without scripts does. */
async function approveOnPage(url) {
  const shown = await (await fetch(url)).text();
  const token = /name="token" value="([0-9a-f]{64})"/.exec(shown);
  assert.ok(token, shown);
  const body = new URLSearchParams({ token: token[1], decision: "approve" });
  const answer = await fetch(url, { method: "POST", headers: { Origin: new URL(url).origin }, body });
  assert.equal(answer.status, 200);
}

/** Lists, looks, and creates; `asked` says how often a form was shown. Returns what was done. */
export async function visit(client, asked) {
  const { tools } = await client.listTools();
  const names = new Set(tools.map((tool) => tool.name));
  for (const name of ["list_ecs_specs", "list_instances", "create_instance"]) assert.ok(names.has(name), name);
  const call = async (name, given) => {
    const answer = await client.callTool({ name, arguments: given });
    assert.ok(!answer.isError, JSON.stringify(answer));
    return answer.structuredContent;
  };
  assert.ok((await call("list_ecs_specs", { ...region, accelerator_type: "CPU" })).total > 0);
  let made = await call("create_instance", notebook);
  const onPage = made.status === "approval_needed";
  if (onPage) {
    await approveOnPage(made.approve_url);
    made = await call("create_instance", notebook);
  }
  assert.equal(made.status, "done", JSON.stringify(made));
  assert.equal(asked(), onPage ? 0 : 1);
  const found = await call("list_instances", { ...region, instance_name: notebook.instance_name });
  assert.equal(found.total, 1);
  return `${tools.length} tools, looked, created after ${onPage ? "the page" : "a form"}`;
}
