using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Agents;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Now;

/// <summary>Who does what: agents with open work, then those that a halt covers.</summary>
/// <param name="Lines">Stale ones first, then working, then halted.</param>
/// <param name="Idle">Agents without work that no halt covers.</param>
/// <param name="NeverCalled">Members of the roster that a halt covers and that have never called.</param>
public sealed record AgentLines(ImmutableArray<AgentLine> Lines, int Idle, int NeverCalled)
{
    private const int MaxAgents = 200;
    private const int MaxLines = 24;

    /// <param name="incidents">The open ones, by id.</param>
    internal static async Task<AgentLines> ReadAsync(
        PageRequest request, ImmutableArray<AtpState> atps, IReadOnlyDictionary<string, IncidentState> incidents)
    {
        var known = (await request.Engine.Journal.StatesAsync<AgentState>(new ActorFilter(ActorKind.Agent) { Limit = MaxAgents }, request.Aborted))
            .Where(agent => !Handle.IsReserved(agent.Handle)).Select(agent => agent.Info("")).ToList();
        var halts = await request.Engine.Journal.HaltsAsync(null, request.Aborted);
        var owned = atps.Where(atp => atp.Owner is not null).ToLookup(atp => atp.Owner!);
        var overdue = atps.SelectMany(atp => atp.OpenMessages.Values).Where(message => message.TimesOverdue > 0).CountBy(message => message.To).ToDictionary();
        var lines = known.Select(info =>
        {
            bool Halted(Subject? subject) => halts.Any(halt => halt.Covers(subject));
            var work = owned[info.Handle].ToLookup(atp => Halted(
                HaltPolicy.SubjectOf(info, atp, atp.IncidentId is { } id ? incidents.GetValueOrDefault(id) : null)));
            return new AgentLine(
                info.Handle, [.. work[false].Select(atp => atp.Id)], work[true].Count(), Halted(HaltPolicy.SubjectOf(info)),
                overdue.GetValueOrDefault(info.Handle));
        }).ToList();
        var shown = lines
            .Where(line => line.Overdue > 0 || line.Work.Length > 0 || line.Halted)
            .OrderByDescending(line => line.Overdue > 0)
            .ThenByDescending(line => line.Work.Length > 0)
            .ThenBy(line => line.Handle, StringComparer.Ordinal)
            .ToList();
        var neverCalled = (await RosterAgents.NeverCalledAsync(request, known.Select(agent => agent.Handle)))
            .Count(agent => halts.Any(halt => halt.Covers(HaltPolicy.SubjectOf(agent))));
        return new AgentLines([.. shown.Take(MaxLines)], lines.Count - Math.Min(shown.Count, MaxLines), neverCalled);
    }
}

/// <param name="Work">Open ATPs that may proceed.</param>
/// <param name="SetAside">Open ATPs that a halt covers.</param>
/// <param name="Overdue">Messages that the agent should have acknowledged by now.</param>
public sealed record AgentLine(string Handle, ImmutableArray<string> Work, int SetAside, bool Halted, int Overdue);
