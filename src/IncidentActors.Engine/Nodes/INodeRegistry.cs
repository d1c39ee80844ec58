using System.Collections.Immutable;

namespace IncidentActors.Engine.Nodes;

/// <summary>
/// Which nodes share a journal, kept beside it. What it says never decides anything: leases and the fence hold whatever a node that
/// cannot be heard does. Implemented by journals that several nodes can share.
/// </summary>
/// <remarks>Throws <see cref="Journals.JournalUnavailableException"/> when the store cannot be reached.</remarks>
public interface INodeRegistry
{
    /// <summary>Says that the node is there, and which active halts it has confirmed (halt id → since when no covered turn is in flight on it).
    /// Ends the sessions of nodes that stand still in the middle of a commit: the answer names them.</summary>
    Task<IReadOnlyList<EndedSession>> BeatAsync(string node, ImmutableSortedDictionary<string, DateTimeOffset> confirmed, CancellationToken cancel);

    /// <summary>The node stops in good order and is not missed.</summary>
    Task LeaveAsync(string node, CancellationToken cancel);

    /// <summary>Every node that has beaten and has not left, by name; those silent for a day are forgotten.</summary>
    Task<IReadOnlyList<RegisteredNode>> NodesAsync(CancellationToken cancel);
}

/// <summary>A session of the store that was ended because its node had stood still in the middle of a commit, with its locks.</summary>
/// <param name="Process">The store's number of it: its own log names the same.</param>
/// <param name="Client">From where the node was connected.</param>
/// <param name="Stood">For how long nothing had come from it.</param>
public sealed record EndedSession(int Process, string Client, TimeSpan Stood);

/// <param name="SeenAt">The store's time of its last beat, UTC.</param>
/// <param name="Silent">How long ago that was, by the store's clock: nodes' own clocks may differ.</param>
public sealed record RegisteredNode(
    string Node, DateTimeOffset SeenAt, TimeSpan Silent, ImmutableSortedDictionary<string, DateTimeOffset> Confirmed);
