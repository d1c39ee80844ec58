using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Server.Flows.Diagrams;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Flows;

/// <param name="Count">The total; <paramref name="Atps"/> are the most pressing.</param>
public sealed record FlowPlace(string State, int Count, ImmutableArray<AtpState> Atps);

/// <summary>One flow: its diagram, its table, and its open ATPs.</summary>
/// <param name="Places">States with open ATPs, in the flow's order; then states of older versions.</param>
/// <param name="Versions">Every version that is loaded.</param>
public sealed record FlowModel(Flow Flow, FlowStanding Standing, ImmutableArray<FlowPlace> Places, ImmutableArray<int> Versions)
{
    private const int MaxAtps = 12;

    internal static async Task<FlowModel?> ReadAsync(PageRequest request)
    {
        var flows = request.Engine.Options.Flows;
        var name = request.Route("name");
        var flow = int.TryParse(request.Query("version"), out var version) ? flows.Find(name, version) : flows.Find(name);
        if (flow is null) return null;
        var journal = request.Engine.Journal;
        var counts = (await OpenAtps.CountAsync(request.Engine, request.Aborted))[flow.Name].ToDictionary(one => one.State, one => one.Atps);
        var order = flow.States.Select(state => state.Name).ToList();
        var places = ImmutableArray.CreateBuilder<FlowPlace>();
        foreach (var (state, atps) in counts.OrderBy(one => order.IndexOf(one.Key) is var at and >= 0 ? at : int.MaxValue))
            places.Add(new FlowPlace(state, atps, await OpenAtps.FirstAsync(journal, flow.Name, state, MaxAtps, request.Aborted)));
        return new FlowModel(
            flow,
            FlowStanding.Of(counts),
            places.ToImmutable(),
            [.. flows.All.Where(one => one.Name == flow.Name).Select(one => one.Version)]);
    }
}
