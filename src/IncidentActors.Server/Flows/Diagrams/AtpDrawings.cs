using System.Collections.Immutable;
using IncidentActors.Core.Flows;
using Microsoft.Extensions.Caching.Memory;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>Flows drawn compactly beside an ATP. ATPs in the same state by the same rows share one drawing.</summary>
internal static class AtpDrawings
{
    /// <summary>Rows up to which the whole flow is drawn.</summary>
    private const int MaxRows = 40;

    private static readonly MemoryCache Drawn = new(new MemoryCacheOptions { SizeLimit = 8 * 1024 * 1024 });

    /// <summary>Only the rows that the ATP took and those that leave its state are drawn.</summary>
    public static bool IsInPart(Flow flow) => flow.Rows.Length > MaxRows;

    /// <summary>The drawing as SVG.</summary>
    /// <param name="standing">Of one ATP.</param>
    public static string Of(Flow flow, FlowStanding standing)
    {
        var key = (flow, string.Join(' ', standing.Atps.Keys), string.Join(' ', standing.Taken.Order()));
        return Drawn.GetOrCreate(key, entry =>
        {
            var svg = FlowSvg.Draw(IsInPart(flow) ? Near(flow, standing) : flow, standing, compact: true);
            entry.Size = svg.Length;
            return svg;
        })!;
    }

    private static Flow Near(Flow whole, FlowStanding standing)
    {
        var start = whole.Rows.First(row => row.IsStart);
        var rows = whole.Rows.Where(row => row == start || standing.Taken.Contains(row.Number) || standing.Atps.ContainsKey(row.From)).ToImmutableArray();
        var states = rows.SelectMany(row => new[] { row.From, row.To, row.Requires.Approval?.RejectTo }).Concat(standing.Atps.Keys)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return whole with { Rows = rows, States = [.. whole.States.Where(state => states.Contains(state.Name))] };
    }
}
