using System.Collections.Immutable;
using IncidentActors.Core.Flows;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Flows;

/// <param name="States">Open ATPs by state, in the order of the flow's states; states without any are left out.</param>
public sealed record FlowSummary(Flow Flow, int Open, ImmutableArray<(string State, int Atps)> States);

/// <summary>Every flow, most urgent first, with the number of open ATPs by state.</summary>
public sealed record FlowsModel(ImmutableArray<FlowSummary> Flows)
{
    internal static async Task<FlowsModel> ReadAsync(PageRequest request)
    {
        var standing = await OpenAtps.CountAsync(request.Engine, request.Aborted);
        return new FlowsModel([.. request.Engine.Options.Flows.Latest.Select(flow =>
        {
            var states = standing[flow.Name].ToDictionary(one => one.State, one => one.Atps);
            return new FlowSummary(
                flow, states.Values.Sum(),
                [.. flow.States.Where(state => states.ContainsKey(state.Name)).Select(state => (state.Name, states[state.Name]))]);
        })]);
    }
}
