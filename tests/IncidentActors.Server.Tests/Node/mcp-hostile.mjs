// The official client, and plain requests where it would not do such a thing, against what the protocol demands of a server.
// Arguments: address, folder of the tests. Prints what was checked.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { EmptyResultSchema } from "@modelcontextprotocol/sdk/types.js";

const [address, folder] = process.argv.slice(2);
const url = new URL("/mcp?tools=all", address);
const checked = [];
const check = async (name, what) => {
  try { await what(); } catch (error) { throw new Error(`${name}: ${error.stack}`); }
  checked.push(name);
};

const json = { accept: "application/json, text/event-stream", "content-type": "application/json" };
const post = (body, headers = {}) => fetch(url, { method: "POST", headers: { ...json, "x-agent": "@dev", ...headers }, body: typeof body === "string" ? body : JSON.stringify(body) });
const messages = async answer => {
  const text = await answer.text();
  return answer.headers.get("content-type")?.startsWith("text/event-stream")
    ? text.split("\n").filter(line => line.startsWith("data: {")).map(line => JSON.parse(line.slice(6)))
    : text ? [JSON.parse(text)] : [];
};
const hello = (protocolVersion = "2025-11-25", id = 1) => ({ jsonrpc: "2.0", id, method: "initialize", params: { protocolVersion, capabilities: {}, clientInfo: { name: "hostile", version: "1" } } });
const open = async (protocolVersion, headers) => {
  const answer = await post(hello(protocolVersion), headers);
  const [{ result }] = await messages(answer);
  return { session: { "mcp-session-id": answer.headers.get("mcp-session-id"), ...headers }, result };
};
const code = async (answer, status, expected) => {
  const [message] = await messages(await answer);
  assert.equal((await answer).status, status);
  assert.equal(message.error.code, expected, JSON.stringify(message));
  return message;
};
const failing = async (promise, expected) => assert.rejects(promise, error => error.code === expected || assert.fail(`${error.code} ${error.message}`));

const client = new Client({ name: "hostile", version: "1" });
await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { "X-Agent": "@dev" } } }));
const raw = (method, params) => client.request({ method, params }, EmptyResultSchema);

await check("an unknown tool is a protocol error", () => failing(client.callTool({ name: "no_such_tool", arguments: {} }), -32602));
await check("an unknown method is one", () => failing(raw("no/such"), -32601));
for (const [method, params] of [
  ["tools/call", { name: 7 }], ["tools/call", { name: "inbox", arguments: [1] }], ["tools/call", undefined], ["tools/call", { arguments: {} }],
  ["prompts/get", { name: {} }], ["prompts/get", { name: "work-as-nobody" }], ["resources/read", { uri: 7 }], ["resources/read", {}],
  ["tools/list", { cursor: "foo" }], ["prompts/list", { cursor: "foo" }], ["resources/list", { cursor: "foo" }], ["resources/templates/list", { cursor: "foo" }],
  ["completion/complete", { ref: { type: "ref/nothing" }, argument: { name: "id", value: "" } }],
  ["completion/complete", { ref: { type: "ref/resource", uri: "incidentactors://nothing/{id}" }, argument: { name: "id", value: "" } }],
  ["resources/subscribe", { uri: "incidentactors://agents/@pm/inbox" }],
]) await check(`${method} with ${JSON.stringify(params)} is the sender's mistake`, () => failing(raw(method, params), -32602));
await check("an unknown resource says so", () => failing(raw("resources/read", { uri: "incidentactors://incidents/INC-0/reports/resolution" }), -32002));
for (const args of [{ title: 7 }, { title: "x", notse: 1 }, {}, { title: "x".repeat(5000) }]) {
  await check(`arguments ${JSON.stringify(args).slice(0, 40)} are told to the model`, async () => {
    const result = await client.callTool({ name: "atp_create", arguments: args });
    assert.equal(result.isError, true);
    assert.match(result.content[0].text, /argument/i);
  });
}
await check("an argument that nothing is like is kept as a note with a warning", async () => {
  const result = await client.callTool({ name: "atp_create", arguments: { title: "x", nonsense: 1, task_progress: "- [ ] x", toolCallId: "1", notes: "", priority: null } });
  assert.ok(!result.isError, JSON.stringify(result));
  assert.match(result.content[0].text, /^\[IncidentActors [0-9A-F]{8}\]\nThe argument 'nonsense' is not known; it is kept as a note/);
  assert.deepEqual(result._meta["incidentactors/warnings"], ["The argument 'nonsense' is not known; it is kept as a note."]);
});

