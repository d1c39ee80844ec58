using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Pages.Flows;

/// <summary>Open ATPs by state.</summary>
internal static class OpenAtps
{
    /// <summary>How many are in each state of each flow.</summary>
    public static async Task<ILookup<string, (string State, int Atps)>> CountAsync(RunningEngine engine, CancellationToken cancel) =>
        (await engine.Journal.CountOpenAsync(ActorKind.Atp, cancel)).ToLookup(count => count.Flow ?? "", count => (count.Status, count.Actors));

    /// <summary>The first ATPs in one state of a flow, the most pressing first.</summary>
    public static Task<ImmutableArray<AtpState>> FirstAsync(IStore journal, string flow, string status, int most, CancellationToken cancel) =>
        journal.StatesAsync<AtpState>(new ActorFilter(ActorKind.Atp) { Open = true, Flow = flow, Status = status, Limit = most }, cancel);
}
