// The official client works everything, and reads prompts and resources. Arguments: http|stdio, address, folder of the tests.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { work } from "./everything.mjs";

const [kind, address, folder] = process.argv.slice(2);
const clients = new Map();

async function as(handle) {
  if (clients.has(handle)) return clients.get(handle);
  const transport = kind === "http"
    ? new StreamableHTTPClientTransport(new URL("/mcp?tools=all", address), { requestInit: { headers: { "X-Agent": handle } } })
    : new StdioClientTransport({ command: "dotnet", args: [`${folder}/incident.dll`, "mcp", "--server", address, "--agent", handle, "--tools", "all"] });
  const client = new Client({ name: "tests", version: "1" });
  await client.connect(transport);
  await client.listTools(); // from here on the client itself checks structured content against the output schemas
  clients.set(handle, client);
  return client;
}

const said = await work({
  call: async (handle, name, args) => (await as(handle)).callTool({ name, arguments: args }),
  tools: async handle => (await (await as(handle)).listTools()).tools,
}, folder);
const pm = await as("@pm");
const { prompts } = await pm.listPrompts();
const texts = await Promise.all(prompts.map(async ({ name }) => [name, (await pm.getPrompt({ name })).messages[0].content.text]));
const read = async uri => (await pm.readResource({ uri })).contents[0].text;
console.log(JSON.stringify({
  ...said,
  prompts: Object.fromEntries(texts),
  flow: await read("incidentactors://flows/emergency"),
  incidentRead: JSON.parse(await read(`incidentactors://incidents/${said.incident}`)).id,
  report: await read(`incidentactors://incidents/${said.incident}/report`),
}));
for (const client of clients.values()) await client.close();
