// Seed 000 word for word, a hotfix, and every other tool, through whatever calls tools. What a client offers:
//   call(handle, tool, arguments) → the tool's result; tools(handle) → what is listed.
// Every answer is checked against the output schema that the list gives for its tool.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

const ajv = new Ajv({ strict: false });

export async function work(client, folder) {
  const tools = await client.tools("@pm");
  const schemas = new Map(tools.map(tool => [tool.name, ajv.compile(tool.outputSchema)]));
  const called = new Set();

  async function call(handle, name, args) {
    const result = await client.call(handle, name, args);
    if (result.isError) throw new Error(`${name} by ${handle}: ${JSON.stringify(result.content)}`);
    if (!result.structuredContent || !result.content[0].text) throw new Error(`${name} answered without content`);
    const valid = schemas.get(name);
    if (!valid(result.structuredContent)) throw new Error(`${name}: ${ajv.errorsText(valid.errors)}`);
    called.add(name);
    return result.structuredContent;
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
  const history = atp.history.map(row => `${row.row} ${row.from} ${row.to} ${row.by} ${row.tool}`);

  // The incident's own halt has ended with it.
  await call("@operator", "halt_status", { state: "active" });
  const halt = await call("@operator", "halt_raise", { scope: "all", reason: "a drill" });
  await call("@qa", "inbox", {});
  await call("@qa", "halt_ack", { haltId: halt.id });
  await call("@operator", "halt_lift", { haltId: halt.id });
  const raised = await call("@operator", "halt_raise", { scope: "agent:@qa", reason: "a drill" });
  const refused = await client.call("@qa", "atp_create", { title: "Work on" });
  if (!refused.isError || !refused.content.at(-1).text.startsWith("Refused by halt.covers")) throw new Error("a covered agent worked on");
  for (const [name, args] of [["atp_list", {}], ["atp_create", { title: "Work on" }], ["atp_get", { atpId: "AT-NONE" }], ["atp_create", { title: 7 }]]) {
    const told = await client.call("@qa", name, args);
    if (!told.content[0].text.includes(`\nHALT ${raised.id} `)) throw new Error(`${name} with ${JSON.stringify(args)} did not tell of the halt`);
  }
  await call("@operator", "halt_lift", { haltId: raised.id });
  await call("@operator", "atp_list", {});
  await call("@operator", "halt_rehearse", {});

  const permit = await call("@sre", "permit_request", { action: "read", target: "shop", environment: "staging", seconds: 60 });
  await call("@sre", "permit_renew", { permitId: permit.id });
  await call("@sre", "permit_end", { permitId: permit.id, outcome: "done" });

  await call("@pm", "inbox", {}); // closing has ended the turn; this begins the next one
  const incident = await call("@pm", "incident_declare", { title: "Search is slow", severity: "SEV-3", idempotencyKey: "declare-1" });
  const again = await call("@pm", "incident_declare", { title: "Search is slow", severity: "SEV-3", idempotencyKey: "declare-1" });
  if (again.id !== incident.id) throw new Error("the same key gave another incident");
  await call("@pm", "incident_get", { incidentId: incident.id });
  await call("@pm", "incident_next", { id: incident.id });
  await call("@pm", "incident_update", { incidentId: incident.id, command: "note", text: "looked at it" });

  const work = { atpId: incident.atps[0], title: "Slow index", description: "seen in the log" };
  for (const tool of ["issue_log", "decision", "atp_verify"]) await call("@pm", tool, work);
  await call("@dev", "bug_create", work);
  await call("@dev", "escalate", work);
  await call("@dev", "uow_get", { uowId: work.atpId });

  const book = (await call("@sre", "runbook_list", {})).items.find(one => one.id === "deployment-rollback");
  const values = Object.fromEntries(book.parameters.map(parameter => [parameter, "shop"]));
  const propose = dryRun => call("@pm", "runbook_propose", { incidentId: incident.id, runbook: book.id, values, dryRun });
  const dry = (await propose(true)).runs.at(-1).id;
  await call("@pm", "runbook_run", { incidentId: incident.id, runId: dry });
  const real = (await propose(false)).runs.at(-1).id;
  await call("@operator", "runbook_decide", { incidentId: incident.id, runId: real, decision: "reject" });

  await call("@ops", "inbox", {});
  const tidy = await call("@ops", "atp_create", { title: "Tidy up", owner: "@ops" });
  await call("@ops", "artifact_create", { atpId: tidy.id, artifactType: "TestReport", title: "t", content: "c", persist: "store" });
  await call("@ops", "knowledge_import", { name: "slow.md", text: "---\ntitle: Slow search\ntags: [search]\n---\nRestart the index.\n" });
  await call("@ops", "knowledge_search", { query: "slow search" });

  await call("@pm", "atp_set", { atpId: "AT-HF-1", status: "InProgress", agent: "@pm", notes: "HOTFIX: Production incident" });
  const directive = { atpId: "AT-HF-1", fromAgent: "@pm", toAgent: "@dev", messageType: "Directive", priority: "P0-Critical", subject: "s", body: "b", requiresAck: true };
  const { messageId } = await call("@pm", "message_send", directive);
  await call("@dev", "inbox", {});
  await call("@dev", "message_ack", { messageId, agent: "@dev" });
  await call("@dev", "handoff", { atpId: "AT-HF-1", fromAgent: "@dev", toAgent: "@pm", completedWork: "- fixed", pendingWork: "- close", evidence: "- tests pass" });
  await call("@pm", "inbox", {});
  await call("@pm", "artifact_create", { atpId: "AT-HF-1", artifactType: "PMVerificationReport", title: "r", content: "verified", persist: "store" });
  await call("@pm", "atp_close", { atpId: "AT-HF-1" });
  return { history, incident: atp.incidentId, missing: tools.map(tool => tool.name).filter(name => !called.has(name)) };
}
