using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Pages.Lists;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Search;

/// <summary>What one search finds everywhere.</summary>
/// <param name="Partial">Only the newest documents were searched: there are more than one search reads.</param>
public sealed record FoundModel(
    string? Text, ImmutableArray<IncidentState> Incidents, ImmutableArray<AtpState> Atps, ImmutableArray<HaltState> Halts,
    ImmutableArray<string> Agents, ImmutableArray<KnowledgeView> Knowledge, bool Partial)
{
    private const int MaxEach = 12;
    private const int MaxQuery = 200;

    public bool None => Incidents.IsEmpty && Atps.IsEmpty && Halts.IsEmpty && Agents.IsEmpty && Knowledge.IsEmpty;

    internal static async Task<FoundModel> ReadAsync(PageRequest request)
    {
        var text = request.Query("q") is { } given ? Shortened.Cut(given.Trim(), MaxQuery) : null;
        var words = Words.Of(text);
        if (words.None) return new FoundModel(text, [], [], [], [], [], false);
        var incidents = await DocumentScan.FindAsync<IncidentState>(request, new ActorFilter(ActorKind.Incident), words.In, MaxEach);
        var atps = await DocumentScan.FindAsync<AtpState>(request, new ActorFilter(ActorKind.Atp), words.In, MaxEach);
        var halts = await DocumentScan.FindAsync<HaltState>(
            request, new ActorFilter(ActorKind.Halt), halt => words.In([halt.Id, halt.Reason, halt.Scope.ToString(), halt.RaisedBy, halt.IncidentId]), MaxEach);
        var agents = await DocumentScan.FindAsync<AgentState>(
            request, new ActorFilter(ActorKind.Agent),
            agent => !Handle.IsReserved(agent.Handle) && words.In([agent.Handle, agent.Team, .. agent.Roles]), MaxEach);
        return new FoundModel(
            text,
            [.. incidents.Found.Take(MaxEach).Select(one => one.State)],
            [.. atps.Found.Take(MaxEach).Select(one => one.State)],
            [.. halts.Found.Take(MaxEach).Select(one => one.State)],
            [.. agents.Found.Take(MaxEach).Select(one => one.State.Handle)],
            await request.Engine.Knowledge.SearchAsync(text!, MaxEach, request.Aborted),
            incidents.Next is not null || atps.Next is not null || halts.Next is not null || agents.Next is not null);
    }
}
