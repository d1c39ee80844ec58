using System.Collections.Immutable;
using IncidentActors.Core.Atps;

namespace IncidentActors.Server.Flows.Diagrams;

/// <summary>The states of ATPs in a flow.</summary>
/// <param name="Atps">By state: how many ATPs are in it.</param>
/// <param name="Taken">Numbers of the rows that were taken.</param>
/// <param name="Single">It is one ATP: its state is marked and not counted.</param>
public sealed record FlowStanding(ImmutableDictionary<string, int> Atps, ImmutableHashSet<int> Taken, bool Single)
{
    /// <summary>The flow alone.</summary>
    public static FlowStanding None { get; } = new(ImmutableDictionary<string, int>.Empty, [], false);

    /// <summary>One ATP: its state, and the rows that it took.</summary>
    public static FlowStanding Of(string state, IEnumerable<int> taken) =>
        new(ImmutableDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase).Add(state, 1), [.. taken], true);

    public static FlowStanding Of(AtpState atp) => Of(atp.Status, atp.History.Select(entry => entry.Row));

    public static FlowStanding Of(AtpView atp) => Of(atp.Status, atp.History.Select(entry => entry.Row));

    /// <summary>Many ATPs, by state.</summary>
    public static FlowStanding Of(IEnumerable<KeyValuePair<string, int>> atps) =>
        new(ImmutableDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, atps), [], false);
}
