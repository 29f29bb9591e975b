// What a Node server with as many tools needs to start; the argument is their number.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "bare", version: "1" });
for (let number = 0; number < Number(process.argv[2]); number += 1) {
  const inputSchema = {
    region_id: z.string(),
    instance_id: z.string().regex(/^dsw-[a-z0-9]{4,64}$/).default("dsw-0000"),
    limit: z.number().int().min(1).max(100).default(20),
    detail: z.enum(["brief", "full"]).default("brief"),
  };
  server.registerTool(`tool_${number}`, { description: "Gives back what it was given.", inputSchema }, (given) => ({
    content: [{ type: "text", text: JSON.stringify(given) }],
  }));
}
await server.connect(new StdioServerTransport());
