// Works seed 000 word for word, a hotfix, and every other tool, with the official client. Its answers are validated against the
// tools' output schemas by the client itself. Arguments: http|stdio, address, folder of the tests, tool set.
import { readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [kind, address, folder] = process.argv.slice(2);
const clients = new Map();
const called = new Set();

async function as(handle) {
  if (clients.has(handle)) return clients.get(handle);
  const transport = kind === "http"
    ? new StreamableHTTPClientTransport(new URL("/mcp?tools=all", address), { requestInit: { headers: { "X-Agent": handle } } })
    : new StdioClientTransport({ command: "dotnet", args: [`${folder}/incident.dll`, "mcp", "--server", address, "--agent", handle, "--tools", "all"] });
  const client = new Client({ name: "tests", version: "1" });
  await client.connect(transport);
  await client.listTools(); // from here on the client checks structured content against the output schemas
  clients.set(handle, client);
  return client;
}

async function call(handle, name, args) {
  const result = await (await as(handle)).callTool({ name, arguments: args });
  if (result.isError) throw new Error(`${name} by ${handle}: ${JSON.stringify(result.content)}`);
  if (!result.structuredContent || !result.content[0].text) throw new Error(`${name} answered without content`);
  called.add(name);
  return result.structuredContent;
}

// A dry run may need no approval, or have run already: then the rule says so, which is an answer too.
function refusedByRule(name, error) {
  if (!/Refused by /.test(error.message)) throw error;
  called.add(name);
}

const calls = JSON.parse(readFileSync(`${folder}/Http/Seeds/seed-000.json`, "utf8"));
let sent;
for (const [i, { by, tool, arguments: args }] of calls.entries()) {
  if (args.messageId) args.messageId = sent;
  const answer = await call(by, tool, args);
  if (tool === "message_send") sent = answer.messageId;
  if (i !== 5) continue;
  const [open] = (await call("@pm", "approval_list", { state: "open" })).items;
  await call("@pm", "approval_decide", { approvalId: open.id, decision: "approve" });
  await call("@sre", "atp_change_status", { atpId: "AT-EMRG-01", status: "Deployed" });
}

const atp = await call("@operator", "atp_get", { atpId: "AT-EMRG-01" });
await call("@operator", "inbox", {});
const halt = atp.haltId ?? (await call("@operator", "halt_status", { state: "active" })).items[0].id;
await call("@qa", "inbox", { agent: "@qa" });
await call("@qa", "halt_ack", { haltId: halt });
await call("@operator", "halt_lift", { haltId: halt });
const raised = await call("@operator", "halt_raise", { scope: "agent:@qa", reason: "a drill" });
const refused = await (await as("@qa")).callTool({ name: "atp_create", arguments: { title: "Work on" } });
if (!refused.isError || !refused.content.some(part => part.text.includes(raised.id))) throw new Error("a covered agent was not told of the halt");
const seen = await (await as("@qa")).callTool({ name: "atp_list", arguments: {} });
if (seen.isError || !seen.content.some(part => part.text.startsWith(`HALT ${raised.id}`))) throw new Error("a read did not tell of the halt");
called.add("atp_list");
await call("@operator", "halt_lift", { haltId: raised.id });
await call("@operator", "halt_status", {});

await call("@pm", "inbox", {}); // closing has ended the turn; this begins the next one
const incident = await call("@pm", "incident_declare", { title: "Search is slow", severity: "SEV-3", idempotencyKey: "declare-1" });
const again = await call("@pm", "incident_declare", { title: "Search is slow", severity: "SEV-3", idempotencyKey: "declare-1" });
if (again.id !== incident.id) throw new Error("the same key gave another incident");
await call("@pm", "incident_get", { incidentId: incident.id });
await call("@pm", "incident_update", { incidentId: incident.id, command: "note", text: "looked at it" });
const runbooks = (await call("@sre", "runbook_list", {})).items;
const runbook = runbooks.find(one => one.id === "code-rollback") ?? runbooks[0];
const values = Object.fromEntries((runbook.parameters ?? []).map(parameter => [parameter.name ?? parameter.id ?? parameter, "abc1234"]));
const proposed = await call("@pm", "runbook_propose", { incidentId: incident.id, runbook: runbook.id, values });
const run = proposed.runs.at(-1).id;
await call("@operator", "runbook_decide", { incidentId: incident.id, runId: run, decision: "approve" }).catch(error => refusedByRule("runbook_decide", error));
await call("@operator", "runbook_run", { incidentId: incident.id, runId: run }).catch(error => refusedByRule("runbook_run", error));
await call("@ops", "inbox", {});
const work = await call("@ops", "atp_create", { title: "Tidy up", owner: "@ops" });
await call("@ops", "artifact_create", { atpId: work.id, artifactType: "TestReport", title: "t", content: "c", persist: "store" });
await call("@ops", "knowledge_search", { query: "slow search" });

await call("@pm", "atp_set", { atpId: "AT-HF-1", status: "InProgress", agent: "@pm", notes: "HOTFIX: Production incident" });
const directive = await call("@pm", "message_send", { atpId: "AT-HF-1", fromAgent: "@pm", toAgent: "@dev", messageType: "Directive", priority: "P0-Critical", subject: "s", body: "b", requiresAck: true }).catch(() => null);
await call("@dev", "inbox", {});
if (directive) await call("@dev", "message_ack", { messageId: directive.messageId, agent: "@dev" });
await call("@dev", "handoff", { atpId: "AT-HF-1", fromAgent: "@dev", toAgent: "@pm", completedWork: "- fixed", pendingWork: "- close", evidence: "- tests pass" });
await call("@pm", "inbox", {});
await call("@pm", "artifact_create", { atpId: "AT-HF-1", artifactType: "PMVerificationReport", title: "r", content: "verified", persist: "store" });
await call("@pm", "atp_close", { atpId: "AT-HF-1" });

await call("@sre", "runbook_list", {});
for (const name of ["knowledge_import", "runbook_propose", "runbook_decide", "runbook_run"]) {
  const answer = await (await as("@sre")).callTool({ name, arguments: {} });
  if (!answer.isError || !answer.content[0].text) throw new Error(`${name} without its arguments was not refused`);
  called.add(name);
}

const pm = await as("@pm");
const tools = (await pm.listTools()).tools.map(tool => tool.name);
const prompts = (await pm.listPrompts()).prompts.map(prompt => prompt.name);
const prompt = await pm.getPrompt({ name: "work-as-dev" });
const flow = await pm.readResource({ uri: "incidentactors://flows/emergency" });
const report = await pm.readResource({ uri: `incidentactors://incidents/${atp.incidentId}/report` });
for (const client of clients.values()) await client.close();
console.log(JSON.stringify({
  missing: tools.filter(name => !called.has(name)),
  history: atp.history.map(row => `${row.row} ${row.from} ${row.to} ${row.by} ${row.tool}`),
  prompts,
  prompt: prompt.messages[0].content.text,
  flow: flow.contents[0].text,
  report: report.contents[0].text,
}));