await check("huge arguments are refused, and the session goes on", async () => {
  await assert.rejects(client.callTool({ name: "atp_create", arguments: { title: "x", notes: "y".repeat(3 << 20) } }), /KiB/);
  assert.deepEqual(await client.ping(), {});
});
await check("a call that is cancelled stays unanswered, and the next one is answered", async () => {
  const stop = new AbortController();
  const late = [];
  client.onerror = error => late.push(error);
  const call = client.callTool({ name: "inbox", arguments: { wait: 20 } }, undefined, { signal: stop.signal });
  stop.abort("enough");
  await assert.rejects(call);
  assert.deepEqual(await client.ping(), {});
  assert.deepEqual(late.filter(error => /unknown message/i.test(error.message)), []);
});
await check("a progress token is no trouble", async () => {
  const result = await client.callTool({ name: "inbox", arguments: {} }, undefined, { onprogress: () => {} });
  assert.ok(!result.isError);
});

const { id: incident } = (await client.callTool({ name: "incident_declare", arguments: { title: "Payments are slow", severity: "SEV-3" } })).structuredContent;
await check("templates are completed", async () => {
  const uri = "incidentactors://incidents/{id}/reports/{form}";
  const complete = async (name, value, of = uri) => (await client.complete({ ref: { type: "ref/resource", uri: of }, argument: { name, value } })).completion.values;
  const { resourceTemplates } = await client.listResourceTemplates();
  assert.ok(resourceTemplates.some(({ uriTemplate }) => uriTemplate === uri));
  const forms = await complete("form", "");
  assert.deepEqual(forms, ["incident", "resolution", "chatroom", "handoff", "knowledge", "postmortem"]);
  assert.deepEqual(await complete("form", "ch"), ["chatroom"]);
  assert.deepEqual(await complete("id", "payments"), [incident]);
  assert.deepEqual(await complete("id", incident.slice(0, 8)), [incident]);
  assert.deepEqual(await complete("name", "emergency", "incidentactors://flows/{name}"), ["emergency", "emergency-hotfix"]);
  assert.deepEqual((await client.complete({ ref: { type: "ref/prompt", name: "work-as-sre" }, argument: { name: "flow", value: "emergency" } })).completion.values, ["emergency"]);
  for (const form of forms) {
    const [{ text, mimeType }] = (await client.readResource({ uri: `incidentactors://incidents/${incident}/reports/${form}` })).contents;
    assert.equal(mimeType, "text/markdown");
    assert.ok(text.length > 20, `${form}: ${text}`);
  }
});

for (const version of ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
  await check(`revision ${version} is spoken`, async () => assert.equal((await open(version)).result.protocolVersion, version));
await check("instead of an old revision the newest with a handshake is offered", async () => assert.equal((await open("1999-01-01")).result.protocolVersion, "2025-11-25"));
await check("a revision without a handshake has none", async () => {
  const [{ error }] = await messages(await post(hello("2026-07-28")));
  assert.equal(error.code, -32022);
  assert.ok(error.data.supported.includes("2025-11-25"));
});
const { session } = await open();
const ping = (id = 2) => ({ jsonrpc: "2.0", id, method: "ping" });
await check("an unknown revision in the header is refused", () => code(post(ping(), { ...session, "mcp-protocol-version": "1999-01-01" }), 400, -32022));
await check("no session is a bad request", async () => {
  await code(post(ping()), 400, -32000);
  await code(fetch(url, { headers: { accept: "text/event-stream", "x-agent": "@dev" } }), 400, -32000);
});
await check("another caller's session is not to be had", () => code(post(ping(), { ...session, "x-agent": "@pm" }), 403, -32000));
await check("the stream of a cancelled call ends, and a call whose session ends is told so", async () => {
  const none = { "x-agent": "@luna" };
  const wait = { jsonrpc: "2.0", id: "a", method: "tools/call", params: { name: "inbox", arguments: { wait: 25 } } };
  const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "a" } };
  // Either may overtake the call that it is about.
  const { session: own } = await open("2025-11-25", none);
  const text = post(wait, own).then(answer => answer.text());
  while (await Promise.race([text.then(() => false), post(cancel, own).then(answer => assert.equal(answer.status, 202) ?? true)]));
  assert.equal(await text, "");
  for (let status = 404; status === 404;) {
    const { session: other } = await open("2025-11-25", none);
    const answer = post(wait, other);
    assert.equal((await fetch(url, { method: "DELETE", headers: other })).status, 200);
    if ((status = (await answer).status) === 404) continue;
    const [{ id, error }] = await messages(await answer);
    assert.deepEqual([id, error.code], ["a", -32001]);
  }
});
await check("what is no JSON is a parse error", () => code(post("{bad", session), 400, -32700));
await check("what is no message is an invalid request", () => code(post({ id: 1, method: "ping" }, session), 400, -32600));
await check("a page of elsewhere is refused", async () => assert.equal((await post(ping(), { ...session, origin: "https://evil.example" })).status, 403));
await check("a notification is accepted without a body", async () => {
  const answer = await post({ jsonrpc: "2.0", method: "notifications/initialized" }, session);
  assert.deepEqual([answer.status, await answer.text()], [202, ""]);
});
await check("a batch is refused with what to do instead", async () => {
  const batch = [ping(1), ping(3)];
  await code(post(batch, { ...session, "mcp-protocol-version": "2025-11-25" }), 400, -32600);
  await code(post([], session), 400, -32600);
});

