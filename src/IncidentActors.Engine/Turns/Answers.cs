using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Permits;

namespace IncidentActors.Engine.Turns;

/// <summary>The answer to a command: the answering actor's view after the turn, with the facts of the turn.</summary>
internal static class Answers
{
    public static object? Of(IActorState? state, long version, Decision decision, EngineOptions options) => state switch
    {
        IncidentState incident => IncidentView.Of(incident, version) with { Created = decision.Facts.ContainsKey("incidentId") ? true : null },
        AtpState atp => AtpView.Of(atp, version, options.Flows.Find(atp.Flow, atp.FlowVersion), decision.Facts) with
        {
            Warnings = decision.Warnings.Count > 0 ? [.. decision.Warnings] : null,
        },
        ApprovalState approval => ApprovalView.Of(approval, version),
        HaltState halt => Views.Halt(halt, version, [], [], 0, 0) with
        {
            Permits = halt.Mode.IsEnforced() ? HaltPermits.Bound(PermitCount.Bound(options, halt.RaisedAt)) : null,
        },
        PermitState permit => PermitView.Of(permit, version, null, DateTimeOffset.MinValue),
        AgentState agent => new AgentView(agent.Handle, version, "known", agent.Roles, agent.Team, agent.RegisteredAt, [], [], [], null),
        _ => null,
    };

    /// <summary>UTF-8 JSON; <c>null</c> for what has no view.</summary>
    public static ReadOnlyMemory<byte> Write(object? view) =>
        view is null ? "null"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(view, CoreJson.Views.GetTypeInfo(view.GetType()));
}
