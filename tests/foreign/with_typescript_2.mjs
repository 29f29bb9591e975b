// TypeScript SDK 2.x: with forms in either protocol era, and with the page.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { server, visit } from "./person.mjs";

const cases = [
  [{ elicitation: {} }, "legacy"],
  [{ elicitation: {} }, "auto"],
  [{}, "auto"],
];
for (const [capabilities, mode] of cases) {
  const client = new Client({ name: "typescript-2", version: "1" }, { capabilities, versionNegotiation: { mode } });
  let asked = 0;
  if (capabilities.elicitation) {
    client.setRequestHandler("elicitation/create", async () => {
      asked += 1;
      return { action: "accept", content: { decision: "approve" } };
    });
  }
  await client.connect(new StdioClientTransport(server));
  console.log(`${await visit(client, () => asked)} (${mode})`);
  await client.close();
}
