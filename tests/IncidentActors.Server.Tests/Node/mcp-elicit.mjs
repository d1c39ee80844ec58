// An approval is put to the person at the client, where the client can ask. Arguments: http|stdio, address, folder of the tests, approval.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const [kind, address, folder, approvalId] = process.argv.slice(2);

async function decide(person) {
  const transport = kind === "http"
    ? new StreamableHTTPClientTransport(new URL("/mcp", address), { requestInit: { headers: { "X-Agent": "@pm" } } })
    : new StdioClientTransport({ command: "dotnet", args: [`${folder}/incident.dll`, "mcp", "--server", address, "--agent", "@pm"] });
  const client = new Client({ name: "tests", version: "1" }, { capabilities: person ? { elicitation: {} } : {} });
  let asked = null;
  if (person) {
    client.setRequestHandler(ElicitRequestSchema, async request => {
      asked = request.params;
      return person;
    });
  }
  await client.connect(transport);
  await client.listTools();
  const result = await client.callTool({ name: "approval_decide", arguments: { approvalId } });
  await client.close();
  return { asked, text: result.content.at(-1).text, answer: result.structuredContent ?? null };
}

console.log(JSON.stringify({
  cannotAsk: await decide(null),
  declined: await decide({ action: "decline" }),
  chosen: await decide({ action: "accept", content: { option: "deploy", note: "looked at it" } }),
}));
