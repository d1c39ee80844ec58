using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Pages.Lists;
using IncidentActors.Server.Pages.Serving;
using Microsoft.AspNetCore.WebUtilities;

namespace IncidentActors.Server.Pages.Atps;

/// <summary>All work packages, filtered by flow, owner, state and words.</summary>
/// <param name="Show"><c>open</c> (the default), <c>finished</c> or <c>all</c>.</param>
/// <param name="Flows">Names of the flows that can be chosen.</param>
/// <param name="Next">Address of the rest of the list, or null.</param>
public sealed record AtpsModel(
    string Show, string? Flow, string? Owner, string? Text, ImmutableArray<string> Flows, ImmutableArray<AtpState> Found, string? Next)
{
    public static readonly ImmutableArray<string> Choices = ["open", "finished", "all"];
    private const int Wanted = 50;

    internal static async Task<AtpsModel> ReadAsync(PageRequest request)
    {
        ImmutableArray<string> flows = [.. request.Engine.Options.Flows.Latest.Select(flow => flow.Name).Order(StringComparer.Ordinal)];
        var show = Choices.FirstOrDefault(choice => choice == request.Query("show")) ?? "open";
        var flow = flows.FirstOrDefault(name => name == request.Query("flow"));
        var (owner, text) = (request.Query("owner"), request.Query("q"));
        var words = Words.Of(text);
        var filter = new ActorFilter(ActorKind.Atp)
        {
            Open = show switch { "open" => true, "finished" => false, _ => null }, Flow = flow, Owner = owner, Cursor = request.Query("after"),
        };
        var (found, next) = await DocumentScan.FindAsync<AtpState>(request, filter, atp => words.None || words.In(atp), Wanted);
        var path = QueryHelpers.AddQueryString("/atps", new Dictionary<string, string?>
        {
            ["show"] = show, ["flow"] = flow, ["owner"] = owner, ["q"] = text, ["after"] = next,
        }.Where(pair => pair.Value is not null));
        return new AtpsModel(show, flow, owner, text, flows, [.. found.Select(one => one.State)], next is null ? null : path);
    }
}
