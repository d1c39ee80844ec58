using System.Collections.Immutable;

namespace IncidentActors.Core.Flows;

/// <summary>A place in a text, both figures 1-based.</summary>
public readonly record struct FlowPosition(int Line, int Column);

/// <summary>The text position of each part of a flow, by its path: <c>rows[2].requires.gates[0]</c>.</summary>
public sealed class FlowPositions
{
    public static FlowPositions None { get; } = new(ImmutableDictionary<string, FlowPosition>.Empty);

    private readonly ImmutableDictionary<string, FlowPosition> byPath;

    internal FlowPositions(ImmutableDictionary<string, FlowPosition> byPath) => this.byPath = byPath;

    /// <summary>The position of <paramref name="path"/>, or of the nearest part around it that the text has.</summary>
    public FlowPosition At(string path)
    {
        while (path.Length > 0)
        {
            if (byPath.TryGetValue(path, out var position)) return position;
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return byPath.GetValueOrDefault("");
    }
}