await check("a stream that is lost comes again with what came meanwhile", async () => {
  const listen = async (last, until) => {
    const stop = new AbortController();
    const answer = await fetch(url, { headers: { accept: "text/event-stream", "x-agent": "@dev", ...session, ...(last ? { "last-event-id": last } : {}) }, signal: stop.signal });
    assert.equal(answer.status, 200);
    // The first event has an id and no data: from there on nothing is lost.
    let text = "";
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) if ((text += part).includes(until)) break;
    stop.abort();
    return { id: /^id: ?(.*)$/m.exec(text)[1], data: text.includes("data: {") ? JSON.parse(/^data: (\{.*)$/m.exec(text)[1]) : null };
  };
  await messages(await post({ jsonrpc: "2.0", id: 9, method: "resources/subscribe", params: { uri: "incidentactors://agents/@dev/inbox" } }, session));
  const { id: begun } = await listen(undefined, "\n\n");
  const atp = (await client.callTool({ name: "atp_create", arguments: { title: "Look at it", owner: "@dev" } })).structuredContent.id;
  const pm = { "x-agent": "@pm" };
  const { session: other } = await open("2025-11-25", pm);
  await messages(await post({ jsonrpc: "2.0", id: 10, method: "tools/call", params: { name: "message_send", arguments: { atpId: atp, fromAgent: "@pm", toAgent: "@dev", messageType: "Directive", subject: "s", body: "b" } } }, { ...other, ...pm }));
  const missed = await listen(begun, "resources/updated");
  assert.equal(missed.data.method, "notifications/resources/updated");
  assert.equal(missed.data.params.uri, "incidentactors://agents/@dev/inbox");
});

await check("a session that was deleted is gone, and another of the same caller is not", async () => {
  const { session: other } = await open();
  assert.notEqual(other["mcp-session-id"], session["mcp-session-id"]);
  const gone = await fetch(url, { method: "DELETE", headers: { "x-agent": "@dev", ...session } });
  assert.equal(gone.status, 200);
  await code(post(ping(), session), 404, -32001);
  assert.deepEqual((await messages(await post(ping(), other)))[0].result, {});
});
await client.close();

await check("over stdio a mistake is answered at once", async () => {
  const bridge = spawn("dotnet", [`${folder}/incident.dll`, "mcp", "--server", address, "--agent", "@dev"], { stdio: ["pipe", "pipe", "pipe"] });
  let told = "";
  bridge.stderr.setEncoding("utf8").on("data", text => told += text);
  const closed = new Promise(resolve => bridge.on("close", resolve));
  const lines = createInterface({ input: bridge.stdout })[Symbol.asyncIterator]();
  const say = async line => { bridge.stdin.write((typeof line === "string" ? line : JSON.stringify(line)) + "\n"); return JSON.parse((await lines.next()).value); };
  assert.equal((await say("{bad")).error.code, -32700);
  for (const line of ["[]", '"text"', "17", "{}", JSON.stringify([ping(1)])]) assert.equal((await say(line)).error.code, -32600, line);
  assert.equal((await say(hello())).result.protocolVersion, "2025-11-25");
  const huge = await say({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "atp_create", arguments: { title: "x", notes: "y".repeat(3 << 20) } } });
  assert.match(huge.error.message, /KiB/);
  assert.equal((await say({ jsonrpc: "2.0", id: 3, method: "tools/call", params: { name: 7 } })).error.code, -32602);
  assert.deepEqual((await say(ping(4))).result, {});
  bridge.stdin.end();
  await closed;
  assert.doesNotMatch(told, /Trying again/, "it was sent again and again");
});
console.log(JSON.stringify(checked));
