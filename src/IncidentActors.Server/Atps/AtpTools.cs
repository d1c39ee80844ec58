using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Atps;

/// <summary>The tools of ATPs, named and argued as in the seeds.</summary>
internal static class AtpTools
{
    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<AtpCreateArguments>(
            new(
                "atp_create",
                "Create an ATP",
                "Creates a piece of work. Answers with the follow-up that a closure has created already when that is what is meant.")
            {
                KeepsDetails = true,
            },
            typeof(AtpView), CreateAsync,
            CommandAccess.To<AtpCreateArguments>(given =>
            [
                .. Touched.Named(given.IncidentId, ActorId.Incident),
                .. Touched.Named(given.ParentAtpId, ActorId.Atp),
                .. Touched.Named(given.Owner, ActorId.Agent),
            ])),
        Tool.Of<AtpSetArguments>(
            new(
                "atp_set",
                "Set an ATP",
                "Changes status, owner, priority, notes or gates of an ATP; creates it when the id is new. An urgent one without an incident declares it.",
                Idempotent: true)
            {
                KeepsDetails = true,
            },
            typeof(AtpView), SetAsync,
            CommandAccess.To<AtpSetArguments>(given => [ActorId.Atp(given.AtpId), .. Touched.Named(given.Owner, ActorId.Agent)])),
        Tool.Of<AtpChangeStatusArguments>(
            new(
                "atp_change_status",
                "Change an ATP's status",
                "Takes the row of the ATP's flow that leads to the status. Refused with what is missing, or who may take the row.",
                Idempotent: true)
            {
                KeepsDetails = true,
            },
            typeof(AtpView), ChangeStatusAsync, CommandAccess.To<AtpChangeStatusArguments>(given => [ActorId.Atp(given.AtpId)])),
        Tool.Of<AtpCloseArguments>(
            new(
                "atp_close",
                "Close an ATP",
                "Closes the ATP and ends your turn: fetch your inbox before anything else. Follow-ups are created in the same commit.",
                Destructive: true)
            {
                KeepsDetails = true,
            },
            typeof(AtpView), CloseAsync, CommandAccess.To<AtpCloseArguments>(given => [ActorId.Atp(given.AtpId)])),
        Tool.Of<ArtifactCreateArguments>(
            new("artifact_create", "Create an artifact", "Adds typed evidence to an ATP: a PMVerificationReport, a Postmortem, a TestReport, …")
            {
                KeepsDetails = true,
            },
            typeof(AtpView), CreateArtifactAsync, CommandAccess.To<ArtifactCreateArguments>(given => [ActorId.Atp(given.AtpId)])),
        Tool.Of<AtpGetArguments>(
            new(
                "atp_get",
                "Look at an ATP",
                "The ATP with its history, gates, approvals, artifacts, and the rows that lead on from its status.",
                ReadOnly: true,
                Idempotent: true),
            typeof(AtpView), GetAsync, CommandAccess.Own),
        Tool.Of<AtpListArguments>(
            new("atp_list", "List ATPs", "ATPs by owner, incident, status or flow; most urgent first, then newest.", ReadOnly: true, Idempotent: true),
            typeof(Page<AtpView>), ListAsync, CommandAccess.Own),
    ];

    private static Task<Outcome> CreateAsync(ToolCall call, AtpCreateArguments given) => call.Engine.Creations.CreateAsync(
        call.With(new CreateAtp(given.Title, given.Type, given.Flow, given.IncidentId, given.ParentAtpId, given.Priority, given.Notes, given.Owner)),
        call.Because(given.Override).Call, given.AtpId).WithCurrentAsync(() => call.IncidentAsync(given.IncidentId));

    private static Task<Outcome> SetAsync(ToolCall call, AtpSetArguments given) =>
        call.Mismatch(given.Agent, "agent") is { } mismatch
            ? Task.FromResult<Outcome>(mismatch)
            : DoAsync(call.Because(given.Override), given.AtpId, new SetAtp(
                given.Status, given.Notes, given.Owner, given.Priority, given.Title, [.. given.Gates ?? []]));

    private static Task<Outcome> ChangeStatusAsync(ToolCall call, AtpChangeStatusArguments given) =>
        call.Mismatch(given.Agent, "agent") is { } mismatch
            ? Task.FromResult<Outcome>(mismatch)
            : DoAsync(call.Because(given.Override), given.AtpId, new ChangeStatus(given.Status, given.Notes));

    private static Task<Outcome> CloseAsync(ToolCall call, AtpCloseArguments given) =>
        DoAsync(call.Because(given.Override), given.AtpId, new CloseAtp(given.Notes));

    private static async Task<Outcome> CreateArtifactAsync(ToolCall call, ArtifactCreateArguments given)
    {
        var persist = given.Persist ?? "store";
        var create = new CreateArtifact(given.ArtifactType, given.Title, given.Content, given.Outcome, persist);
        var outcome = await DoAsync(call.Because(given.Override), given.AtpId, create);
        if (outcome is Accepted accepted && persist is "file" or "both")
            await call.Engine.Files.WriteAsync(given.AtpId, accepted.Answer.GetProperty("artifactId").GetString()!, given.Content);
        return outcome;
    }

    private static async Task<Outcome> GetAsync(ToolCall call, AtpGetArguments given)
    {
        var view = await call.Engine.Views.AtpAsync(given.AtpId);
        return QueryResults.At(view, view?.Version ?? 0, () => AtpDecider.Unknown(given.AtpId));
    }

    private static Task<Outcome> ListAsync(ToolCall call, AtpListArguments given)
    {
        if (given.State is not (null or "open" or "finished"))
            return Task.FromResult<Outcome>(Arguments.Malformed("The argument 'state' must be 'open' or 'finished'.", "open", "finished"));
        if (QueryResults.BadLimit(given.Limit) is { } bad) return Task.FromResult<Outcome>(bad);
        var flows = call.Engine.Options.Flows;
        var filter = new ActorFilter(ActorKind.Atp)
        {
            Open = given.State is null ? OpenOf(given.Status, flows) : given.State == "open",
            Status = given.Status,
            Owner = given.Owner,
            Incident = given.IncidentId,
            Flow = given.Flow,
            Cursor = given.Cursor,
            Limit = given.Limit ?? QueryResults.DefaultLimit,
        };
        return QueryResults.ListAsync<AtpState, AtpView>(
            call.Engine.Journal, filter, (state, version) => Task.FromResult(AtpView.Of(state, version, flows.Find(state.Flow, state.FlowVersion))));
    }

    /// <summary>Whether ATPs in a state are open, to narrow the query; null if flows disagree or no flow has the state.</summary>
    private static bool? OpenOf(string? status, FlowSet flows)
    {
        var ends = flows.All.SelectMany(flow => flow.States).Where(state => state.Name == status).Select(state => state.Terminal).Distinct().ToList();
        return ends is [var terminal] ? !terminal : null;
    }

    /// <summary>The command to the ATP; a refusal by its state shows it as it is.</summary>
    public static Task<Outcome> DoAsync(ToolCall call, string atpId, AtpCommand command)
    {
        var atp = call.Engine.Actors.Atp(atpId);
        return atp.DoAsync(call.With(command), call.Call).WithCurrentAsync(() => call.Engine.Views.AtpAsync(atpId));
    }
}
