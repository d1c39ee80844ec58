using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Pages.Lists;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Agents;

/// <summary>Every agent that has called, then the roster's members that have not, and by which halts each is stopped.</summary>
/// <param name="Next">Address of the rest of the list, or null.</param>
public sealed record AgentsModel(ImmutableArray<AgentRow> Agents, string? Text, string? Next)
{
    private const int Wanted = 100;
    private const int MaxAtps = 500;
    private const int MaxIncidents = 500;

    internal static async Task<AgentsModel> ReadAsync(PageRequest request)
    {
        var text = request.Query("q");
        var words = Words.Of(text);
        var (found, next) = await DocumentScan.FindAsync<AgentState>(
            request,
            new ActorFilter(ActorKind.Agent) { Cursor = request.Query("after") },
            agent => !Handle.IsReserved(agent.Handle) && (words.None || words.In([agent.Handle, agent.Team, .. agent.Roles])),
            Wanted);
        var agents = found.Select(one => one.State).Select(agent => (Agent: agent.Info(""), Called: true)).ToList();
        if (request.Query("after") is null)
        {
            agents.AddRange((await RosterAgents.NeverCalledAsync(request, found.Select(one => one.State.Handle)))
                .Where(agent => words.None || words.In([agent.Handle, agent.Team, .. agent.Roles])).Select(agent => (agent, false)));
        }

        var halts = await request.Engine.Journal.HaltsAsync(null, request.Aborted);
        var (atps, _) = await DocumentScan.FindAsync<AtpState>(request, new ActorFilter(ActorKind.Atp) { Open = true }, _ => true, MaxAtps);
        var owned = atps.Select(one => one.State).Where(atp => atp.Owner is not null).ToLookup(atp => atp.Owner!);
        var overdue = atps.SelectMany(one => one.State.OpenMessages.Values).Where(message => message.TimesOverdue > 0)
            .CountBy(message => message.To).ToDictionary();
        var incidents = halts.Count == 0
            ? new Dictionary<string, IncidentState>()
            : (await DocumentScan.FindAsync<IncidentState>(request, new ActorFilter(ActorKind.Incident) { Open = true }, _ => true, MaxIncidents))
                .Found.ToDictionary(one => one.State.Id, one => one.State);
        bool Proceeds(AgentInfo agent, AtpState atp)
        {
            var subject = HaltPolicy.SubjectOf(agent, atp, atp.IncidentId is { } id ? incidents.GetValueOrDefault(id) : null);
            return !halts.Any(halt => halt.Covers(subject));
        }

        return new AgentsModel(
            [
                .. agents.Select(one => new AgentRow(
                    one.Agent.Handle, one.Agent.Roles, one.Agent.Team, one.Called,
                    halts.Count(halt => halt.Covers(HaltPolicy.SubjectOf(one.Agent))),
                    owned[one.Agent.Handle].Count(), owned[one.Agent.Handle].Any(atp => Proceeds(one.Agent, atp)),
                    overdue.GetValueOrDefault(one.Agent.Handle)))
                    .OrderByDescending(row => row.Overdue > 0).ThenByDescending(row => row.Work > 0).ThenBy(row => row.Handle, StringComparer.Ordinal),
            ],
            text,
            next is null ? null : $"/agents?after={Uri.EscapeDataString(next)}");
    }
}

/// <param name="Called">False: only the roster knows it.</param>
/// <param name="Halts">Active halts that cover the agent's ordinary work.</param>
/// <param name="Work">Its open ATPs.</param>
/// <param name="Working">At least one of them is not covered by a halt.</param>
/// <param name="Overdue">Messages that it should have acknowledged by now.</param>
public sealed record AgentRow(
    string Handle, ImmutableArray<string> Roles, string? Team, bool Called, int Halts, int Work, bool Working, int Overdue);
