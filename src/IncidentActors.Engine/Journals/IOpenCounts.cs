using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Journals;

/// <summary>How many open documents stand where, by their index alone; implemented by every journal, in its own store.</summary>
public interface IOpenCounts
{
    /// <summary>One entry for each flow and status in which open actors of the kind stand, by flow and then status.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    Task<IReadOnlyList<OpenCount>> CountOpenAsync(ActorKind kind, CancellationToken cancel);
}

/// <param name="Flow">Null for actors that follow none.</param>
public readonly record struct OpenCount(string? Flow, string Status, int Actors);
