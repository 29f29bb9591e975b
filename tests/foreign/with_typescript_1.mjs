// TypeScript SDK 1.x: with forms, and with the page.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

import { server, visit } from "./person.mjs";

for (const capabilities of [{ elicitation: {} }, {}]) {
  const client = new Client({ name: "typescript-1", version: "1" }, { capabilities });
  let asked = 0;
  if (capabilities.elicitation) {
    client.setRequestHandler(ElicitRequestSchema, async () => {
      asked += 1;
      return { action: "accept", content: { decision: "approve" } };
    });
  }
  await client.connect(new StdioClientTransport(server));
  console.log(await visit(client, () => asked));
  await client.close();
}
