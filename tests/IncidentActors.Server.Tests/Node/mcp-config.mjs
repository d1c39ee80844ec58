// Connects as a client's configuration says, and tells what it found. Arguments: the configuration as JSON, path of incident.dll.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

const configuration = JSON.parse(process.argv[2]);
const { incidentactors: server } = configuration.mcpServers ?? configuration.servers;
const transport = server.url
  ? new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers: server.headers } })
  : new StdioClientTransport({ command: "dotnet", args: [process.argv[3], ...server.args] });
const client = new Client({ name: "tests", version: "1" });
await client.connect(transport);
const { tools } = await client.listTools();
const inbox = await client.callTool({ name: "inbox", arguments: {} });

// The inbox tells its subscribers when something comes.
const told = new Promise(resolve => client.setNotificationHandler(ResourceUpdatedNotificationSchema, resolve));
await client.subscribeResource({ uri: "incidentactors://agents/@dev/inbox" });
const work = await client.callTool({ name: "atp_create", arguments: { title: "Ask" } });
await client.callTool({ name: "message_send", arguments: { atpId: work.structuredContent.id, toAgent: "@pm", messageType: "Directive", subject: "s", body: "b" } });
const pm = new Client({ name: "tests", version: "1" });
const url = server.url ?? new URL("/mcp", server.args[server.args.indexOf("--server") + 1]);
await pm.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { "X-Agent": "@pm" } } }));
await pm.callTool({ name: "message_send", arguments: { atpId: work.structuredContent.id, toAgent: "@dev", messageType: "Directive", subject: "wake up", body: "b" } });
const { params } = await told;
if (params.uri !== "incidentactors://agents/@dev/inbox") throw new Error(`told of ${params.uri}`);
await client.close();
await pm.close();
console.log(`${tools.length} tools, ${inbox.structuredContent.agent}`);
