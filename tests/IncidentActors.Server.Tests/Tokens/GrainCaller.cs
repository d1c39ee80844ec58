using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Client;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Runbooks;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tools;
using IncidentActors.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>By a client of grains: the commands that are the tools' own.</summary>
internal sealed class GrainCaller : ToolCaller
{
    private const string Entry = "KB-2026-11-21-001";
    private static readonly Outcome Read = new Accepted(default(JsonElement), 0);

    private GrainClient? client;
    private int made;

    public override async Task<string?> CallAsync(string? secret, string handle, Tool tool, JsonObject arguments)
    {
        client ??= await GrainClient.StartAsync(Gateway);
        if (Of(client.Actors, secret, tool.Name, arguments, handle) is not { } send) return null;
        if (secret is not null) CallToken.Show(secret);
        try
        {
            return await send(new Call { At = default, Seed = "", By = "" }) switch
            {
                Accepted => Yes,
                Rejected rejected => rejected.Rule,
                var other => throw new InvalidOperationException($"{tool.Name} {handle}: {other}"),
            };
        }
        catch (UnauthorizedAccessException refused)
        {
            return refused.Message.Split(':')[0];
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (client is not null) await client.DisposeAsync();
        await base.DisposeAsync();
    }

    private Func<Call, Task<Outcome>>? Of(ClusterActors actors, string? secret, string tool, JsonObject given, string handle)
    {
        return tool switch
        {
            "atp_create" => ToAtp(new CreateAtp(Text("title")), NewAtp()),
            "bug_create" => ToAtp(new CreateAtp(Text("title"), "bugfix", "bugfix", ParentAtpId: Text("atpId")), NewAtp()),
            "atp_set" => ToAtp(new SetAtp()),
            "atp_change_status" => ToAtp(new ChangeStatus(Text("status"))),
            "atp_close" => ToAtp(new CloseAtp()),
            "artifact_create" => ToAtp(new CreateArtifact(Text("artifactType"), Text("title"), Text("content"))),
            "issue_log" => ToAtp(new CreateArtifact("IssueLog", "Issue", Text("content"))),
            "decision" => ToAtp(new CreateArtifact("Decision", "Decision", Text("content"))),
            "atp_verify" => ToAtp(new CreateArtifact("PMVerificationReport", "PM Verification Report", Text("content"))),
            "escalate" => ToAtp(new SendMessage("@pm", MessageType.Escalation, null, "x", Text("content"))),
            "message_send" => ToAtp(new SendMessage(Text("toAgent"), MessageType.Decision, null, Text("subject"), Text("body"))),
            "message_ack" => MessageIds.TryParse(Text("messageId"), out var atp, out var number) ? ToAtp(new AcknowledgeMessage(number), atp) : null,
            "handoff" => ToAtp(new HandOff(Text("toAgent"), "", "", "")),
            "approval_decide" => async call =>
            {
                var approval = (await Server.GetAsync($"/api/approvals/{Text("approvalId")}", Server.Root)).IsOk().Json;
                return await actors.Atp(approval.Text("atpId")).DoAsync(new SettleApproval(Text("approvalId"), new DecideApproval(true)), call);
            },
            "atp_get" => Seen(() => actors.Atp(Text("atpId")).GetAsync()),
            "uow_get" => Seen(() => actors.Atp(Text("uowId")).GetAsync()),
            "incident_get" => Seen(() => actors.Incident(Text("incidentId")).GetAsync()),
            "halt_status" => Seen(() => actors.Halt(Text("haltId")).GetAsync()),
            "inbox" => async call =>
            {
                var refusal = (await actors.Agent(handle).FetchInboxAsync(call, 10)).Refusal;
                if (secret is not null) CallToken.Show(secret);

                // News of an inbox are for those who may read it: otherwise this throws the same refusal.
                await actors.InboxNews("key").WatchAsync(call);
                return refusal is null ? Read : throw new InvalidOperationException($"{handle} has news of an inbox that it may not read.");
            },
            "incident_declare" => call => actors.DeclareAsync(new DeclareIncident(Text("title"), Severity.Sev4), call),
            "incident_update" => ToIncident(new NoteIncident(Text("text"))),
            "runbook_propose" => ToIncident(new ProposeRun(Text("runbook"), ImmutableSortedDictionary<string, string>.Empty.Add("client", "shop"))),
            "runbook_decide" => ToIncident(new DecideRun(Text("runId"), false, null)),
            "halt_raise" => ToHalt(new RaiseHalt(Scope(), Text("reason")), $"HLT-{++made:D8}"),
            "halt_lift" => ToHalt(new LiftHalt(), Text("haltId")),
            "halt_ack" => call => actors.Agent(handle).DoAsync(new AcknowledgeHalt(Text("haltId")), call),
            "permit_request" => call => actors.Permit($"PRM-{++made:D8}").DoAsync(new RequestPermit(Text("action")), call),
            "permit_renew" => call => actors.Permit(Text("permitId")).DoAsync(new RenewPermit(), call),
            "permit_end" => call => actors.Permit(Text("permitId")).DoAsync(new EndPermit(PermitOutcome.Done), call),
            "knowledge_import" => call => actors.Knowledge(Entry).DoAsync(
                new ImportKnowledge(new KnowledgeEntry { Id = Entry, Title = Text("name"), Date = new DateOnly(2026, 11, 21), Body = Text("text") }), call),
            _ => null,
        };

        string Text(string name) => given[name]!.GetValue<string>();

        HaltScope Scope() => HaltScope.TryParse(Text("scope"), out var scope) ? scope : throw new FormatException(Text("scope"));

        string NewAtp() => $"AT-GRAIN-{++made}";

        Func<Call, Task<Outcome>> ToAtp(AtpCommand command, string? id = null) => call => actors.Atp(id ?? Text("atpId")).DoAsync(command, call);

        Func<Call, Task<Outcome>> ToIncident(IncidentCommand command) => call => actors.Incident(Text("incidentId")).DoAsync(command, call);

        Func<Call, Task<Outcome>> ToHalt(HaltCommand command, string id) => call => actors.Halt(id).DoAsync(command, call);

        static Func<Call, Task<Outcome>> Seen<T>(Func<Task<T?>> view)
            where T : class => async _ => await view() is null ? throw new InvalidOperationException("nothing is there") : Read;
    }
}

/// <summary>A process's connection to the gateway of a silo.</summary>
internal sealed class GrainClient : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(2);

    private readonly IHost host;

    private GrainClient(IHost host) => this.host = host;

    public ClusterActors Actors => host.Services.GetRequiredService<ClusterActors>();

    public static async Task<GrainClient> StartAsync(int gateway)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.AddIncidentClient(options => (options.Gateways, options.ResponseTimeout) = ([$"127.0.0.1:{gateway}"], WaitTimeout));
        var host = builder.Build();
        await host.StartAsync();
        return new GrainClient(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
