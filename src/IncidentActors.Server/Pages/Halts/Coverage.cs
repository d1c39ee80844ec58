using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Halts;

/// <summary>Which agents a halt covers, as a page shows it; what is really stopped, the fence decides.</summary>
/// <param name="Agents">Covered agents that are known.</param>
/// <param name="Confirmed">Those of them that know of the halt.</param>
/// <param name="Complete">False: there are more agents than were looked at.</param>
public sealed record Coverage(int Agents, int Confirmed, bool Complete)
{
    private const int MaxAgents = 10_000;
    private const int AtOnce = 1000;

    /// <summary>Counts for several halts in one pass over the agents.</summary>
    internal static async Task<ImmutableDictionary<string, Coverage>> CountAsync(PageRequest request, IReadOnlyList<HaltRecord> halts)
    {
        var (covered, confirmed) = (new int[halts.Count], new int[halts.Count]);
        string? cursor = null;
        var looked = 0;
        do
        {
            if (halts.Count == 0) break;
            var page = await request.Engine.Journal.ListAsync(new ActorFilter(ActorKind.Agent) { Cursor = cursor, Limit = AtOnce }, request.Aborted);
            foreach (var stored in page.Actors)
            {
                var agent = stored.State<AgentState>();
                for (var i = 0; i < halts.Count; i++)
                {
                    if (!halts[i].Covers(HaltPolicy.SubjectOf(agent.Info("")))) continue;
                    covered[i]++;
                    if (agent.ConfirmedHalts.ContainsKey(halts[i].Id)) confirmed[i]++;
                }
            }

            looked += page.Actors.Length;
            cursor = page.Next;
        }
        while (cursor is not null && looked < MaxAgents);

        return halts
            .Select((halt, i) => (halt.Id, Count: new Coverage(covered[i], confirmed[i], cursor is null)))
            .ToImmutableDictionary(one => one.Id, one => one.Count);
    }
}
