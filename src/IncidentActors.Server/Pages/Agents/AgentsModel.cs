using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Pages.Lists;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Agents;

/// <summary>Every known agent, and by which halts it is stopped.</summary>
/// <param name="Next">Address of the rest of the list, or null.</param>
public sealed record AgentsModel(ImmutableArray<AgentRow> Agents, string? Text, string? Next)
{
    private const int Wanted = 100;
    private const int MaxAtps = 500;

    internal static async Task<AgentsModel> ReadAsync(PageRequest request)
    {
        var text = request.Query("q");
        var words = Words.Of(text);
        var (found, next) = await DocumentScan.FindAsync<AgentState>(
            request,
            new ActorFilter(ActorKind.Agent) { Cursor = request.Query("after") },
            agent => !Handle.IsReserved(agent.Handle) && (words.None || words.In([agent.Handle, agent.Team, .. agent.Roles])),
            Wanted);
        var halts = await request.Engine.Journal.HaltsAsync(null, request.Aborted);
        var (atps, _) = await DocumentScan.FindAsync<AtpState>(request, new ActorFilter(ActorKind.Atp) { Open = true }, _ => true, MaxAtps);
        var owned = atps.Select(one => one.State).Where(atp => atp.Owner is not null).ToLookup(atp => atp.Owner!);
        var overdue = atps.SelectMany(one => one.State.OpenMessages.Values).Where(message => message.TimesOverdue > 0)
            .CountBy(message => message.To).ToDictionary();
        return new AgentsModel(
            [
                .. found.Select(one => one.State).Select(agent => new AgentRow(
                    agent.Handle, agent.Roles, agent.Team,
                    [.. halts.Where(halt => halt.Covers(HaltPolicy.SubjectOf(agent.Info(""))))],
                    owned[agent.Handle].Count(), overdue.GetValueOrDefault(agent.Handle)))
                    .OrderByDescending(row => row.Overdue > 0).ThenByDescending(row => row.Work > 0).ThenBy(row => row.Handle, StringComparer.Ordinal),
            ],
            text,
            next is null ? null : $"/agents?after={Uri.EscapeDataString(next)}");
    }
}

/// <param name="Halts">Active halts that cover the agent's ordinary work.</param>
/// <param name="Work">Its open ATPs.</param>
/// <param name="Overdue">Messages that it should have acknowledged by now.</param>
public sealed record AgentRow(
    string Handle, ImmutableArray<string> Roles, string? Team, ImmutableArray<HaltRecord> Halts, int Work, int Overdue);
